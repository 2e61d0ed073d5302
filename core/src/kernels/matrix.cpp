#include "kernels/matrix.h"

#include <cstddef>
#include <cstring>

#include "kernels/half.h"
#include "kernels/quantisation.h"

namespace foretype::kernels {
namespace {

void multiply_one(const Table& table, const Int4Matrix& w, const Activations& x, int begin, int end,
                  float* y, int stride) {
  table.matmul_int4(w, x, begin, end, y, stride);
}

void multiply_one(const Table& table, const Int8Matrix& w, const Activations& x, int begin, int end,
                  float* y, int stride) {
  table.matmul_int8(w, x, begin, end, y, stride);
}

void multiply_one(const Table& table, const CodedMatrix& w, const Activations& x, int begin,
                  int end, float* y, int stride) {
  table.matmul_coded(w, x, begin, end, y, stride);
}

void multiply_one(const Table& table, const SparseMatrix& w, const Activations& x, int begin,
                  int end, float* y, int stride) {
  table.matmul_sparse(w, x, begin, end, y, stride);
}

/// Where a group of columns of a row's block lies among all of the matrix.
std::size_t group_at(int row, int group, int columns) {
  return static_cast<std::size_t>(row / kRowBlock) * static_cast<std::size_t>(columns / kGroup) +
         static_cast<std::size_t>(group);
}

/// Of the 16x4 block that holds a group's column: the byte, in [16][4].
int byte_in_block(int row, int column) {
  return kColumnBlock * (row % kRowBlock) + column % kColumnBlock;
}

/// In two blocks that share 64 bytes.
int nibble_at(const std::uint8_t* pairs, int row, int column) {
  const std::uint8_t byte = pairs[64 * (column / 8) + byte_in_block(row, column)];
  return column % 8 < kColumnBlock ? byte & 15 : byte >> 4;
}

int three_bits_at(const std::uint8_t* planes, int row, int column) {
  const int block = column / kColumnBlock;
  const int byte = byte_in_block(row, column);
  if (block < 6) return planes[64 * (block / 2) + byte] >> (block % 2 * 3) & 7;
  return planes[64 * (block - 6) + byte] >> 6 | (planes[128 + byte] >> block & 1) << 2;
}

void read_one(const Int4Matrix& w, int row, float* values) {
  for (int column = 0; column < w.columns; ++column) {
    const std::size_t group = group_at(row, column / kGroup, w.columns);
    const std::size_t scale = group * kRowBlock + static_cast<std::size_t>(row % kRowBlock);
    const int q = nibble_at(w.q + 256 * group, row, column % kGroup);
    values[column] =
        half_to_float(w.scale[scale]) * static_cast<float>(q) + half_to_float(w.offset[scale]);
  }
}

void read_one(const Int8Matrix& w, int row, float* values) {
  for (int column = 0; column < w.columns; ++column) {
    const std::size_t group = group_at(row, column / kGroup, w.columns);
    const std::size_t scale = group * kRowBlock + static_cast<std::size_t>(row % kRowBlock);
    const int block = column % kGroup / kColumnBlock;
    const std::int8_t q = w.q[512 * group + static_cast<std::size_t>(64 * block) +
                              static_cast<std::size_t>(byte_in_block(row, column))];
    values[column] = half_to_float(w.scale[scale]) * static_cast<float>(q);
  }
}

/// (group_scale * row_scale) * (q - middle)
void read_one(const CodedMatrix& w, int row, float* values) {
  const auto code_at = w.bits == 3 ? three_bits_at : nibble_at;
  for (int column = 0; column < w.columns; ++column) {
    const std::size_t group = group_at(row, column / kGroup, w.columns);
    const int q =
        code_at(w.q + static_cast<std::size_t>(64 * w.bits) * group, row, column % kGroup);
    const std::int8_t scale = w.group_scale[group * kRowBlock + row % kRowBlock];
    values[column] =
        static_cast<float>(scale) * w.row_scale[row] * (static_cast<float>(q) - middle_of(w.bits));
  }
}

void read_one(const SparseMatrix& w, int row, float* values) {
  const int block = row / kRowBlock;
  std::memset(values, 0, sizeof(float) * static_cast<std::size_t>(w.columns));
  const std::uint8_t* q = w.q + std::size_t{64} * w.pair_begin[block];
  std::size_t at = block == 0 ? 0 : w.group_end[kGroupPairs * block - 1];
  for (; at < w.group_end[kGroupPairs * block + kGroupPairs - 1]; ++at) {
    const float scale =
        static_cast<float>(w.group_scale[at * kRowBlock + row % kRowBlock]) * w.row_scale[row];
    int kept = 0;
    for (int column = 0; column < kGroup; ++column) {
      if ((w.mask[at] >> (column / kColumnBlock) & 1) == 0) continue;
      const int code = nibble_at(q, row, kept++);
      values[w.group[at] * kGroup + column] = scale * (static_cast<float>(code) - middle_of(4));
    }
    q += 64 * (kept / 8);
  }
}

}  // namespace

int rows_of(const Matrix& w) {
  return std::visit([](const auto& one) { return one.rows; }, w);
}

int columns_of(const Matrix& w) {
  return std::visit([](const auto& one) { return one.columns; }, w);
}

void multiply(const Table& table, const Matrix& w, const Activations& x, int block_begin,
              int block_end, float* y, int y_stride) {
  std::visit(
      [&](const auto& one) { multiply_one(table, one, x, block_begin, block_end, y, y_stride); },
      w);
}

void read_row(const Matrix& w, int row, float* values) {
  std::visit([&](const auto& one) { read_one(one, row, values); }, w);
}

}  // namespace foretype::kernels
