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

constexpr int kParts = kRowBlock / kFloats;  // registers that hold a number for each row

/// Integer sums of a group: [part], each of eight rows.
struct RowSums {
  __m256i part[kParts] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
};

/// The answer, likewise.
struct Rows {
  __m256 part[kParts] = {_mm256_setzero_ps(), _mm256_setzero_ps()};

  void store(float* y) const {
    for (int p = 0; p < kParts; ++p) _mm256_storeu_ps(y + kFloats * p, part[p]);
  }
};

/// Makes the compiler add in the order written. Left free, GCC puts off the additions of a whole
/// group, runs out of registers and takes 1.4 times as long.
__m256i in_order(__m256i sum) {
  __asm__("" : "+x"(sum));
  return sum;
}

__m256i add_products(__m256i sum, __m256i w, __m256i x) {
  return in_order(_mm256_add_epi16(sum, _mm256_maddubs_epi16(w, x)));
}

/// Two neighbouring 16x4 blocks, unpacked.
struct Pair {
  __m256i a[kParts], b[kParts];
};

Pair nibbles(const std::uint8_t* q) {
  const __m256i nibble = _mm256_set1_epi8(15);
  Pair w;
  for (int p = 0; p < kParts; ++p) {
    const __m256i both = load_bytes(q + 32 * p);
    w.a[p] = _mm256_and_si256(both, nibble);
    w.b[p] = _mm256_and_si256(_mm256_srli_epi16(both, 4), nibble);
  }
  return w;
}

/// Adds the products of eight columns to 16-bit sums, two to a row.
template <int kVectors>
void add_pair(const Pair& w, const std::int8_t* x, int columns, RowSums* sums) {
  for (int v = 0; v < kVectors; ++v) {
    const std::int8_t* at = x + static_cast<std::ptrdiff_t>(v) * columns;
    const __m256i x_a = broadcast4(at);
    for (int p = 0; p < kParts; ++p) {
      sums[v].part[p] = add_products(sums[v].part[p], w.a[p], x_a);
    }
    const __m256i x_b = broadcast4(at + kColumnBlock);
    for (int p = 0; p < kParts; ++p) {
      sums[v].part[p] = add_products(sums[v].part[p], w.b[p], x_b);
    }
  }
}

/// y + (scale * x_scale) * sums
__m256 add_scaled(__m256 y, __m256 scale, float x_scale, __m256i sums) {
  const __m256 factor = _mm256_mul_ps(scale, _mm256_set1_ps(x_scale));
  return _mm256_add_ps(y, _mm256_mul_ps(factor, _mm256_cvtepi32_ps(sums)));
}

/// Adds a group's sums, scaled, to the answers of eight rows.
template <int kVectors>
void add_int4_group(const Tile& tile, int group, int p, const RowSums* sums, Rows* y) {
  const __m256i ones = _mm256_set1_epi16(1);
  const __m256 scale = load_halves(tile.scale + kRowBlock * group + kFloats * p);
  const __m256 offset = load_halves(tile.offset + kRowBlock * group + kFloats * p);
  for (int v = 0; v < kVectors; ++v) {
    const __m256i wide = _mm256_madd_epi16(sums[v].part[p], ones);
    const __m256 x_sum = _mm256_set1_ps(tile.x_sum[v * tile.groups + group]);
    y[v].part[p] = add_scaled(y[v].part[p], scale, tile.x_scale[v * tile.groups + group], wide);
    y[v].part[p] = _mm256_add_ps(y[v].part[p], _mm256_mul_ps(offset, x_sum));
  }
}

template <int kVectors>
void int4_tile(const Tile& tile) {
  const int columns = tile.groups * kGroup;
  Rows y[kVectors];
  for (int group = 0; group < tile.groups; ++group) {
    if constexpr (kVectors <= 4) {
      fetch_ahead<4>(tile.q + 256 * group);
      fetch_ahead_of_group(tile.scale + kRowBlock * group);
      fetch_ahead_of_group(tile.offset + kRowBlock * group);
    }
    RowSums sums[kVectors];
    for (int pair = 0; pair < 4; ++pair) {
      add_pair<kVectors>(nibbles(tile.q + (4 * group + pair) * 64),
                         tile.x + kGroup * group + 8 * pair, columns, sums);
    }
    for (int p = 0; p < kParts; ++p) add_int4_group<kVectors>(tile, group, p, sums, y);
  }
  for (int v = 0; v < kVectors; ++v) y[v].store(tile.y + v * tile.y_stride);
}

/// Adds the products of four columns to 32-bit sums. Weights fit 7 bits and a sign: |w| is the
/// unsigned operand, x takes w's sign; a pair is at most 2 * 127 * 127 = 32,258.
template <int kVectors>
void add_int8_block(const std::uint8_t* q, const std::int8_t* x, int columns, RowSums* sums) {
  const __m256i ones = _mm256_set1_epi16(1);
  for (int p = 0; p < kParts; ++p) {
    const __m256i w = load_bytes(q + 32 * p);
    const __m256i magnitude = _mm256_abs_epi8(w);
    for (int v = 0; v < kVectors; ++v) {
      const __m256i x_4 = broadcast4(x + static_cast<std::ptrdiff_t>(v) * columns);
      const __m256i pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(x_4, w));
      __m256i& sum = sums[v].part[p];
      sum = in_order(_mm256_add_epi32(sum, _mm256_madd_epi16(pairs, ones)));
    }
  }
}

template <int kVectors>
void int8_tile(const Tile& tile) {
  const int columns = tile.groups * kGroup;
  Rows y[kVectors];
  for (int group = 0; group < tile.groups; ++group) {
    RowSums sums[kVectors];
    for (int block = 0; block < 8; ++block) {
      add_int8_block<kVectors>(tile.q + (8 * group + block) * 64,
                               tile.x + kGroup * group + kColumnBlock * block, columns, sums);
    }
    for (int p = 0; p < kParts; ++p) {
      const __m256 scale = load_halves(tile.scale + kRowBlock * group + kFloats * p);
      for (int v = 0; v < kVectors; ++v) {
        const float x_scale = tile.x_scale[v * tile.groups + group];
        y[v].part[p] = add_scaled(y[v].part[p], scale, x_scale, sums[v].part[p]);
      }
    }
  }
  for (int v = 0; v < kVectors; ++v) y[v].store(tile.y + v * tile.y_stride);
}

constexpr TileFunction kInt4Tiles[] = {int4_tile<1>, int4_tile<2>, int4_tile<3>,
                                       int4_tile<4>, int4_tile<5>, int4_tile<6>};
constexpr TileFunction kInt8Tiles[] = {int8_tile<1>, int8_tile<2>, int8_tile<3>,
                                       int8_tile<4>, int8_tile<5>, int8_tile<6>};

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
