// 4-bit and 8-bit matrices times batches of vectors, with sdot: four products
// of signed bytes to each 32-bit sum, the activations taken from a lane.
#pragma once

#include <arm_neon.h>

#include <cstddef>
#include <cstdint>

#include "kernels/kernels.h"
#include "kernels/tile.h"

namespace foretype::kernels::neon {
namespace {

constexpr int kFloats = 4;                   // in a register
constexpr int kParts = kRowBlock / kFloats;  // registers that hold a number for each row

float32x4_t load_halves(const std::uint16_t* at) {
  return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(at)));
}

/// Integer sums of a group: [part], each of four rows.
struct RowSums {
  int32x4_t part[kParts];
};

/// The answer, likewise.
struct Rows {
  float32x4_t part[kParts];
};

template <int kVectors, typename Numbers, typename Part>
void fill(Numbers* numbers, Part zero) {
  for (int v = 0; v < kVectors; ++v) {
    for (int p = 0; p < kParts; ++p) numbers[v].part[p] = zero;
  }
}

/// Adds the products of sixteen columns: two pair blocks, whose four column blocks meet the
/// four lanes of 16 activations.
template <int kVectors>
void add_int4_pairs(const std::uint8_t* q, const std::int8_t* x, int columns, RowSums* sums) {
  const uint8x16_t nibble = vdupq_n_u8(15);
  for (int p = 0; p < kParts; ++p) {
    const uint8x16_t first = vld1q_u8(q + 16 * p);
    const uint8x16_t second = vld1q_u8(q + 64 + 16 * p);
    const int8x16_t w_0 = vreinterpretq_s8_u8(vandq_u8(first, nibble));
    const int8x16_t w_1 = vreinterpretq_s8_u8(vshrq_n_u8(first, 4));
    const int8x16_t w_2 = vreinterpretq_s8_u8(vandq_u8(second, nibble));
    const int8x16_t w_3 = vreinterpretq_s8_u8(vshrq_n_u8(second, 4));
    for (int v = 0; v < kVectors; ++v) {
      const int8x16_t x_16 = vld1q_s8(x + static_cast<std::ptrdiff_t>(v) * columns);
      int32x4_t sum = sums[v].part[p];
      sum = vdotq_laneq_s32(sum, w_0, x_16, 0);
      sum = vdotq_laneq_s32(sum, w_1, x_16, 1);
      sum = vdotq_laneq_s32(sum, w_2, x_16, 2);
      sums[v].part[p] = vdotq_laneq_s32(sum, w_3, x_16, 3);
    }
  }
}

/// The same for four blocks of 8-bit weights.
template <int kVectors>
void add_int8_blocks(const std::int8_t* q, const std::int8_t* x, int columns, RowSums* sums) {
  for (int p = 0; p < kParts; ++p) {
    const int8x16_t w_0 = vld1q_s8(q + 16 * p);
    const int8x16_t w_1 = vld1q_s8(q + 64 + 16 * p);
    const int8x16_t w_2 = vld1q_s8(q + 128 + 16 * p);
    const int8x16_t w_3 = vld1q_s8(q + 192 + 16 * p);
    for (int v = 0; v < kVectors; ++v) {
      const int8x16_t x_16 = vld1q_s8(x + static_cast<std::ptrdiff_t>(v) * columns);
      int32x4_t sum = sums[v].part[p];
      sum = vdotq_laneq_s32(sum, w_0, x_16, 0);
      sum = vdotq_laneq_s32(sum, w_1, x_16, 1);
      sum = vdotq_laneq_s32(sum, w_2, x_16, 2);
      sums[v].part[p] = vdotq_laneq_s32(sum, w_3, x_16, 3);
    }
  }
}

/// y + (scale * x_scale) * sums, for the rows of every part.
template <int kVectors>
void add_scaled(const Tile& tile, int group, const RowSums* sums, Rows* y) {
  for (int p = 0; p < kParts; ++p) {
    const float32x4_t scale = load_halves(tile.scale + kRowBlock * group + kFloats * p);
    for (int v = 0; v < kVectors; ++v) {
      const float32x4_t factor = vmulq_n_f32(scale, tile.x_scale[v * tile.groups + group]);
      const float32x4_t product = vmulq_f32(factor, vcvtq_f32_s32(sums[v].part[p]));
      y[v].part[p] = vaddq_f32(y[v].part[p], product);
    }
  }
}

/// y + offset * x_sum
template <int kVectors>
void add_offset(const Tile& tile, int group, Rows* y) {
  for (int p = 0; p < kParts; ++p) {
    const float32x4_t offset = load_halves(tile.offset + kRowBlock * group + kFloats * p);
    for (int v = 0; v < kVectors; ++v) {
      const float32x4_t product = vmulq_n_f32(offset, tile.x_sum[v * tile.groups + group]);
      y[v].part[p] = vaddq_f32(y[v].part[p], product);
    }
  }
}

template <int kVectors>
void store(const Tile& tile, const Rows* y) {
  for (int v = 0; v < kVectors; ++v) {
    for (int p = 0; p < kParts; ++p) {
      vst1q_f32(tile.y + v * tile.y_stride + kFloats * p, y[v].part[p]);
    }
  }
}

template <int kVectors>
void int4_tile(const Tile& tile) {
  const int columns = tile.groups * kGroup;
  Rows y[kVectors];
  fill<kVectors>(y, vdupq_n_f32(0.0f));
  for (int group = 0; group < tile.groups; ++group) {
    const std::uint8_t* q = tile.q + static_cast<std::ptrdiff_t>(group) * 256;
    const std::int8_t* x = tile.x + static_cast<std::ptrdiff_t>(group) * kGroup;
    RowSums sums[kVectors];
    fill<kVectors>(sums, vdupq_n_s32(0));
    add_int4_pairs<kVectors>(q, x, columns, sums);
    add_int4_pairs<kVectors>(q + 128, x + 16, columns, sums);
    add_scaled<kVectors>(tile, group, sums, y);
    add_offset<kVectors>(tile, group, y);
  }
  store<kVectors>(tile, y);
}

template <int kVectors>
void int8_tile(const Tile& tile) {
  const int columns = tile.groups * kGroup;
  Rows y[kVectors];
  fill<kVectors>(y, vdupq_n_f32(0.0f));
  for (int group = 0; group < tile.groups; ++group) {
    const auto* q = reinterpret_cast<const std::int8_t*>(tile.q) + std::ptrdiff_t{group} * 512;
    const std::int8_t* x = tile.x + static_cast<std::ptrdiff_t>(group) * kGroup;
    RowSums sums[kVectors];
    fill<kVectors>(sums, vdupq_n_s32(0));
    add_int8_blocks<kVectors>(q, x, columns, sums);
    add_int8_blocks<kVectors>(q + 256, x + 16, columns, sums);
    add_scaled<kVectors>(tile, group, sums, y);
  }
  store<kVectors>(tile, y);
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
}  // namespace foretype::kernels::neon
