// Reads UTF-8 that may be damaged: never past the end, always at least one byte.
#pragma once

#include <cstddef>
#include <string_view>

namespace foretype::context {

struct CodePoint {
  char32_t value;      // the byte itself where it is not valid
  std::size_t length;  // bytes, 1..4; 1 where it is not valid
  bool valid;
};

/// decode_utf8 for a lead byte beyond ASCII.
CodePoint decode_long_utf8(std::string_view text, std::size_t at);

/// The code point that starts at text[at]; at < text.size(). Overlong forms, surrogates, values
/// beyond U+10FFFF and sequences cut short are not valid.
inline CodePoint decode_utf8(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  return lead < 0x80 ? CodePoint{lead, 1, true} : decode_long_utf8(text, at);
}

/// The code point that ends at text[end]; 0 < end <= text.size().
CodePoint decode_utf8_before(std::string_view text, std::size_t end);

/// How many there are, a byte that is not valid counting as one.
std::size_t count_code_points(std::string_view text);

/// The offset of a sequence at the end of `text` which more bytes could still complete;
/// text.size() if there is none.
std::size_t unfinished_utf8(std::string_view text);

}  // namespace foretype::context
