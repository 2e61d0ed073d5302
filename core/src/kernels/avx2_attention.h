// Query heads that share a key head, against cached binary16 keys and values.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "kernels/avx2_registers.h"
#include "kernels/kernels.h"

namespace foretype::kernels::avx2 {
namespace {  // compiled again, with its own instruction set, in each file that includes it

constexpr int kHeadRegisters = kHeadWidth / kFloats;
constexpr int kScoredHeads = 3;      // heads, and
constexpr int kScoredPositions = 8;  // positions, whose scores are finished together

/// Lanes i and i + 8 of a dot product, already added.
__m256 dot_head(const float* query, const __m256* key) {
  __m256 low = _mm256_mul_ps(key[0], _mm256_loadu_ps(query));
  __m256 high = _mm256_mul_ps(key[1], _mm256_loadu_ps(query + kFloats));
  for (int i = 2; i < kHeadRegisters; i += 2) {
    const float* at = query + kFloats * i;
    low = _mm256_add_ps(low, _mm256_mul_ps(key[i], _mm256_loadu_ps(at)));
    high = _mm256_add_ps(high, _mm256_mul_ps(key[i + 1], _mm256_loadu_ps(at + kFloats)));
  }
  return _mm256_add_ps(low, high);
}

/// Adds up the eight lanes of each of eight dot products, neighbours first.
__m256 sum_eight(const __m256* dots) {
  __m256 pairs[4];
  for (int t = 0; t < 4; ++t) pairs[t] = _mm256_hadd_ps(dots[2 * t], dots[2 * t + 1]);
  const __m256 first = _mm256_hadd_ps(pairs[0], pairs[1]);   // of 0..3: low lanes, high lanes
  const __m256 second = _mm256_hadd_ps(pairs[2], pairs[3]);  // of 4..7
  return _mm256_add_ps(_mm256_permute2f128_ps(first, second, 0x20),
                       _mm256_permute2f128_ps(first, second, 0x31));
}

/// dots[head][t] for count positions, not yet added up.
void dot_few(const float* query, int heads, const std::uint16_t* key, int key_stride, int count,
             __m256 (*dots)[kScoredPositions]) {
  for (int t = 0; t < count; ++t) {
    const std::uint16_t* at = key + static_cast<std::ptrdiff_t>(t) * key_stride;
    __m256 values[kHeadRegisters];
    for (int i = 0; i < kHeadRegisters; ++i) values[i] = load_halves(at + kFloats * i);
    for (int head = 0; head < heads; ++head) {
      dots[head][t] = dot_head(query + head * kHeadWidth, values);
    }
  }
}

void store_few(__m256 values, int count, float* to) {
  if (count == kScoredPositions) return _mm256_storeu_ps(to, values);
  float eight[kScoredPositions];
  _mm256_storeu_ps(eight, values);
  for (int i = 0; i < count; ++i) to[i] = eight[i];
}

/// Scores of at most kScoredHeads heads at at most kScoredPositions positions.
void score_few(const float* query, int heads, const std::uint16_t* key, int key_stride, int count,
               float* scores, int scores_stride) {
  __m256 dots[kScoredHeads][kScoredPositions];
  for (auto& row : dots) {
    for (int t = count; t < kScoredPositions; ++t) row[t] = _mm256_setzero_ps();
  }
  dot_few(query, heads, key, key_stride, count, dots);
  for (int head = 0; head < heads; ++head) {
    float* row = scores + static_cast<std::ptrdiff_t>(head) * scores_stride;
    store_few(sum_eight(dots[head]), count, row);
  }
}

void attention_scores(const float* query, int heads, const std::uint16_t* key, int key_stride,
                      int count, float* scores, int scores_stride) {
  for (int head = 0; head < heads; head += kScoredHeads) {
    const int few = heads - head < kScoredHeads ? heads - head : kScoredHeads;
    float* rows = scores + static_cast<std::ptrdiff_t>(head) * scores_stride;
    for (int t = 0; t < count; t += kScoredPositions) {
      const int positions = count - t < kScoredPositions ? count - t : kScoredPositions;
      score_few(query + head * kHeadWidth, few, key + static_cast<std::ptrdiff_t>(t) * key_stride,
                key_stride, positions, rows + t, scores_stride);
    }
  }
}

constexpr int kMixed =
    16;  // values of a head mixed in one pass: the sums of three heads stay in registers

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
