#include "propose/lm/json_reader.h"

#include <limits>

#include "context/utf8.h"

namespace foretype::lm {
namespace {

void append_utf8(std::uint32_t code_point, std::string* out) {
  const auto put = [out](std::uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
    return;
  }
  if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
  } else {
    if (code_point < 0x10000) {
      put(0xE0 | code_point >> 12);
    } else {
      put(0xF0 | code_point >> 18);
      put(0x80 | (code_point >> 12 & 0x3F));
    }
    put(0x80 | (code_point >> 6 & 0x3F));
  }
  put(0x80 | (code_point & 0x3F));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<std::uint32_t> hex_value(char c) {
  if (is_digit(c)) return static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint32_t>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

void JsonReader::skip_space() {
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return;
    ++position_;
  }
}

bool JsonReader::take(char symbol) {
  skip_space();
  if (position_ == text_.size() || text_[position_] != symbol) return false;
  ++position_;
  return true;
}

bool JsonReader::at_end() {
  skip_space();
  return position_ == text_.size();
}

std::optional<std::uint64_t> JsonReader::integer() {
  skip_space();
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  const std::size_t start = position_;
  std::uint64_t value = 0;
  while (position_ < text_.size() && is_digit(text_[position_])) {
    const auto digit = static_cast<std::uint64_t>(text_[position_] - '0');
    if (value > (kMax - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
    ++position_;
  }
  const std::size_t digits = position_ - start;
  const bool leading_zero = digits > 1 && text_[start] == '0';
  if (digits == 0 || leading_zero) return std::nullopt;
  return value;
}

std::optional<std::string> JsonReader::string() {
  if (!take('"')) return std::nullopt;
  std::string out;
  while (position_ < text_.size()) {
    if (take_now('"')) return out;
    const bool read = take_now('\\') ? escape(&out) : plain_character(&out);
    if (!read) return std::nullopt;
  }
  return std::nullopt;
}

bool JsonReader::take_now(char symbol) {
  if (text_[position_] != symbol) return false;
  ++position_;
  return true;
}

/// A character as it is: valid UTF-8, and no control character.
bool JsonReader::plain_character(std::string* out) {
  const context::CodePoint character = context::decode_utf8(text_, position_);
  if (!character.valid || character.value < 0x20) return false;
  out->append(text_.substr(position_, character.length));
  position_ += character.length;
  return true;
}

bool JsonReader::escape(std::string* out) {
  if (position_ == text_.size()) return false;
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const char letter = text_[position_++];
  if (letter == 'u') return unicode_escape(out);
  const std::size_t which = kLetters.find(letter);
  if (which == std::string_view::npos) return false;
  out->push_back(kMeanings[which]);
  return true;
}

/// The digits after "\u"; a high surrogate must be followed by its low one.
bool JsonReader::unicode_escape(std::string* out) {
  std::optional<std::uint32_t> code = four_hex_digits();
  if (!code) return false;
  if (*code >= 0xD800 && *code < 0xDC00) {
    if (text_.substr(position_, 2) != "\\u") return false;
    position_ += 2;
    const std::optional<std::uint32_t> low = four_hex_digits();
    if (!low || *low < 0xDC00 || *low > 0xDFFF) return false;
    code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
  } else if (*code >= 0xDC00 && *code <= 0xDFFF) {
    return false;
  }
  append_utf8(*code, out);
  return true;
}

std::optional<std::uint32_t> JsonReader::four_hex_digits() {
  if (text_.size() - position_ < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const std::optional<std::uint32_t> digit = hex_value(text_[position_++]);
    if (!digit) return std::nullopt;
    value = value << 4 | *digit;
  }
  return value;
}

}  // namespace foretype::lm
