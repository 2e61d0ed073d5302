// Random matrices of codes in the layouts of kernels.h, each beside its plain
// form, packed here without help from the kernels under test.
#pragma once

#include "kernels_data.h"

namespace foretype::kernels::test {

/// Where a code of three bits lies in its group's 192 bytes, bit by bit.
inline void put_three_bits(std::uint8_t* group, int row, int column, unsigned code) {
  const int block = column / kColumnBlock;
  const int byte = kColumnBlock * row + column % kColumnBlock;
  if (block < 6) {
    group[64 * (block / 2) + byte] |= static_cast<std::uint8_t>(code << (block % 2 * 3));
    return;
  }
  group[64 * (block - 6) + byte] |= static_cast<std::uint8_t>((code & 3) << 6);
  group[128 + byte] |= static_cast<std::uint8_t>((code >> 2) << block);
}

inline std::vector<std::uint8_t> pack_three_bits(const std::vector<std::uint8_t>& plain, int rows,
                                                 int columns) {
  std::vector<std::uint8_t> packed(plain.size() / 8 * 3);
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const std::size_t group = at(row / kRowBlock, column / kGroup, columns / kGroup);
      put_three_bits(packed.data() + 192 * group, row % kRowBlock, column % kGroup,
                     plain[at(row, column, columns)]);
    }
  }
  return packed;
}

struct CodedData {
  int bits, rows, columns;
  std::vector<std::uint8_t> plain;  // [rows][columns], 0..2^bits - 1
  std::vector<std::uint8_t> q;
  std::vector<std::int8_t> group_scale;
  std::vector<float> row_scale;

  [[nodiscard]] CodedMatrix view() const {
    return {bits, rows, columns, q.data(), group_scale.data(), row_scale.data()};
  }
  /// The weight, exactly: every factor has few digits.
  [[nodiscard]] double weight(int row, int column) const {
    const int middle = 1 << (bits - 1);
    const double level = plain[at(row, column, columns)] - middle;
    return double{row_scale[static_cast<std::size_t>(row)]} *
           group_scale[scale_at(row, column / kGroup, columns)] * level;
  }
};

/// Every code lies in low..2^bits - 1.
inline CodedData random_coded(Random& random, int bits, int rows, int columns, int low = 0) {
  CodedData data{bits, rows, columns, {}, {}, {}, {}};
  data.plain.resize(at(rows, 0, columns));
  for (std::uint8_t& q : data.plain) {
    q = static_cast<std::uint8_t>(random.integer(low, (1 << bits) - 1));
  }
  data.q =
      bits == 3 ? pack_three_bits(data.plain, rows, columns) : pack_int4(data.plain, rows, columns);
  data.group_scale.resize(data.plain.size() / kGroup);
  for (std::int8_t& scale : data.group_scale) {
    scale = static_cast<std::int8_t>(random.integer(-128, 127));
  }
  data.row_scale = random.floats(static_cast<std::size_t>(rows), 0.00001f, 0.0002f);
  return data;
}

}  // namespace foretype::kernels::test
