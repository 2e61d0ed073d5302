// Classes of single bytes. Bytes beyond ASCII are in none of them.
#pragma once

namespace foretype::context {

constexpr bool is_ascii(char byte) { return static_cast<unsigned char>(byte) < 0x80; }
constexpr bool is_line_end(char byte) { return byte == '\n' || byte == '\r'; }
constexpr bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }
constexpr bool is_small(char byte) { return byte >= 'a' && byte <= 'z'; }
constexpr bool is_capital(char byte) { return byte >= 'A' && byte <= 'Z'; }
constexpr bool is_letter(char byte) { return is_small(byte) || is_capital(byte); }
constexpr bool is_letter_or_digit(char byte) { return is_letter(byte) || is_digit(byte); }
constexpr char to_small(char byte) {
  return is_capital(byte) ? static_cast<char>(byte - 'A' + 'a') : byte;
}
constexpr bool is_hexadecimal(char byte) {
  return is_digit(byte) || (to_small(byte) >= 'a' && to_small(byte) <= 'f');
}

}  // namespace foretype::context
