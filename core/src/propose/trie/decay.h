// How much an old use still counts. Counts are stored whole; they fade only
// when they are read, so that taking a use back stays exact.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace foretype::trie {

using Day = std::uint16_t;  // days since 1970-01-01

class Decay {
 public:
  /// What a use weighs more on its day than in the end halves in so many days (0 or less: it never
  /// fades); in the end the share `faded` is left of it.
  Decay(double half_life_days, double faded) {
    for (std::size_t age = 0; age < factors_.size() && half_life_days > 0; ++age) {
      const double halvings = static_cast<double>(age) / half_life_days;
      factors_[age] = static_cast<float>(faded + (1 - faded) * std::exp2(-halvings));
    }
    if (half_life_days <= 0) factors_.fill(1.0F);
  }

  /// Weight of one use of that day; days to come count as today.
  double factor(Day last, Day today) const {
    const std::size_t age = today > last ? static_cast<std::size_t>(today - last) : 0;
    return static_cast<double>(factors_[std::min(age, factors_.size() - 1)]);
  }

 private:
  static constexpr std::size_t kDays = 1024;  // whatever is older counts like this
  std::array<float, kDays> factors_{};
};

}  // namespace foretype::trie
