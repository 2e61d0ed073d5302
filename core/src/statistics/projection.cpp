#include "statistics/projection.h"

#include <cmath>

namespace foretype::statistics {
namespace {

constexpr float kEntry = 0.125F;  // 1 / sqrt(64)
constexpr float kLargest = 1e6F;  // its square, 64 times, is still far from what a float can hold
constexpr int kColumnBits = 32;

// Output number n of the generator SplitMix64 (Steele, Lea and Flood, 2014).
std::uint64_t split_mix(std::uint64_t seed, std::uint64_t n) {
  std::uint64_t z = seed + (n + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

bool usable(std::span<const float> values) {
  unsigned others = 0;  // no early end: so it is done many at a time
  for (const float value : values) others |= std::fabs(value) <= kLargest ? 0U : 1U;  // 1: NaN too
  return others == 0;
}

float squared_distance(const State& a, const State& b) {
  std::array<float, 4> sums{};  // four at once, in this order everywhere
  for (std::size_t i = 0; i < kDimensions; i += sums.size()) {
    for (std::size_t lane = 0; lane < sums.size(); ++lane) {
      const float difference = a[i + lane] - b[i + lane];
      sums[lane] += difference * difference;
    }
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

Projection::Projection(std::size_t width) : width_(width), columns_(width * kDimensions) {
  for (std::size_t column = 0; column < width; ++column) {
    for (std::size_t row = 0; row < kDimensions; ++row) {
      columns_[column * kDimensions + row] = is_negative(row, column) ? -kEntry : kEntry;
    }
  }
}

bool Projection::is_negative(std::uint64_t row, std::uint64_t column) {
  return split_mix(kProjectionSeed, (row << kColumnBits) + column) >> 63 != 0;
}

State Projection::project(const float* x) const {
  State sums{};
  for (std::size_t column = 0; column < width_; ++column) {
    const float* signs = columns_.data() + column * kDimensions;
    for (std::size_t row = 0; row < kDimensions; ++row) sums[row] += signs[row] * x[column];
  }
  return sums;
}

}  // namespace foretype::statistics
