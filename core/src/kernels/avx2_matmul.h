// 4-bit and 8-bit matrices times batches of vectors.
//
// 8-bit products come in pairs from maddubs (unsigned times signed, added in
// 16 bits). With 4-bit weights a pair is at most 2 * 15 * 127 = 3,810, so the
// eight pairs of a group of 32 columns, 30,480, still fit 16 bits and need one
// widening madd a group instead of one a pair.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernels/avx2_registers.h"
#include "kernels/kernels.h"
#include "kernels/tile.h"

namespace foretype::kernels::avx2 {
namespace {  // compiled again, with its own instruction set, in each file that includes it

__m256i load_bytes(const void* at) { return _mm256_loadu_si256(static_cast<const __m256i*>(at)); }

/// Four activations, for all eight rows.
__m256i broadcast4(const std::int8_t* at) {
  std::int32_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return _mm256_set1_epi32(word);
}

/// Sixteen rows of 16-bit sums: rows 0..7 and 8..15, two sums to a row.
struct RowSums {
  __m256i low = _mm256_setzero_si256();
  __m256i high = _mm256_setzero_si256();
};

/// Sixteen rows of the answer.
struct Rows {
  __m256 low = _mm256_setzero_ps();
  __m256 high = _mm256_setzero_ps();

  void store(float* y) const {
    _mm256_storeu_ps(y, low);
    _mm256_storeu_ps(y + kFloats, high);
  }
};

template <int kVectors>
void add_pair_block(const std::uint8_t* q, const std::int8_t* x, int columns, RowSums* sums) {
  const __m256i nibble = _mm256_set1_epi8(15);
  const __m256i low = load_bytes(q);
  const __m256i high = load_bytes(q + 32);
  const __m256i low_a = _mm256_and_si256(low, nibble);
  const __m256i high_a = _mm256_and_si256(high, nibble);
  const __m256i low_b = _mm256_and_si256(_mm256_srli_epi16(low, 4), nibble);
  const __m256i high_b = _mm256_and_si256(_mm256_srli_epi16(high, 4), nibble);
  for (int v = 0; v < kVectors; ++v) {
    const __m256i a = broadcast4(x + static_cast<std::ptrdiff_t>(v) * columns);
    const __m256i b = broadcast4(x + static_cast<std::ptrdiff_t>(v) * columns + 4);
    sums[v].low = _mm256_add_epi16(sums[v].low, _mm256_maddubs_epi16(low_a, a));
    sums[v].high = _mm256_add_epi16(sums[v].high, _mm256_maddubs_epi16(high_a, a));
    sums[v].low = _mm256_add_epi16(sums[v].low, _mm256_maddubs_epi16(low_b, b));
    sums[v].high = _mm256_add_epi16(sums[v].high, _mm256_maddubs_epi16(high_b, b));
  }
}

__m256 scaled(__m256i sums, __m256 scale) { return _mm256_mul_ps(scale, _mm256_cvtepi32_ps(sums)); }

template <int kVectors>
void int4_tile(const Tile& tile) {
  const int columns = tile.groups * kGroup;
  const __m256i ones = _mm256_set1_epi16(1);
  Rows y[kVectors];
  for (int group = 0; group < tile.groups; ++group) {
    RowSums sums[kVectors];
    for (int pair = 0; pair < 4; ++pair) {
      add_pair_block<kVectors>(tile.q + (4 * group + pair) * 64, tile.x + 32 * group + 8 * pair,
                               columns, sums);
    }
    const __m256 scale_low = load_halves(tile.scale + kRowBlock * group);
    const __m256 scale_high = load_halves(tile.scale + kRowBlock * group + kFloats);
    const __m256 offset_low = load_halves(tile.offset + kRowBlock * group);
    const __m256 offset_high = load_halves(tile.offset + kRowBlock * group + kFloats);
    for (int v = 0; v < kVectors; ++v) {
      const __m256 x_scale = _mm256_set1_ps(tile.x_scale[v * tile.groups + group]);
      const __m256 x_sum = _mm256_set1_ps(tile.x_sum[v * tile.groups + group]);
      const __m256i low = _mm256_madd_epi16(sums[v].low, ones);
      const __m256i high = _mm256_madd_epi16(sums[v].high, ones);
      y[v].low = _mm256_add_ps(y[v].low, scaled(low, _mm256_mul_ps(scale_low, x_scale)));
      y[v].high = _mm256_add_ps(y[v].high, scaled(high, _mm256_mul_ps(scale_high, x_scale)));
      y[v].low = _mm256_add_ps(y[v].low, _mm256_mul_ps(offset_low, x_sum));
      y[v].high = _mm256_add_ps(y[v].high, _mm256_mul_ps(offset_high, x_sum));
    }
  }
  for (int v = 0; v < kVectors; ++v) y[v].store(tile.y + v * tile.y_stride);
}

/// Weights that fit 7 bits and a sign: |w| is the unsigned operand, x takes w's sign; a pair is
/// at most 2 * 127 * 127 = 32,258.
template <int kVectors>
void add_int8_block(const std::uint8_t* q, const std::int8_t* x, int columns, RowSums* sums) {
  const __m256i ones = _mm256_set1_epi16(1);
  const __m256i low = load_bytes(q);
  const __m256i high = load_bytes(q + 32);
  const __m256i low_magnitude = _mm256_abs_epi8(low);
  const __m256i high_magnitude = _mm256_abs_epi8(high);
  for (int v = 0; v < kVectors; ++v) {
    const __m256i a = broadcast4(x + static_cast<std::ptrdiff_t>(v) * columns);
    const __m256i pairs_low = _mm256_maddubs_epi16(low_magnitude, _mm256_sign_epi8(a, low));
    const __m256i pairs_high = _mm256_maddubs_epi16(high_magnitude, _mm256_sign_epi8(a, high));
    sums[v].low = _mm256_add_epi32(sums[v].low, _mm256_madd_epi16(pairs_low, ones));
    sums[v].high = _mm256_add_epi32(sums[v].high, _mm256_madd_epi16(pairs_high, ones));
  }
}

template <int kVectors>
void int8_tile(const Tile& tile) {
  const int columns = tile.groups * kGroup;
  Rows y[kVectors];
  for (int group = 0; group < tile.groups; ++group) {
    RowSums sums[kVectors];  // of 32 bits here
    for (int block = 0; block < 8; ++block) {
      add_int8_block<kVectors>(tile.q + (8 * group + block) * 64, tile.x + 32 * group + 4 * block,
                               columns, sums);
    }
    const __m256 scale_low = load_halves(tile.scale + kRowBlock * group);
    const __m256 scale_high = load_halves(tile.scale + kRowBlock * group + kFloats);
    for (int v = 0; v < kVectors; ++v) {
      const __m256 x_scale = _mm256_set1_ps(tile.x_scale[v * tile.groups + group]);
      y[v].low = _mm256_add_ps(y[v].low, scaled(sums[v].low, _mm256_mul_ps(scale_low, x_scale)));
      y[v].high =
          _mm256_add_ps(y[v].high, scaled(sums[v].high, _mm256_mul_ps(scale_high, x_scale)));
    }
  }
  for (int v = 0; v < kVectors; ++v) y[v].store(tile.y + v * tile.y_stride);
}

constexpr TileFunction kInt4Tiles[] = {int4_tile<1>, int4_tile<2>, int4_tile<3>, int4_tile<4>};
constexpr TileFunction kInt8Tiles[] = {int8_tile<1>, int8_tile<2>, int8_tile<3>, int8_tile<4>};

void matmul_int4(const Int4Matrix& w, const Activations& x, int block_begin, int block_end,
                 float* y, int y_stride) {
  multiply_int4(w, x, block_begin, block_end, y, y_stride, kInt4Tiles);
}

void matmul_int8(const Int8Matrix& w, const Activations& x, int block_begin, int block_end,
                 float* y, int y_stride) {
  multiply_int8(w, x, block_begin, block_end, y, y_stride, kInt8Tiles);
}

}  // namespace
}  // namespace foretype::kernels::avx2
