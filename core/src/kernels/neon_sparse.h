// Matrices of which some 16x4 blocks are stored, times batches of vectors.
#pragma once

#include "kernels/neon_coded.h"

namespace foretype::kernels::neon {
namespace {

/// Four activations, for all four rows.
int8x16_t broadcast4(const std::int8_t* at) {
  std::int32_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return vreinterpretq_s8_s32(vdupq_n_s32(word));
}

/// Adds the products of two kept blocks, and their activations to `totals`.
template <int kVectors>
void add_kept_pair(const SparseTile& tile, const std::uint8_t* q, int group, int a, int b,
                   RowSums* sums, int* totals) {
  const int columns = tile.groups * kGroup;
  Pair w[kParts];
  for (int p = 0; p < kParts; ++p) w[p] = nibbles(q + 16 * p);
  for (int v = 0; v < kVectors; ++v) {
    const std::int8_t* x = tile.x + static_cast<std::ptrdiff_t>(v) * columns + kGroup * group;
    const int8x16_t x_a = broadcast4(x + kColumnBlock * a);
    const int8x16_t x_b = broadcast4(x + kColumnBlock * b);
    for (int p = 0; p < kParts; ++p) {
      sums[v].part[p] = vdotq_s32(vdotq_s32(sums[v].part[p], w[p].a, x_a), w[p].b, x_b);
    }
    const std::int16_t* blocks = tile.x_block + v * (columns / kColumnBlock) + 8 * group;
    totals[v] += blocks[a] + blocks[b];
  }
}

/// Stored group `at`, with its codes at q.
template <int kPairs, int kVectors>
void add_sparse_group(const SparseTile& tile, std::uint32_t at, const std::uint8_t* q, Rows* y) {
  const int group = tile.group[at];
  RowSums sums[kVectors];
  int totals[kVectors] = {};
  fill<kVectors>(sums, vdupq_n_s32(0));
  Kept kept(tile.mask[at]);
  for (int pair = 0; pair < kPairs; ++pair) {
    const int a = kPairs == kGroupPairs ? 2 * pair : kept.next();
    const int b = kPairs == kGroupPairs ? 2 * pair + 1 : kept.next();
    add_kept_pair<kVectors>(tile, q + 64 * pair, group, a, b, sums, totals);
  }
  for (int p = 0; p < kParts; ++p) {
    const float32x4_t scale = load_bytes_as_floats(tile.group_scale + kRowBlock * at + kFloats * p);
    for (int v = 0; v < kVectors; ++v) {
      const float x_scale = tile.x_scale[v * tile.groups + group];
      const float x_sum = x_scale * static_cast<float>(totals[v]);
      y[v].part[p] =
          add_centred(y[v].part[p], scale, x_scale, middle_of(4) * x_sum, sums[v].part[p]);
    }
  }
}

/// All groups of a row block that keep so many pairs; returns where the next ones' codes begin.
template <int kPairs, int kVectors>
const std::uint8_t* add_sparse_groups(const SparseTile& tile, const std::uint8_t* q, Rows* y) {
  std::uint32_t at = kPairs == kGroupPairs ? 0 : tile.groups_with(kPairs + 1);
  for (; at < tile.groups_with(kPairs); ++at) {
    add_sparse_group<kPairs, kVectors>(tile, at, q, y);
    q += 64 * kPairs;
  }
  return q;
}

template <int kVectors>
void sparse_tile(const SparseTile& tile) {
  Rows y[kVectors];
  fill<kVectors>(y, vdupq_n_f32(0.0f));
  const std::uint8_t* q = tile.q;
  q = add_sparse_groups<4, kVectors>(tile, q, y);
  q = add_sparse_groups<3, kVectors>(tile, q, y);
  q = add_sparse_groups<2, kVectors>(tile, q, y);
  add_sparse_groups<1, kVectors>(tile, q, y);
  store_rows<kVectors>(tile.row_scale, y, tile.y, tile.y_stride);
}

constexpr SparseTileFunction kSparseTiles[] = {sparse_tile<1>, sparse_tile<2>, sparse_tile<3>,
                                               sparse_tile<4>};

void matmul_sparse(const SparseMatrix& w, const Activations& x, int block_begin, int block_end,
                   float* y, int y_stride) {
  multiply_sparse(w, x, block_begin, block_end, y, y_stride, kSparseTiles);
}

}  // namespace
}  // namespace foretype::kernels::neon
