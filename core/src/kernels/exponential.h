// e^x and the order of float sums, the same operations in the same order for
// every instruction set: multiplications and additions are never fused, so
// that all kernels (and WebAssembly, which has no fused ones) agree bit for bit.
//
// Internal linkage for the reason given in half.h.
#pragma once

#include <bit>
#include <cstdint>

namespace foretype::kernels {

// e^x = 2^n * e^r with n = round(x / ln 2), |r| <= ln(2) / 2. ln 2 is split so
// that n * kLn2High is exact; the polynomial is Cephes' expf (Moshier).
inline constexpr float kExpLowest = -87.0f;  // below it the answer is 0
inline constexpr float kExpHighest = 88.0f;  // above it the answer is e^88
inline constexpr float kLog2E = 1.44269504f;
inline constexpr float kRoundToInteger = 12582912.0f;  // 1.5 * 2^23: adding it rounds to integer
inline constexpr float kLn2High = 0.693359375f;
inline constexpr float kLn2Low = -2.12194440e-4f;
inline constexpr float kExpPolynomial[6] = {1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f,
                                            4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f};

/// Relative error below 2e-6 from -87 to 88; NaN gives 0.
[[maybe_unused]] static inline float exponential(float x) {
  if (!(x >= kExpLowest)) return 0.0f;
  const float bounded = x < kExpHighest ? x : kExpHighest;
  const float shifted = bounded * kLog2E + kRoundToInteger;
  const float n = shifted - kRoundToInteger;
  const float r = (bounded - n * kLn2High) - n * kLn2Low;
  float p = kExpPolynomial[0];
  for (int i = 1; i < 6; ++i) p = p * r + kExpPolynomial[i];
  const float e_to_r = (p * (r * r) + r) + 1.0f;
  // The low bits of `shifted` are n in two's complement; they become the exponent of 2^n.
  const std::uint32_t two_to_n = (std::bit_cast<std::uint32_t>(shifted) + 127u) << 23;
  return e_to_r * std::bit_cast<float>(two_to_n);
}

[[maybe_unused]] static inline float swiglu_of(float gate, float up) {
  return gate / (1.0f + exponential(-gate)) * up;
}

// A float sum runs in kLanes partial sums: element i goes to lane i % 16. AVX-512 holds them
// in one register, AVX2 in two, NEON and simd128 in four.
inline constexpr int kLanes = 16;

/// Halves once, then neighbours: ((l0+l8)+(l1+l9)) + ((l2+l10)+(l3+l11)) + ...
[[maybe_unused]] static inline float sum_lanes(const float* lanes) {
  float folded[8];
  for (int i = 0; i < 8; ++i) folded[i] = lanes[i] + lanes[i + 8];
  const float low = (folded[0] + folded[1]) + (folded[2] + folded[3]);
  const float high = (folded[4] + folded[5]) + (folded[6] + folded[7]);
  return low + high;
}

}  // namespace foretype::kernels
