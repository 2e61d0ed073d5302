// What is done to one vector at a time: quantisation, soft-max, SwiGLU, norm, halves.
#pragma once

#include <immintrin.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "kernels/avx2_registers.h"
#include "kernels/exponential.h"
#include "kernels/half.h"
#include "kernels/kernels.h"
#include "kernels/quantisation.h"

namespace foretype::kernels::avx2 {
namespace {  // compiled again, with its own instruction set, in each file that includes it

// --- quantisation -----------------------------------------------------------

std::uint32_t largest_lane(__m256i x) {
  __m128i four = _mm_max_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
  four = _mm_max_epi32(four, _mm_shuffle_epi32(four, 0x4e));
  four = _mm_max_epi32(four, _mm_shuffle_epi32(four, 0xb1));
  return static_cast<std::uint32_t>(_mm_cvtsi128_si32(four));
}

int sum_bytes(__m256i q) {  // of 32 signed bytes
  const __m256i pairs = _mm256_maddubs_epi16(_mm256_set1_epi8(1), q);
  const __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
  __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(fours), _mm256_extracti128_si256(fours, 1));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4e));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xb1));
  return _mm_cvtsi128_si32(sum);
}

std::uint32_t largest_magnitude(const __m256* x) {
  const __m256i mask = _mm256_set1_epi32(static_cast<int>(kMagnitudeBits));
  __m256i largest = _mm256_setzero_si256();
  for (int i = 0; i < 4; ++i) {
    largest = _mm256_max_epi32(largest, _mm256_and_si256(_mm256_castps_si256(x[i]), mask));
  }
  return largest_lane(largest);
}

__m256i round_to_int8(const __m256* x, float inverse) {
  const __m256 factor = _mm256_set1_ps(inverse);
  __m256i q[4];
  for (int i = 0; i < 4; ++i) q[i] = _mm256_cvtps_epi32(_mm256_mul_ps(x[i], factor));
  const __m256i packed =
      _mm256_packs_epi16(_mm256_packs_epi32(q[0], q[1]), _mm256_packs_epi32(q[2], q[3]));
  // The packs work on halves of registers; put the fours of bytes back in order.
  return _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

void quantize_group(const float* x, std::int8_t* q, float* scale, float* sum) {
  __m256 values[4];
  for (int i = 0; i < 4; ++i) values[i] = _mm256_loadu_ps(x + kFloats * i);
  const std::uint32_t largest = largest_magnitude(values);
  if (!has_scale(largest)) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(q), _mm256_setzero_si256());
    *scale = *sum = 0.0f;
    return;
  }
  const float magnitude = std::bit_cast<float>(largest);
  const __m256i bytes = round_to_int8(values, kLargestQ / magnitude);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(q), bytes);
  *scale = magnitude / kLargestQ;
  *sum = *scale * static_cast<float>(sum_bytes(bytes));
}

void quantize(const float* x, int columns, std::int8_t* q, float* scale, float* sum) {
  for (int group = 0; group < columns / kGroup; ++group) {
    quantize_group(x + group * kGroup, q + group * kGroup, scale + group, sum + group);
  }
}

// --- soft-max and norm ------------------------------------------------------

/// Sixteen partial sums which a tail of single elements can join.
struct Lanes {
  __m256 low = _mm256_setzero_ps();
  __m256 high = _mm256_setzero_ps();

  void add(__m256 first, __m256 second) {
    low = _mm256_add_ps(low, first);
    high = _mm256_add_ps(high, second);
  }

  /// With count (0..15) more elements, the first of which belongs to lane 0.
  [[nodiscard]] float sum_with(const float* tail, int count) const {
    float lanes[kLanes];
    _mm256_storeu_ps(lanes, low);
    _mm256_storeu_ps(lanes + kFloats, high);
    for (int i = 0; i < count; ++i) lanes[i] = lanes[i] + tail[i];
    return kernels::sum_lanes(lanes);
  }
};

