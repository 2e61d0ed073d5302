// Classes of code points, as the `tokenizers` library sees them: letters and
// spaces as its regular expressions do, numbers as its digit splitter does.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace foretype::context {

/// Numbered as in scripts/generate_unicode.py.
enum class CharClass : std::uint8_t {
  kOther = 0,      // punctuation, symbols, controls, unassigned
  kLetter = 1,     // \p{L}
  kNumber = 2,     // \p{N}, all kinds of digits and numerals
  kSpace = 3,      // \s, line ends included
  kMark = 4,       // combining marks and format characters (joiners, selectors)
  kBracket = 5,    // brackets and quotes
  kPictograph = 6  // emoji and their parts
};

/// Where runs of one class begin, ascending: class << 24 | first code point.
extern const std::span<const std::uint32_t> kClassRuns;

/// The same for the first 128 code points, to be looked up at once.
extern const std::array<std::uint8_t, 128> kAsciiClasses;

inline constexpr std::uint32_t kClassRunMask = 0xFFFFFF;

/// The class of a code point; kOther beyond U+10FFFF.
inline CharClass char_class(char32_t code_point) {
  if (code_point < kAsciiClasses.size()) return CharClass{kAsciiClasses[code_point]};
  const auto after = std::upper_bound(
      kClassRuns.begin(), kClassRuns.end(), static_cast<std::uint32_t>(code_point),
      [](std::uint32_t value, std::uint32_t run) { return value < (run & kClassRunMask); });
  return static_cast<CharClass>(*(after - 1) >> 24);
}

}  // namespace foretype::context
