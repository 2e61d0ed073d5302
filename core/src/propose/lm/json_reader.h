// Reads JSON from bytes that nobody vouches for, value by value: enough for the
// header of a safetensors file. Strict: what RFC 8259 does not allow fails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace foretype::lm {

/// A cursor over JSON text. Every read skips white space before it and, if the text is not what
/// was asked for, answers false or nothing and leaves the cursor where the text stopped fitting.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  /// Takes `symbol` (one of {}[]:,) if it comes next.
  bool take(char symbol);
  /// A string, its escapes resolved to UTF-8.
  std::optional<std::string> string();
  /// An integer without sign, fraction or exponent, below 2^64.
  std::optional<std::uint64_t> integer();
  /// Whether nothing but white space is left.
  bool at_end();

  std::size_t offset() const { return position_; }

 private:
  void skip_space();
  bool take_now(char symbol);
  bool plain_character(std::string* out);
  bool escape(std::string* out);
  bool unicode_escape(std::string* out);
  std::optional<std::uint32_t> four_hex_digits();

  std::string_view text_;
  std::size_t position_ = 0;
};

/// Calls `element` for each "key": value of the object that comes next, after its colon; it must
/// read the value. False as soon as it does or the text is not an object.
template <typename Element>
bool read_object(JsonReader* json, Element element) {
  if (!json->take('{')) return false;
  if (json->take('}')) return true;
  do {
    const std::optional<std::string> key = json->string();
    if (!key || !json->take(':') || !element(*key)) return false;
  } while (json->take(','));
  return json->take('}');
}

/// Calls `element` for each value of the array that comes next; it must read the value.
template <typename Element>
bool read_array(JsonReader* json, Element element) {
  if (!json->take('[')) return false;
  if (json->take(']')) return true;
  do {
    if (!element()) return false;
  } while (json->take(','));
  return json->take(']');
}

}  // namespace foretype::lm
