#include "context/utf8.h"

#include <algorithm>

namespace foretype::context {

namespace {

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

/// Bytes of the sequence that `lead` announces; 0 if no sequence starts with it.
std::size_t announced_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

/// The second byte's range depends on the lead: it shuts out overlong forms, surrogates and
/// values beyond U+10FFFF (the Unicode Standard, table 3-7).
bool second_byte_fits(unsigned char lead, unsigned char second) {
  const unsigned char first = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char last = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return second >= first && second <= last;
}

/// How many of the `announced` bytes at `at` are there and fit.
std::size_t fitting_bytes(std::string_view text, std::size_t at, std::size_t announced) {
  const std::size_t available = std::min(announced, text.size() - at);
  if (available < 2 || !second_byte_fits(byte_at(text, at), byte_at(text, at + 1))) return 1;
  std::size_t fitting = 2;
  while (fitting < available && (byte_at(text, at + fitting) & 0xC0) == 0x80) ++fitting;
  return fitting;
}

}  // namespace

CodePoint decode_long_utf8(std::string_view text, std::size_t at) {
  const unsigned char lead = byte_at(text, at);
  const std::size_t announced = announced_length(lead);
  if (announced == 0 || fitting_bytes(text, at, announced) < announced) return {lead, 1, false};
  char32_t value = lead & (0xFFu >> (announced + 1));
  for (std::size_t i = 1; i < announced; ++i) value = value << 6 | (byte_at(text, at + i) & 0x3Fu);
  return {value, announced, true};
}

CodePoint decode_utf8_before(std::string_view text, std::size_t end) {
  for (std::size_t length = 1; length <= std::min<std::size_t>(end, 4); ++length) {
    const CodePoint point = decode_utf8(text.substr(0, end), end - length);
    if (point.valid && point.length == length) return point;
  }
  return {byte_at(text, end - 1), 1, false};
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += decode_utf8(text, at).length) ++count;
  return count;
}

std::size_t unfinished_utf8(std::string_view text) {
  const std::size_t earliest = text.size() - std::min<std::size_t>(text.size(), 3);
  for (std::size_t at = text.size(); at-- > earliest;) {
    const std::size_t announced = announced_length(byte_at(text, at));
    const std::size_t available = text.size() - at;
    if (announced > available && fitting_bytes(text, at, announced) == available) return at;
  }
  return text.size();
}

}  // namespace foretype::context
