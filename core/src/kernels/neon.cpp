// Kernels for 64-bit ARM with the dot product and half float extensions
// (ARMv8.2; Apple since 2018, Cortex since A55 and A76).
#if defined(__aarch64__) && defined(__ARM_FEATURE_DOTPROD)

#include <arm_neon.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "kernels/exponential.h"
#include "kernels/half.h"
#include "kernels/kernels.h"
#include "kernels/neon_coded.h"
#include "kernels/neon_matmul.h"
#include "kernels/neon_sparse.h"
#include "kernels/quantisation.h"
#include "kernels/tables.h"

namespace foretype::kernels {
namespace neon {
namespace {

// --- quantisation -----------------------------------------------------------

std::uint32_t largest_magnitude(const float* x) {
  const uint32x4_t mask = vdupq_n_u32(kMagnitudeBits);
  uint32x4_t largest = vdupq_n_u32(0);
  for (int i = 0; i < kGroup; i += kFloats) {
    const uint32x4_t bits = vreinterpretq_u32_f32(vld1q_f32(x + i));
    largest = vmaxq_u32(largest, vandq_u32(bits, mask));
  }
  return vmaxvq_u32(largest);
}

/// Writes 32 bytes; returns their sum.
int round_to_int8(const float* x, float inverse, std::int8_t* q) {
  int16x8_t words[4];
  for (int i = 0; i < 4; ++i) {
    const int32x4_t low = vcvtnq_s32_f32(vmulq_n_f32(vld1q_f32(x + 8 * i), inverse));
    const int32x4_t high = vcvtnq_s32_f32(vmulq_n_f32(vld1q_f32(x + 8 * i + kFloats), inverse));
    words[i] = vcombine_s16(vmovn_s32(low), vmovn_s32(high));
    vst1_s8(q + 8 * i, vmovn_s16(words[i]));
  }
  return vaddlvq_s16(vaddq_s16(vaddq_s16(words[0], words[1]), vaddq_s16(words[2], words[3])));
}

void quantize_group(const float* x, std::int8_t* q, float* scale, float* sum) {
  const std::uint32_t largest = largest_magnitude(x);
  if (!has_scale(largest)) {
    vst1q_s8(q, vdupq_n_s8(0));
    vst1q_s8(q + 16, vdupq_n_s8(0));
    *scale = *sum = 0.0f;
    return;
  }
  const float magnitude = std::bit_cast<float>(largest);
  *scale = magnitude / kLargestQ;
  *sum = *scale * static_cast<float>(round_to_int8(x, kLargestQ / magnitude, q));
}

void quantize(const float* x, int columns, std::int8_t* q, float* scale, float* sum) {
  for (int group = 0; group < columns / kGroup; ++group) {
    quantize_group(x + group * kGroup, q + group * kGroup, scale + group, sum + group);
  }
}

// --- sums -------------------------------------------------------------------

constexpr int kLaneRegisters = kLanes / kFloats;

/// Sixteen partial sums.
struct Lanes {
  float32x4_t part[kLaneRegisters];

  Lanes() {
    for (float32x4_t& lanes : part) lanes = vdupq_n_f32(0.0f);
  }

