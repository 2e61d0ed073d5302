// Sparse matrices: the plain kernel against double precision, within stated
// bounds, and against the dense one where every block is kept; every other table
// against the plain one, bit for bit.
#include <vector>

#include "kernels/matrix.h"
#include "kernels_check.h"
#include "kernels_sparse_data.h"

namespace foretype::kernels::test {
namespace {

/// Blocks begin..end times all of x; beyond the rows stand canaries.
std::vector<float> multiply_with(const Table& table, const SparseData& w, const ActivationData& x,
                                 int begin, int end) {
  const int stride = (end - begin) * kRowBlock + 3;
  std::vector<float> y(at(x.count, 0, stride) + 3, kCanary);
  table.matmul_sparse(w.view(), x.view(), begin, end, y.data(), stride);
  return y;
}

/// Groups that keep 0, 2, 4, 6 and 8 blocks, mixed.
SparseData mixed(Random& random, int rows, int columns, int low = 0) {
  return random_sparse(
      random, rows, columns,
      [&](int, int) { return random_mask(random, 2 * random.integer(0, 4)); }, low);
}

void plain_matrices_match_doubles() {
  Random random(6);
  const SparseData w = mixed(random, 48, 192);
  const ActivationData x = random_activations(random, 3, 192);
  const std::vector<float> y = multiply_with(plain(), w, x, 0, 3);
  bool holds = true;
  for (int vector = 0; vector < 3; ++vector) {
    for (int row = 0; row < 48; ++row) {
      Exact exact;
      for (int column = 0; column < 192; ++column) {
        const std::size_t x_at = at(vector, column, 192);
        exact.add(w.weight(row, column) * double{x.scale[x_at / kGroup]} * x.q[x_at]);
      }
      // five operations a group, each on numbers up to 16 times what is left of them
      const double bound = (5 * 6 + 1) * 16 * kFloatRounding * exact.magnitude;
      holds = holds && std::fabs(y[at(vector, row, 51)] - exact.sum) <= bound;
    }
  }
  expect(holds, "sparse matrices in double precision", plain());
}

void rows_are_read_as_they_are_multiplied() {
  Random random(11);
  const SparseData sparse = mixed(random, 32, 96);
  const CodedData three = random_coded(random, 3, 32, 96), four = random_coded(random, 4, 32, 96);
  std::vector<float> found(96);
  const auto check = [&](const Matrix& w, const auto& data, const char* what) {
    bool holds = rows_of(w) == 32 && columns_of(w) == 96;
    for (int row = 0; row < 32; ++row) {
      read_row(w, row, found.data());
      for (int column = 0; column < 96; ++column) {
        const double wanted = data.weight(row, column);
        holds = holds && std::fabs(found[static_cast<std::size_t>(column)] - wanted) <=
                             3 * kFloatRounding * std::fabs(wanted);
      }
    }
    expect(holds, what, plain());
  };
  check(sparse.view(), sparse, "rows of a sparse matrix");
  check(three.view(), three, "rows in three bits");
  check(four.view(), four, "rows in four bits");
}

void sparse_matches(const Table& table, const SparseData& w, const ActivationData& x, int begin,
                    int end) {
  expect(same(multiply_with(table, w, x, begin, end), multiply_with(plain(), w, x, begin, end)),
         "matmul_sparse", table);
}

void sparse_matches_at_every_batch_size(const Table& table) {
  Random random(7);
  const SparseData w = mixed(random, 64, 96);
  for (int count = 0; count <= 19; ++count) {
    const ActivationData x = random_activations(random, count, 96);
    sparse_matches(table, w, x, 0, 4);
    sparse_matches(table, w, x, 1, 3);
    sparse_matches(table, w, x, 2, 2);
  }
}

void sparse_matches_in_the_shapes_of_the_model(const Table& table) {
  Random random(8);
  sparse_matches(table, mixed(random, 192, 576), random_activations(random, 5, 576), 0, 12);
  sparse_matches(table, mixed(random, 576, 1536), random_activations(random, 5, 1536), 0, 36);
  sparse_matches(table, mixed(random, 16, kMostColumns),
                 random_activations(random, 5, kMostColumns), 0, 1);
}

void whatever_is_kept_matches(const Table& table) {
  Random random(12);
  const ActivationData x = random_activations(random, 3, 256);
  for (int mask = 0; mask < 256; ++mask) {
    if (std::popcount(static_cast<unsigned>(mask)) % 2 != 0) continue;
    const auto mask_of = [mask](int, int group) {
      return static_cast<std::uint8_t>(group % 2 == 0 ? mask : 0);
    };
    sparse_matches(table, random_sparse(random, 16, 256, mask_of), x, 0, 1);
  }
}

/// Nothing left out: the answer of the dense matrix.
void all_blocks_give_the_dense_answer(const Table& table) {
  Random random(13);
  const SparseData w = random_sparse(random, 64, 192, [](int, int) { return std::uint8_t{255}; });
  const CodedData dense{4, 64, 192, {}, pack_int4(w.plain, 64, 192), w.scales, w.row_scale};
  const ActivationData x = random_activations(random, 5, 192);
  std::vector<float> found(5 * 64), wanted(5 * 64);
  table.matmul_sparse(w.view(), x.view(), 0, 4, found.data(), 64);
  table.matmul_coded(dense.view(), x.view(), 0, 4, wanted.data(), 64);
  expect(same(found, wanted), "a sparse matrix that keeps all", table);
}

void sparse_matches_at_the_largest_sums(const Table& table) {
  Random random(9);
  const SparseData w = mixed(random, 32, 64, 15);
  for (const int sign : {-1, 0, 1}) {
    sparse_matches(table, w, random_activations(random, 6, 64, 127, sign), 0, 2);
  }
}

void plain_kernels_are_right() {
  plain_matrices_match_doubles();
  rows_are_read_as_they_are_multiplied();
}

void table_matches(const Table& table) {
  sparse_matches_at_every_batch_size(table);
  sparse_matches_in_the_shapes_of_the_model(table);
  whatever_is_kept_matches(table);
  all_blocks_give_the_dense_answer(table);
  sparse_matches_at_the_largest_sums(table);
}

}  // namespace
}  // namespace foretype::kernels::test

int main() {
  using namespace foretype::kernels::test;
  return report(plain_kernels_are_right, table_matches);
}