__m256 exponentials(__m256 x) {
  const __m256 lowest = _mm256_set1_ps(kExpLowest);
  const __m256 kept = _mm256_cmp_ps(x, lowest, _CMP_GE_OQ);
  const __m256 bounded = _mm256_max_ps(_mm256_min_ps(x, _mm256_set1_ps(kExpHighest)), lowest);
  const __m256 magic = _mm256_set1_ps(kRoundToInteger);
  const __m256 shifted = _mm256_add_ps(_mm256_mul_ps(bounded, _mm256_set1_ps(kLog2E)), magic);
  const __m256 n = _mm256_sub_ps(shifted, magic);
  __m256 r = _mm256_sub_ps(bounded, _mm256_mul_ps(n, _mm256_set1_ps(kLn2High)));
  r = _mm256_sub_ps(r, _mm256_mul_ps(n, _mm256_set1_ps(kLn2Low)));
  __m256 p = _mm256_set1_ps(kExpPolynomial[0]);
  for (int i = 1; i < 6; ++i) {
    p = _mm256_add_ps(_mm256_mul_ps(p, r), _mm256_set1_ps(kExpPolynomial[i]));
  }
  const __m256 e_to_r =
      _mm256_add_ps(_mm256_add_ps(_mm256_mul_ps(p, _mm256_mul_ps(r, r)), r), _mm256_set1_ps(1.0f));
  const __m256i two_to_n =
      _mm256_slli_epi32(_mm256_add_epi32(_mm256_castps_si256(shifted), _mm256_set1_epi32(127)), 23);
  return _mm256_and_ps(_mm256_mul_ps(e_to_r, _mm256_castsi256_ps(two_to_n)), kept);
}

float exp_sum(float* x, int count, float max) {
  const __m256 shift = _mm256_set1_ps(max);
  Lanes lanes;
  int i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const __m256 low = exponentials(_mm256_sub_ps(_mm256_loadu_ps(x + i), shift));
    const __m256 high = exponentials(_mm256_sub_ps(_mm256_loadu_ps(x + i + kFloats), shift));
    _mm256_storeu_ps(x + i, low);
    _mm256_storeu_ps(x + i + kFloats, high);
    lanes.add(low, high);
  }
  for (int tail = i; tail < count; ++tail) x[tail] = exponential(x[tail] - max);
  return lanes.sum_with(x + i, count - i);
}

float max(const float* x, int count) {
  __m256 largest = _mm256_set1_ps(-HUGE_VALF);
  int i = 0;
  for (; i + kFloats <= count; i += kFloats) {
    largest = _mm256_max_ps(_mm256_loadu_ps(x + i), largest);  // the second one for a NaN
  }
  float lanes[kFloats];
  _mm256_storeu_ps(lanes, largest);
  float result = -HUGE_VALF;
  for (const float lane : lanes) result = lane > result ? lane : result;
  for (; i < count; ++i) result = x[i] > result ? x[i] : result;
  return result;
}

void swiglu(float* gate, const float* up, int count) {
  const __m256 one = _mm256_set1_ps(1.0f);
  const __m256 sign = _mm256_set1_ps(-0.0f);
  int i = 0;
  for (; i + kFloats <= count; i += kFloats) {
    const __m256 g = _mm256_loadu_ps(gate + i);
    const __m256 divisor = _mm256_add_ps(one, exponentials(_mm256_xor_ps(g, sign)));
    const __m256 y = _mm256_mul_ps(_mm256_div_ps(g, divisor), _mm256_loadu_ps(up + i));
    _mm256_storeu_ps(gate + i, y);
  }
  for (; i < count; ++i) gate[i] = swiglu_of(gate[i], up[i]);
}

float sum_of_squares(const float* x, int count) {
  Lanes lanes;
  int i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const __m256 low = _mm256_loadu_ps(x + i);
    const __m256 high = _mm256_loadu_ps(x + i + kFloats);
    lanes.add(_mm256_mul_ps(low, low), _mm256_mul_ps(high, high));
  }
  float tail[kLanes];
  for (int j = i; j < count; ++j) tail[j - i] = x[j] * x[j];
  return lanes.sum_with(tail, count - i);
}

void rms_norm(const float* x, const float* weight, int count, float epsilon, float* y) {
  const float mean = sum_of_squares(x, count) / static_cast<float>(count);
  const float inverse = 1.0f / std::sqrt(mean + epsilon);
  const __m256 factor = _mm256_set1_ps(inverse);
  int i = 0;
  for (; i + kFloats <= count; i += kFloats) {
    const __m256 normed = _mm256_mul_ps(_mm256_loadu_ps(x + i), factor);
    _mm256_storeu_ps(y + i, _mm256_mul_ps(normed, _mm256_loadu_ps(weight + i)));
  }
  for (; i < count; ++i) y[i] = (x[i] * inverse) * weight[i];
}

void to_half(const float* x, int count, std::uint16_t* y) {
  int i = 0;
  for (; i + kFloats <= count; i += kFloats) {
    const __m128i halves = _mm256_cvtps_ph(_mm256_loadu_ps(x + i), _MM_FROUND_TO_NEAREST_INT);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(y + i), halves);
  }
  for (; i < count; ++i) y[i] = float_to_half(x[i]);
}

void from_half(const std::uint16_t* x, int count, float* y) {
  int i = 0;
  for (; i + kFloats <= count; i += kFloats) _mm256_storeu_ps(y + i, load_halves(x + i));
  for (; i < count; ++i) y[i] = half_to_float(x[i]);
}

}  // namespace
}  // namespace foretype::kernels::avx2
