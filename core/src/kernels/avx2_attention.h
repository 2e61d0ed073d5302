// Query heads that share a key head, against cached binary16 keys and values.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernels/avx2_registers.h"
#include "kernels/kernels.h"

namespace foretype::kernels::avx2 {
namespace {  // compiled again, with its own instruction set, in each file that includes it

constexpr int kHeadRegisters = kHeadWidth / kFloats;

/// Lanes i and i + 8 of a dot product already added.
__m256 dot_head(const __m256* query, const float* key) {
  __m256 low = _mm256_mul_ps(query[0], _mm256_loadu_ps(key));
  __m256 high = _mm256_mul_ps(query[1], _mm256_loadu_ps(key + kFloats));
  for (int i = 2; i < kHeadRegisters; i += 2) {
    const __m256 first = _mm256_loadu_ps(key + kFloats * i);
    const __m256 second = _mm256_loadu_ps(key + kFloats * i + kFloats);
    low = _mm256_add_ps(low, _mm256_mul_ps(query[i], first));
    high = _mm256_add_ps(high, _mm256_mul_ps(query[i + 1], second));
  }
  return _mm256_add_ps(low, high);
}

/// Eight dot products of one query head at once, so that their last sums share registers.
__m256 dot_eight(const float* query, const float (*keys)[kHeadWidth]) {
  __m256 q[kHeadRegisters];
  for (int i = 0; i < kHeadRegisters; ++i) q[i] = _mm256_loadu_ps(query + kFloats * i);
  __m256 pairs[4];
  for (int t = 0; t < 4; ++t) {
    pairs[t] = _mm256_hadd_ps(dot_head(q, keys[2 * t]), dot_head(q, keys[2 * t + 1]));
  }
  const __m256 first = _mm256_hadd_ps(pairs[0], pairs[1]);   // keys 0..3: low sums, high sums
  const __m256 second = _mm256_hadd_ps(pairs[2], pairs[3]);  // keys 4..7
  return _mm256_add_ps(_mm256_permute2f128_ps(first, second, 0x20),
                       _mm256_permute2f128_ps(first, second, 0x31));
}

void widen_head(const std::uint16_t* halves, float* values) {
  for (int i = 0; i < kHeadWidth; i += kFloats)
    _mm256_storeu_ps(values + i, load_halves(halves + i));
}

void attention_scores(const float* query, int heads, const std::uint16_t* key, int key_stride,
                      int count, float* scores, int scores_stride) {
  float keys[8][kHeadWidth] = {};
  for (int t = 0; t < count; t += 8) {
    const int batch = count - t < 8 ? count - t : 8;
    for (int i = 0; i < batch; ++i) {
      widen_head(key + static_cast<std::ptrdiff_t>(t + i) * key_stride, keys[i]);
    }
    for (int head = 0; head < heads; ++head) {
      float eight[8];
      _mm256_storeu_ps(eight, dot_eight(query + head * kHeadWidth, keys));
      float* row = scores + static_cast<std::ptrdiff_t>(head) * scores_stride + t;
      std::memcpy(row, eight, static_cast<std::size_t>(batch) * sizeof(float));
    }
  }
}

constexpr int kMixed = 32;  // values of a head mixed in one pass, so that three heads fit

/// kHeads heads, kMixed of their values, over all t.
template <int kHeads>
void mix_half(const float* weights, int weights_stride, const std::uint16_t* value,
              int value_stride, int count, float* out) {
  constexpr int kRegisters = kMixed / kFloats;
  __m256 mixed[kHeads][kRegisters];
  for (int h = 0; h < kHeads; ++h) {
    for (int i = 0; i < kRegisters; ++i) {
      mixed[h][i] = _mm256_loadu_ps(out + h * kHeadWidth + i * kFloats);
    }
  }
  for (int t = 0; t < count; ++t) {
    const std::uint16_t* at = value + static_cast<std::ptrdiff_t>(t) * value_stride;
    for (int i = 0; i < kRegisters; ++i) {
      const __m256 values = load_halves(at + i * kFloats);
      for (int h = 0; h < kHeads; ++h) {
        const __m256 weight = _mm256_broadcast_ss(weights + h * weights_stride + t);
        mixed[h][i] = _mm256_add_ps(mixed[h][i], _mm256_mul_ps(weight, values));
      }
    }
  }
  for (int h = 0; h < kHeads; ++h) {
    for (int i = 0; i < kRegisters; ++i) {
      _mm256_storeu_ps(out + h * kHeadWidth + i * kFloats, mixed[h][i]);
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
  int head = 0;
  for (; head + 3 <= heads; head += 3) {
    mix_heads<3>(weights + static_cast<std::ptrdiff_t>(head) * weights_stride, weights_stride,
                 value, value_stride, count, out + head * kHeadWidth);
  }
  for (; head < heads; ++head) {
    mix_heads<1>(weights + static_cast<std::ptrdiff_t>(head) * weights_stride, weights_stride,
                 value, value_stride, count, out + head * kHeadWidth);
  }
}

}  // namespace
}  // namespace foretype::kernels::avx2
