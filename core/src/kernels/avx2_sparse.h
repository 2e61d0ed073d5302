// Matrices of which some 16x4 blocks are stored, times batches of vectors.
#pragma once

#include "kernels/avx2_coded.h"

namespace foretype::kernels::avx2 {
namespace {  // compiled again, with its own instruction set, in each file that includes it

/// Adds the products of blocks a and b of a group.
template <int kVectors>
[[gnu::always_inline]] inline void add_kept_pair(const Pair& w, const std::int8_t* x, int columns,
                                                 int a, int b, RowSums* sums) {
  for (int v = 0; v < kVectors; ++v) {
    const std::int8_t* at = x + static_cast<std::ptrdiff_t>(v) * columns;
    const __m256i x_a = broadcast4(at + kColumnBlock * a);
    const __m256i x_b = broadcast4(at + kColumnBlock * b);
    for (int p = 0; p < kParts; ++p) {
      sums[v].part[p] = add_products(sums[v].part[p], w.a[p], x_a);
      sums[v].part[p] = add_products(sums[v].part[p], w.b[p], x_b);
    }
  }
}

/// What a group's kept activations add up to, for one vector.
template <int kPairs>
[[gnu::always_inline]] inline float kept_sum(const SparseTile& tile, int group, int v,
                                             const int* blocks) {
  const int x_at = v * tile.groups + group;
  if constexpr (kPairs == kGroupPairs) return tile.x_sum[x_at];
  const std::int16_t* sums = tile.x_block + kGroup / kColumnBlock * x_at;
  int total = 0;
  for (int kept = 0; kept < 2 * kPairs; ++kept) total += sums[blocks[kept]];
  return tile.x_scale[x_at] * static_cast<float>(total);
}

/// Stored group `at`, with its codes at q.
template <int kPairs, int kVectors>
[[gnu::always_inline]] inline void add_sparse_group(const SparseTile& tile, std::uint32_t at,
                                                    const std::uint8_t* q, Rows* y) {
  const int group = tile.group[at];
  const int columns = tile.groups * kGroup;
  const std::int8_t* x = tile.x + kGroup * group;
  RowSums sums[kVectors];
  int blocks[2 * kPairs];
  Kept kept(tile.mask[at]);
  for (int i = 0; i < 2 * kPairs; ++i) blocks[i] = kPairs == kGroupPairs ? i : kept.next();
  for (int pair = 0; pair < kPairs; ++pair) {
    add_kept_pair<kVectors>(nibbles(q + 64 * pair), x, columns, blocks[2 * pair],
                            blocks[2 * pair + 1], sums);
  }
  const __m256i ones = _mm256_set1_epi16(1);
  const __m256 middle = _mm256_set1_ps(middle_of(4));
  float x_sum[kVectors];
  for (int v = 0; v < kVectors; ++v) x_sum[v] = kept_sum<kPairs>(tile, group, v, blocks);
  for (int p = 0; p < kParts; ++p) {
    const __m256 scale = load_bytes_as_floats(tile.group_scale + kRowBlock * at + kFloats * p);
    for (int v = 0; v < kVectors; ++v) {
      y[v].part[p] = add_centred(y[v].part[p], scale, tile.x_scale[v * tile.groups + group],
                                 x_sum[v], middle, _mm256_madd_epi16(sums[v].part[p], ones));
    }
  }
}

/// All groups of a row block that keep so many pairs; returns where the next ones' codes begin.
template <int kPairs, int kVectors>
[[gnu::always_inline]] inline const std::uint8_t* add_sparse_groups(const SparseTile& tile,
                                                                    const std::uint8_t* q,
                                                                    Rows* y) {
  std::uint32_t at = kPairs == kGroupPairs ? 0 : tile.groups_with(kPairs + 1);
  for (; at < tile.groups_with(kPairs); ++at) {
    if constexpr (kVectors <= 4) {
      fetch_ahead<kPairs>(q);
      _mm_prefetch(reinterpret_cast<const char*>(tile.group_scale + kRowBlock * at) +
                       kAhead * kRowBlock / (64 * kPairs),
                   _MM_HINT_T0);
    }
    add_sparse_group<kPairs, kVectors>(tile, at, q, y);
    q += 64 * kPairs;
  }
  return q;
}

template <int kVectors>
void sparse_tile(const SparseTile& tile) {
  Rows y[kVectors];
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
}  // namespace foretype::kernels::avx2
