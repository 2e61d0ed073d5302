// Random sparse matrices in the layout of kernels.h, beside their plain form,
// packed here without help from the kernels under test.
#pragma once

#include <bit>
#include <functional>

#include "kernels_coded_data.h"

namespace foretype::kernels::test {

struct SparseData {
  int rows, columns;
  std::vector<std::uint8_t> masks;  // [rows/16][columns/32], in the order of columns
  std::vector<std::uint8_t> plain;  // [rows][columns], 0..15; of what is not kept, anything
  std::vector<std::int8_t> scales;  // [rows/16][columns/32][16]
  std::vector<std::uint32_t> pair_begin, group_end;
  std::vector<std::uint16_t> group;
  std::vector<std::uint8_t> mask, q;
  std::vector<std::int8_t> group_scale;
  std::vector<float> row_scale;

  [[nodiscard]] SparseMatrix view() const {
    return {rows,        columns,  pair_begin.data(),  group_end.data(), group.data(),
            mask.data(), q.data(), group_scale.data(), row_scale.data()};
  }
  [[nodiscard]] double weight(int row, int column) const {
    const std::uint8_t kept = masks[at(row / kRowBlock, column / kGroup, columns / kGroup)];
    if ((kept >> (column % kGroup / kColumnBlock) & 1) == 0) return 0;
    return double{row_scale[static_cast<std::size_t>(row)]} *
           scales[scale_at(row, column / kGroup, columns)] * (plain[at(row, column, columns)] - 8);
  }
};

/// Appends the kept blocks of one group, two by two.
inline void pack_kept(SparseData* data, int row_block, int group, std::uint8_t mask) {
  int kept = 0;
  for (int block = 0; block < 8; ++block) {
    if ((mask >> block & 1) == 0) continue;
    if (kept % 2 == 0) data->q.resize(data->q.size() + 64);
    std::uint8_t* pair = data->q.data() + data->q.size() - 64;
    for (int byte = 0; byte < 64; ++byte) {
      const int column = kGroup * group + kColumnBlock * block + byte % 4;
      const std::size_t from = at(kRowBlock * row_block + byte / 4, column, data->columns);
      pair[byte] |= static_cast<std::uint8_t>(data->plain[from] << (4 * (kept % 2)));
    }
    ++kept;
  }
}

/// Every code lies in low..15; `mask_of(row block, group)` keeps an even number of blocks.
inline SparseData random_sparse(Random& random, int rows, int columns,
                                const std::function<std::uint8_t(int, int)>& mask_of, int low = 0) {
  SparseData data{};
  data.rows = rows;
  data.columns = columns;
  data.plain.resize(at(rows, 0, columns));
  for (std::uint8_t& q : data.plain) q = static_cast<std::uint8_t>(random.integer(low, 15));
  data.scales.resize(data.plain.size() / kGroup);
  for (std::int8_t& scale : data.scales) {
    scale = static_cast<std::int8_t>(random.integer(-128, 127));
  }
  data.row_scale = random.floats(static_cast<std::size_t>(rows), 0.00001f, 0.0002f);
  for (int row_block = 0; row_block < rows / kRowBlock; ++row_block) {
    const int groups = columns / kGroup;
    for (int group = 0; group < groups; ++group) data.masks.push_back(mask_of(row_block, group));
    data.pair_begin.push_back(static_cast<std::uint32_t>(data.q.size() / 64));
    for (int pairs = 4; pairs > 0; --pairs) {
      for (int group = 0; group < groups; ++group) {
        const std::size_t place = at(row_block, group, groups);
        if (std::popcount(data.masks[place]) != 2 * pairs) continue;
        data.group.push_back(static_cast<std::uint16_t>(group));
        data.mask.push_back(data.masks[place]);
        for (std::size_t i = 0; i < 16; ++i) {
          data.group_scale.push_back(data.scales[16 * place + i]);
        }
        pack_kept(&data, row_block, group, data.masks[place]);
      }
      data.group_end.push_back(static_cast<std::uint32_t>(data.group.size()));
    }
  }
  return data;
}

/// So many of a group's blocks, anywhere.
inline std::uint8_t random_mask(Random& random, int kept) {
  std::uint8_t mask = 0;
  while (std::popcount(mask) < kept) {
    mask = static_cast<std::uint8_t>(mask | 1 << random.integer(0, 7));
  }
  return mask;
}

}  // namespace foretype::kernels::test
