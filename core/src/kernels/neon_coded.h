// Matrices of 3-bit and 4-bit codes times batches of vectors: as 4-bit weights
// in neon_matmul.h, but for how codes are unpacked and what scales them.
#pragma once

#include <cstring>

#include "kernels/neon_matmul.h"

namespace foretype::kernels::neon {
namespace {

/// Two neighbouring 16x4 blocks, the rows of one part.
struct Pair {
  int8x16_t a, b;
};

int8x16_t as_signed(uint8x16_t codes) { return vreinterpretq_s8_u8(codes); }

Pair nibbles(const std::uint8_t* q) {
  const uint8x16_t both = vld1q_u8(q);
  return {as_signed(vandq_u8(both, vdupq_n_u8(15))), as_signed(vshrq_n_u8(both, 4))};
}

Pair three_bits(const std::uint8_t* plane) {
  const uint8x16_t both = vld1q_u8(plane);
  const uint8x16_t low = vdupq_n_u8(7);
  return {as_signed(vandq_u8(both, low)), as_signed(vandq_u8(vshrq_n_u8(both, 3), low))};
}

/// The last two blocks, which lie in the upper bits of all three planes.
Pair last_three_bits(const std::uint8_t* group) {
  const uint8x16_t high = vdupq_n_u8(4);
  const uint8x16_t upper = vld1q_u8(group + 128);
  const uint8x16_t a = vshrq_n_u8(vld1q_u8(group), 6);
  const uint8x16_t b = vshrq_n_u8(vld1q_u8(group + 64), 6);
  return {as_signed(vorrq_u8(a, vandq_u8(vshrq_n_u8(upper, 4), high))),
          as_signed(vorrq_u8(b, vandq_u8(vshrq_n_u8(upper, 5), high)))};
}

/// Pair `pair` of a group, the four rows of part p.
template <int kBits>
Pair codes(const std::uint8_t* q, int pair, int p) {
  const std::uint8_t* at = q + 64 * pair + 16 * p;
  if constexpr (kBits == 4) return nibbles(at);
  return pair < 3 ? three_bits(at) : last_three_bits(q + 16 * p);
}

/// Adds the products of sixteen columns.
template <int kBits, int kVectors>
void add_codes(const std::uint8_t* q, int pair, const std::int8_t* x, int columns, RowSums* sums) {
  for (int p = 0; p < kParts; ++p) {
    const Pair first = codes<kBits>(q, pair, p);
    const Pair second = codes<kBits>(q, pair + 1, p);
    for (int v = 0; v < kVectors; ++v) {
      const int8x16_t x_16 = vld1q_s8(x + static_cast<std::ptrdiff_t>(v) * columns);
      int32x4_t sum = sums[v].part[p];
      sum = vdotq_laneq_s32(sum, first.a, x_16, 0);
      sum = vdotq_laneq_s32(sum, first.b, x_16, 1);
      sum = vdotq_laneq_s32(sum, second.a, x_16, 2);
      sums[v].part[p] = vdotq_laneq_s32(sum, second.b, x_16, 3);
    }
  }
}

float32x4_t load_bytes_as_floats(const std::int8_t* at) {
  std::uint32_t word = 0;
  std::memcpy(&word, at, sizeof word);
  const int16x8_t wide = vmovl_s8(vcreate_s8(word));
  return vcvtq_f32_s32(vmovl_s16(vget_low_s16(wide)));
}

/// y + scale * (x_scale * sums - x_middle)
float32x4_t add_centred(float32x4_t y, float32x4_t scale, float x_scale, float x_middle,
                        int32x4_t sums) {
  const float32x4_t product = vmulq_n_f32(vcvtq_f32_s32(sums), x_scale);
  const float32x4_t t = vsubq_f32(product, vdupq_n_f32(x_middle));
  return vaddq_f32(y, vmulq_f32(scale, t));
}

template <int kVectors>
void add_coded_group(const CodedTile& tile, int group, const RowSums* sums, Rows* y) {
  for (int p = 0; p < kParts; ++p) {
    const float32x4_t scale =
        load_bytes_as_floats(tile.group_scale + kRowBlock * group + kFloats * p);
    for (int v = 0; v < kVectors; ++v) {
      const int x_at = v * tile.groups + group;
      y[v].part[p] = add_centred(y[v].part[p], scale, tile.x_scale[x_at],
                                 tile.middle * tile.x_sum[x_at], sums[v].part[p]);
    }
  }
}

template <int kVectors>
void store_rows(const float* row_scale, const Rows* y, float* to, std::ptrdiff_t stride) {
  for (int p = 0; p < kParts; ++p) {
    const float32x4_t scale = vld1q_f32(row_scale + kFloats * p);
    for (int v = 0; v < kVectors; ++v) {
      vst1q_f32(to + v * stride + kFloats * p, vmulq_f32(scale, y[v].part[p]));
    }
  }
}

template <int kBits, int kVectors>
void coded_tile(const CodedTile& tile) {
  const int columns = tile.groups * kGroup;
  Rows y[kVectors];
  fill<kVectors>(y, vdupq_n_f32(0.0f));
  for (int group = 0; group < tile.groups; ++group) {
    const std::uint8_t* q = tile.q + std::ptrdiff_t{64} * kBits * group;
    const std::int8_t* x = tile.x + static_cast<std::ptrdiff_t>(group) * kGroup;
    RowSums sums[kVectors];
    fill<kVectors>(sums, vdupq_n_s32(0));
    add_codes<kBits, kVectors>(q, 0, x, columns, sums);
    add_codes<kBits, kVectors>(q, 2, x + 16, columns, sums);
    add_coded_group<kVectors>(tile, group, sums, y);
  }
  store_rows<kVectors>(tile.row_scale, y, tile.y, tile.y_stride);
}

template <int kBits>
constexpr CodedTileFunction kCodedTiles[] = {coded_tile<kBits, 1>, coded_tile<kBits, 2>,
                                             coded_tile<kBits, 3>, coded_tile<kBits, 4>};

void matmul_coded(const CodedMatrix& w, const Activations& x, int block_begin, int block_end,
                  float* y, int y_stride) {
  multiply_coded(w, x, block_begin, block_end, y, y_stride,
                 w.bits == 3 ? kCodedTiles<3> : kCodedTiles<4>);
}

}  // namespace
}  // namespace foretype::kernels::neon
