// Matrices of codes: the plain kernels against double precision, within stated
// bounds, and every other table against the plain one, bit for bit.
#include <vector>

#include "kernels_check.h"
#include "kernels_coded_data.h"

namespace foretype::kernels::test {
namespace {

constexpr int kBits[] = {3, 4};

/// Blocks begin..end times all of x; beyond the rows stand canaries.
template <typename Matrix, typename Multiply>
std::vector<float> multiply(Multiply function, const Matrix& w, const ActivationData& x, int begin,
                            int end) {
  const int stride = (end - begin) * kRowBlock + 3;
  std::vector<float> y(at(x.count, 0, stride) + 3, kCanary);
  function(w, x.view(), begin, end, y.data(), stride);
  return y;
}

Exact exact(const CodedData& w, const ActivationData& x, int row, int vector) {
  Exact y;
  for (int column = 0; column < w.columns; ++column) {
    const std::size_t x_at = at(vector, column, w.columns);
    y.add(w.weight(row, column) * double{x.scale[x_at / kGroup]} * x.q[x_at]);
  }
  return y;
}

/// Five operations a group one after another, one for the row. What they round is up to 2^bits
/// times what is left after the middle is taken away.
bool within_rounding(double value, const Exact& exact, const CodedData& w) {
  const double operations = 5.0 * w.columns / kGroup + 1;
  return std::fabs(value - exact.sum) <=
         operations * kFloatRounding * (1 << w.bits) * exact.magnitude;
}

void plain_matrices_match_doubles() {
  Random random(6);
  for (const int bits : kBits) {
    const CodedData w = random_coded(random, bits, 48, 192);
    const ActivationData x = random_activations(random, 3, 192);
    std::vector<float> y(3 * 48);
    plain().matmul_coded(w.view(), x.view(), 0, 3, y.data(), 48);
    bool holds = true;
    for (int vector = 0; vector < 3; ++vector) {
      for (int row = 0; row < 48; ++row) {
        holds = holds && within_rounding(y[at(vector, row, 48)], exact(w, x, row, vector), w);
      }
    }
    expect(holds, "codes in double precision", plain());
  }
}

void coded_matches(const Table& table, const CodedData& w, const ActivationData& x, int begin,
                   int end) {
  expect(same(multiply(table.matmul_coded, w.view(), x, begin, end),
              multiply(plain().matmul_coded, w.view(), x, begin, end)),
         "matmul_coded", table);
}

void codes_match_at_every_batch_size(const Table& table) {
  Random random(7);
  for (const int bits : kBits) {
    const CodedData w = random_coded(random, bits, 64, 96);
    for (int count = 0; count <= 19; ++count) {
      const ActivationData x = random_activations(random, count, 96);
      coded_matches(table, w, x, 0, 4);
      coded_matches(table, w, x, 1, 3);
      coded_matches(table, w, x, 2, 2);
    }
  }
}

void codes_match_in_the_shapes_of_the_model(const Table& table) {
  Random random(8);
  const ActivationData narrow = random_activations(random, 5, 576);
  const ActivationData wide = random_activations(random, 5, 1536);
  for (const int bits : kBits) {
    coded_matches(table, random_coded(random, bits, 192, 576), narrow, 0, 12);
    coded_matches(table, random_coded(random, bits, 576, 1536), wide, 0, 36);
  }
}

/// The largest sums there can be: 16-bit accumulators must hold them.
void codes_match_at_the_largest_sums(const Table& table) {
  Random random(9);
  for (const int bits : kBits) {
    const CodedData w = random_coded(random, bits, 32, 64, (1 << bits) - 1);
    for (const int sign : {-1, 0, 1}) {
      coded_matches(table, w, random_activations(random, 6, 64, 127, sign), 0, 2);
    }
  }
}

/// Scales that a damaged file may hold. Any answer will do, but it is the same one.
void codes_match_with_scales_that_are_no_numbers(const Table& table) {
  Random random(10);
  for (const int bits : kBits) {
    CodedData w = random_coded(random, bits, 32, 64);
    w.row_scale[3] = kInfiniteFloat;
    w.row_scale[4] = kNotANumber;
    w.row_scale[5] = 1e-42f;  // subnormal
    ActivationData x = random_activations(random, 2, 64);
    x.scale[1] = kInfiniteFloat;
    coded_matches(table, w, x, 0, 2);
  }
}

void plain_kernels_are_right() { plain_matrices_match_doubles(); }

void table_matches(const Table& table) {
  codes_match_at_every_batch_size(table);
  codes_match_in_the_shapes_of_the_model(table);
  codes_match_at_the_largest_sums(table);
  codes_match_with_scales_that_are_no_numbers(table);
}

}  // namespace
}  // namespace foretype::kernels::test

int main() {
  using namespace foretype::kernels::test;
  return report(plain_kernels_are_right, table_matches);
}
