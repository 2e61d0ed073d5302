// Matrices of 3-bit and 4-bit codes times batches of vectors: as 4-bit weights
// in avx2_matmul.h, but for how codes are unpacked and what scales them.
#pragma once

#include "kernels/avx2_matmul.h"

namespace foretype::kernels::avx2 {
namespace {  // compiled again, with its own instruction set, in each file that includes it

__m256i low_three(__m256i bytes) { return _mm256_and_si256(bytes, _mm256_set1_epi8(7)); }

/// Blocks 2 * plane and 2 * plane + 1 of a group in three bits.
Pair three_bits(const std::uint8_t* plane) {
  Pair w;
  for (int p = 0; p < kParts; ++p) {
    const __m256i both = load_bytes(plane + 32 * p);
    w.a[p] = low_three(both);
    w.b[p] = low_three(_mm256_srli_epi16(both, 3));
  }
  return w;
}

/// The last two blocks, which lie in the upper bits of all three planes.
Pair last_three_bits(const std::uint8_t* group) {
  const __m256i low = _mm256_set1_epi8(3);
  const __m256i high = _mm256_set1_epi8(4);
  Pair w;
  for (int p = 0; p < kParts; ++p) {
    const __m256i plane_0 = load_bytes(group + 32 * p);
    const __m256i plane_1 = load_bytes(group + 64 + 32 * p);
    const __m256i plane_2 = load_bytes(group + 128 + 32 * p);
    w.a[p] = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi16(plane_0, 6), low),
                             _mm256_and_si256(_mm256_srli_epi16(plane_2, 4), high));
    w.b[p] = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi16(plane_1, 6), low),
                             _mm256_and_si256(_mm256_srli_epi16(plane_2, 5), high));
  }
  return w;
}

/// Sums of a group's first eight columns: what add_pair gives from zero, one addition cheaper.
template <int kVectors>
[[gnu::always_inline]] inline void begin_with_pair(const Pair& w, const std::int8_t* x, int columns,
                                                   RowSums* sums) {
  for (int v = 0; v < kVectors; ++v) {
    const std::int8_t* at = x + static_cast<std::ptrdiff_t>(v) * columns;
    const __m256i x_a = broadcast4(at);
    const __m256i x_b = broadcast4(at + kColumnBlock);
    for (int p = 0; p < kParts; ++p) {
      sums[v].part[p] = add_products(_mm256_maddubs_epi16(w.a[p], x_a), w.b[p], x_b);
    }
  }
}

/// Sums of all columns of a group, in 16 bits, two to a row.
template <int kBits, int kVectors>
[[gnu::always_inline]] inline void sum_codes(const std::uint8_t* q, const std::int8_t* x,
                                             int columns, RowSums* sums) {
  begin_with_pair<kVectors>(kBits == 3 ? three_bits(q) : nibbles(q), x, columns, sums);
  for (int pair = 1; pair < kBits; ++pair) {
    const std::uint8_t* at = q + 64 * pair;
    add_pair<kVectors>(kBits == 3 ? three_bits(at) : nibbles(at), x + 8 * pair, columns, sums);
  }
  if constexpr (kBits == 3) add_pair<kVectors>(last_three_bits(q), x + 24, columns, sums);
}

__m256 load_bytes_as_floats(const std::int8_t* at) {
  return _mm256_cvtepi32_ps(
      _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(at))));
}

/// y + scale * (x_scale * sums - middle * x_sum)
__m256 add_centred(__m256 y, __m256 scale, float x_scale, float x_sum, __m256 middle,
                   __m256i sums) {
  const __m256 product = _mm256_mul_ps(_mm256_set1_ps(x_scale), _mm256_cvtepi32_ps(sums));
  const __m256 t = _mm256_sub_ps(product, _mm256_mul_ps(middle, _mm256_set1_ps(x_sum)));
  return _mm256_add_ps(y, _mm256_mul_ps(scale, t));
}

/// Adds a group's sums, scaled, to the answers of eight rows. Out of line it would pass all its
/// registers through memory.
template <int kVectors>
[[gnu::always_inline]] inline void add_coded_group(const CodedTile& tile, int group, int p,
                                                   const RowSums* sums, Rows* y) {
  const __m256i ones = _mm256_set1_epi16(1);
  const __m256 middle = _mm256_set1_ps(tile.middle);
  const __m256 scale = load_bytes_as_floats(tile.group_scale + kRowBlock * group + kFloats * p);
  for (int v = 0; v < kVectors; ++v) {
    const int x_at = v * tile.groups + group;
    y[v].part[p] = add_centred(y[v].part[p], scale, tile.x_scale[x_at], tile.x_sum[x_at], middle,
                               _mm256_madd_epi16(sums[v].part[p], ones));
  }
}

template <int kVectors>
void store_rows(const float* row_scale, const Rows* y, float* to, std::ptrdiff_t stride) {
  for (int p = 0; p < kParts; ++p) {
    const __m256 scale = _mm256_loadu_ps(row_scale + kFloats * p);
    for (int v = 0; v < kVectors; ++v) {
      _mm256_storeu_ps(to + v * stride + kFloats * p, _mm256_mul_ps(scale, y[v].part[p]));
    }
  }
}

template <int kBits, int kVectors>
void coded_tile(const CodedTile& tile) {
  constexpr int kBytes = 64 * kBits;
  const int columns = tile.groups * kGroup;
  Rows y[kVectors];
  for (int group = 0; group < tile.groups; ++group) {
    if constexpr (kVectors <= 4) {
      fetch_ahead<kBits>(tile.q + kBytes * group);
      fetch_ahead_of_codes<kBits>(tile.group_scale + kRowBlock * group);
    }
    RowSums sums[kVectors];
    sum_codes<kBits, kVectors>(tile.q + kBytes * group, tile.x + kGroup * group, columns, sums);
    for (int p = 0; p < kParts; ++p) add_coded_group<kVectors>(tile, group, p, sums, y);
  }
  store_rows<kVectors>(tile.row_scale, y, tile.y, tile.y_stride);
}

template <int kBits>
constexpr CodedTileFunction kCodedTiles[] = {coded_tile<kBits, 1>, coded_tile<kBits, 2>,
                                             coded_tile<kBits, 3>, coded_tile<kBits, 4>,
                                             coded_tile<kBits, 5>, coded_tile<kBits, 6>};

void matmul_coded(const CodedMatrix& w, const Activations& x, int block_begin, int block_end,
                  float* y, int y_stride) {
  multiply_coded(w, x, block_begin, block_end, y, y_stride,
                 w.bits == 3 ? kCodedTiles<3> : kCodedTiles<4>);
}

}  // namespace
}  // namespace foretype::kernels::avx2
