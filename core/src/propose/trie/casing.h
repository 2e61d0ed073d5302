// Upper and lower case of UTF-8 text, for scripts whose two cases have the same
// number of bytes (ASCII, Latin-1, Latin Extended-A, Greek, Cyrillic). Other
// characters and invalid bytes stay as they are, so that every function here
// keeps the length and a byte offset means the same place in every form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace foretype::trie {

/// How a unit uses capitals. Fits in 3 bits.
enum class Casing : std::uint8_t {
  kOther,  // no capital, and the first character has no case: "3pm", ",", "\n"
  kLower,  // "meeting", "i'm"
  kTitle,  // the first character is the only capital: "Meeting", "I", "Q4"
  kUpper,  // no small letter, and a capital after the first character: "NATO", "4A"
  kMixed,  // anything else: "iPhone", "O'Brien"
  // All capitals where the background knows another form better; never what casing_of() says:
  kShout,       // "MEETING", a small word
  kShoutTitle,  // "MONDAY", a name
};
inline constexpr int kCasings = 7;

inline constexpr std::size_t kMaxUnitBytes = 64;  // longer units are neither learned nor proposed

std::string fold(std::string_view text);   // every letter small
std::string upper(std::string_view text);  // every letter capital
std::string title(std::string_view text);  // first character capital, the rest as it is

/// The first eight bytes of a folded form, big-endian, zero-filled: sorts like the bytes.
std::uint64_t order_key(std::string_view folded);

Casing casing_of(std::string_view text);
std::size_t capitals(std::string_view text);  // how many letters are capitals

/// What the letters of a text say about the case forms it can begin.
struct LetterCase {
  bool first_upper = false;  // the first character is a capital
  bool later_upper = false;  // a capital stands after the first character
  bool first_lower = false;  // the first character is a small letter
  bool later_lower = false;  // a small letter stands after it
};
LetterCase letter_case(std::string_view text);

}  // namespace foretype::trie
