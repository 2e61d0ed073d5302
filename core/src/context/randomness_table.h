// What letters, digits and capitals cost in written text, in sixteenths of a bit.
#pragma once

#include <array>
#include <cstdint>

namespace foretype::context {

/// [what stood before: 0 a mark or nothing, 1..26 a letter, 27 a digit, 28 a mark behind a digit]
/// [0..25 a letter, 26 any digit]. Which digit it is costs log2 10 more.
extern const std::array<std::array<std::uint8_t, 27>, 29> kCharacterCost;

/// [before: 0 a mark or nothing, 1 small, 2 capital, 3 digit][1: the letter is a capital].
extern const std::array<std::array<std::uint8_t, 2>, 4> kCaseCost;

}  // namespace foretype::context
