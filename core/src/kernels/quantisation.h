// How a group of activations becomes 8-bit numbers (Table::quantize), and where codes of weights
// have their zero.
#pragma once

#include <cstdint>

namespace foretype::kernels {

inline constexpr float kLargestQ = 127.0f;
inline constexpr std::uint32_t kMagnitudeBits = 0x7fffffffu;  // a float without its sign

// Magnitudes are compared as integers, which orders floats and puts NaN and
// infinity on top. A group whose largest lies outside this range has no useful
// scale: below 127 * 2^-126 the scale itself would be subnormal.
inline constexpr std::uint32_t kSmallestMagnitude =
    0x03fe0000u;  // 127 * 2^-126 = 1.984375 * 2^-120
inline constexpr std::uint32_t kInfinity = 0x7f800000u;

[[maybe_unused]] static inline bool has_scale(std::uint32_t largest_magnitude) {
  return largest_magnitude >= kSmallestMagnitude && largest_magnitude < kInfinity;
}

/// The code of weight 0 with so many bits; see CodedMatrix.
[[maybe_unused]] static inline float middle_of(int bits) {
  return static_cast<float>(1 << (bits - 1));
}

}  // namespace foretype::kernels
