// The public projection: the one way by which a hidden state of the language
// model comes into statistics. docs/formats/statistics.md specifies every sign.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace foretype::statistics {

inline constexpr std::size_t kDimensions = 64;
inline constexpr std::uint64_t kProjectionSeed = 0x666f7265747970;  // "foretyp"

/// A projected state.
using State = std::array<float, kDimensions>;

/// Neither infinite nor absurdly large: nothing that a damaged weight made.
bool usable(std::span<const float> values);
float squared_distance(const State& a, const State& b);

/// A matrix [64][width] of entries +1/8 or -1/8. Lengths and angles come through it nearly
/// unchanged (Achlioptas, 2003); the state itself cannot be had back.
class Projection {
 public:
  explicit Projection(std::size_t width);

  std::size_t width() const { return width_; }
  /// Of x[width]: 64 sums in the order of columns, each addition rounded to float.
  State project(const float* x) const;
  static bool is_negative(std::uint64_t row, std::uint64_t column);

 private:
  std::size_t width_;
  std::vector<float> columns_;  // [width][64]
};

}  // namespace foretype::statistics