  /// With count (0..15) more elements, the first of which belongs to lane 0.
  [[nodiscard]] float sum_with(const float* tail, int count) const {
    float lanes[kLanes];
    for (int i = 0; i < kLaneRegisters; ++i) vst1q_f32(lanes + kFloats * i, part[i]);
    for (int i = 0; i < count; ++i) lanes[i] = lanes[i] + tail[i];
    return sum_lanes(lanes);
  }
};

/// The order of sum_lanes.
float sum_registers(const float32x4_t* lanes) {
  const float32x4_t low = vaddq_f32(lanes[0], lanes[2]);
  const float32x4_t high = vaddq_f32(lanes[1], lanes[3]);
  const float32x4_t pairs = vpaddq_f32(low, high);
  return vpadds_f32(vget_low_f32(vpaddq_f32(pairs, pairs)));
}

// --- attention --------------------------------------------------------------

constexpr int kHeadRegisters = kHeadWidth / kFloats;

float dot_head(const float* query, const float32x4_t* key) {
  float32x4_t lanes[kLaneRegisters];
  for (int i = 0; i < kLaneRegisters; ++i) {
    lanes[i] = vmulq_f32(vld1q_f32(query + kFloats * i), key[i]);
  }
  for (int i = kLaneRegisters; i < kHeadRegisters; ++i) {
    float32x4_t& sum = lanes[i % kLaneRegisters];
    sum = vaddq_f32(sum, vmulq_f32(vld1q_f32(query + kFloats * i), key[i]));
  }
  return sum_registers(lanes);
}

void attention_scores(const float* query, int heads, const std::uint16_t* key, int key_stride,
                      int count, float* scores, int scores_stride) {
  for (int t = 0; t < count; ++t) {
    const std::uint16_t* at = key + static_cast<std::ptrdiff_t>(t) * key_stride;
    float32x4_t values[kHeadRegisters];
    for (int i = 0; i < kHeadRegisters; ++i) values[i] = load_halves(at + kFloats * i);
    for (int head = 0; head < heads; ++head) {
      const float score = dot_head(query + head * kHeadWidth, values);
      scores[static_cast<std::ptrdiff_t>(head) * scores_stride + t] = score;
    }
  }
}

constexpr int kMixed = 32;  // values of a head mixed in one pass, so that three heads fit
constexpr int kMixedRegisters = kMixed / kFloats;

template <int kHeads>
void mix_half(const float* weights, int weights_stride, const std::uint16_t* value,
              int value_stride, int count, float* out) {
  float32x4_t mixed[kHeads][kMixedRegisters];
  for (int h = 0; h < kHeads; ++h) {
    for (int i = 0; i < kMixedRegisters; ++i) {
      mixed[h][i] = vld1q_f32(out + h * kHeadWidth + kFloats * i);
    }
  }
  for (int t = 0; t < count; ++t) {
    const std::uint16_t* at = value + static_cast<std::ptrdiff_t>(t) * value_stride;
    for (int i = 0; i < kMixedRegisters; ++i) {
      const float32x4_t values = load_halves(at + kFloats * i);
      for (int h = 0; h < kHeads; ++h) {
        const float weight = weights[static_cast<std::ptrdiff_t>(h) * weights_stride + t];
        mixed[h][i] = vaddq_f32(mixed[h][i], vmulq_n_f32(values, weight));
      }
    }
  }
  for (int h = 0; h < kHeads; ++h) {
    for (int i = 0; i < kMixedRegisters; ++i) {
      vst1q_f32(out + h * kHeadWidth + kFloats * i, mixed[h][i]);
    }
  }
}

template <int kHeads>
void mix_heads(const float* weights, int weights_stride, const std::uint16_t* value,
               int value_stride, int count, float* out) {
  for (int d = 0; d < kHeadWidth; d += kMixed) {
    mix_half<kHeads>(weights, weights_stride, value + d, value_stride, count, out + d);
  }
}

void attention_mix(const float* weights, int weights_stride, int heads, const std::uint16_t* value,
                   int value_stride, int count, float* out) {
  for (int head = 0; head < heads;) {
    const float* rows = weights + static_cast<std::ptrdiff_t>(head) * weights_stride;
    const bool three = heads - head >= 3;
    const auto mix = three ? mix_heads<3> : mix_heads<1>;
    mix(rows, weights_stride, value, value_stride, count, out + head * kHeadWidth);
    head += three ? 3 : 1;
  }
}

// --- one vector -------------------------------------------------------------

float32x4_t larger(float32x4_t a, float32x4_t b) {  // b where a is not a number
  return vbslq_f32(vcgtq_f32(a, b), a, b);
}

float32x4_t exponentials(float32x4_t x) {
  const float32x4_t highest = vdupq_n_f32(kExpHighest);
  const uint32x4_t kept = vcgeq_f32(x, vdupq_n_f32(kExpLowest));
  const float32x4_t below = vbslq_f32(vcltq_f32(x, highest), x, highest);
  const float32x4_t bounded = larger(below, vdupq_n_f32(kExpLowest));
  const float32x4_t magic = vdupq_n_f32(kRoundToInteger);
  const float32x4_t shifted = vaddq_f32(vmulq_n_f32(bounded, kLog2E), magic);
  const float32x4_t n = vsubq_f32(shifted, magic);
  float32x4_t r = vsubq_f32(bounded, vmulq_n_f32(n, kLn2High));
  r = vsubq_f32(r, vmulq_n_f32(n, kLn2Low));
  float32x4_t p = vdupq_n_f32(kExpPolynomial[0]);
  for (int i = 1; i < 6; ++i) p = vaddq_f32(vmulq_f32(p, r), vdupq_n_f32(kExpPolynomial[i]));
  const float32x4_t square = vmulq_f32(r, r);
  const float32x4_t e_to_r = vaddq_f32(vaddq_f32(vmulq_f32(p, square), r), vdupq_n_f32(1.0f));
  const uint32x4_t two_to_n =
      vshlq_n_u32(vaddq_u32(vreinterpretq_u32_f32(shifted), vdupq_n_u32(127)), 23);
  const float32x4_t result = vmulq_f32(e_to_r, vreinterpretq_f32_u32(two_to_n));
  return vreinterpretq_f32_u32(vandq_u32(vreinterpretq_u32_f32(result), kept));
}

float exp_sum(float* x, int count, float max) {
  const float32x4_t shift = vdupq_n_f32(max);
  Lanes lanes;
  int i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (int part = 0; part < kLaneRegisters; ++part) {
      float* at = x + i + kFloats * part;
      const float32x4_t powers = exponentials(vsubq_f32(vld1q_f32(at), shift));
      vst1q_f32(at, powers);
      lanes.part[part] = vaddq_f32(lanes.part[part], powers);
    }
  }
  for (int tail = i; tail < count; ++tail) x[tail] = exponential(x[tail] - max);
  return lanes.sum_with(x + i, count - i);
}

float max(const float* x, int count) {
  float32x4_t largest = vdupq_n_f32(-HUGE_VALF);
  int i = 0;
  for (; i + kFloats <= count; i += kFloats) largest = larger(vld1q_f32(x + i), largest);
  float result = vmaxvq_f32(largest);  // none of them is a NaN
  for (; i < count; ++i) result = x[i] > result ? x[i] : result;
  return result;
}

void swiglu(float* gate, const float* up, int count) {
  const float32x4_t one = vdupq_n_f32(1.0f);
  int i = 0;
  for (; i + kFloats <= count; i += kFloats) {
    const float32x4_t g = vld1q_f32(gate + i);
    const float32x4_t divisor = vaddq_f32(one, exponentials(vnegq_f32(g)));
    vst1q_f32(gate + i, vmulq_f32(vdivq_f32(g, divisor), vld1q_f32(up + i)));
  }
  for (; i < count; ++i) gate[i] = swiglu_of(gate[i], up[i]);
}

float sum_of_squares(const float* x, int count) {
  Lanes lanes;
  int i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (int part = 0; part < kLaneRegisters; ++part) {
      const float32x4_t values = vld1q_f32(x + i + kFloats * part);
      lanes.part[part] = vaddq_f32(lanes.part[part], vmulq_f32(values, values));
    }
  }
  float tail[kLanes];
  for (int j = i; j < count; ++j) tail[j - i] = x[j] * x[j];
  return lanes.sum_with(tail, count - i);
}

void rms_norm(const float* x, const float* weight, int count, float epsilon, float* y) {
  const float mean = sum_of_squares(x, count) / static_cast<float>(count);
  const float inverse = 1.0f / std::sqrt(mean + epsilon);
  int i = 0;
  for (; i + kFloats <= count; i += kFloats) {
    const float32x4_t normed = vmulq_n_f32(vld1q_f32(x + i), inverse);
    vst1q_f32(y + i, vmulq_f32(normed, vld1q_f32(weight + i)));
  }
  for (; i < count; ++i) y[i] = (x[i] * inverse) * weight[i];
}

void to_half(const float* x, int count, std::uint16_t* y) {
  int i = 0;
  for (; i + kFloats <= count; i += kFloats) {
    vst1_u16(y + i, vreinterpret_u16_f16(vcvt_f16_f32(vld1q_f32(x + i))));
  }
  for (; i < count; ++i) y[i] = float_to_half(x[i]);
}

void from_half(const std::uint16_t* x, int count, float* y) {
  int i = 0;
  for (; i + kFloats <= count; i += kFloats) vst1q_f32(y + i, load_halves(x + i));
  for (; i < count; ++i) y[i] = half_to_float(x[i]);
}

}  // namespace
}  // namespace neon

const Table kNeonTable = {
    .name = "neon",
    .quantize = neon::quantize,
    .matmul_int4 = neon::matmul_int4,
    .matmul_int8 = neon::matmul_int8,
    .matmul_coded = neon::matmul_coded,
    .matmul_sparse = neon::matmul_sparse,
    .attention_scores = neon::attention_scores,
    .attention_mix = neon::attention_mix,
    .exp_sum = neon::exp_sum,
    .max = neon::max,
    .swiglu = neon::swiglu,
    .rms_norm = neon::rms_norm,
    .to_half = neon::to_half,
    .from_half = neon::from_half,
};

}  // namespace foretype::kernels

#endif
