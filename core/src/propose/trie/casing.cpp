#include "propose/trie/casing.h"

#include <array>
#include <cstddef>

namespace foretype::trie {
namespace {

// Capitals `first`, first + step, ..., `last`; the small letter is `delta` further on. ASCII apart.
struct CaseRange {
  std::uint16_t first, last, step;
  std::int16_t delta;
};

constexpr std::array<CaseRange, 16> kCaseRanges = {{
    {0xC0, 0xD6, 1, 32},
    {0xD8, 0xDE, 1, 32},
    {0x100, 0x12E, 2, 1},
    {0x132, 0x136, 2, 1},
    {0x139, 0x147, 2, 1},
    {0x14A, 0x176, 2, 1},
    {0x178, 0x178, 1, -121},
    {0x179, 0x17D, 2, 1},
    {0x386, 0x386, 1, 38},
    {0x388, 0x38A, 1, 37},
    {0x38C, 0x38C, 1, 64},
    {0x38E, 0x38F, 1, 63},
    {0x391, 0x3A1, 1, 32},
    {0x3A3, 0x3AB, 1, 32},
    {0x400, 0x40F, 1, 80},
    {0x410, 0x42F, 1, 32},
}};

int to_lower(int point) {
  if (point < 0x80) return point >= 'A' && point <= 'Z' ? point + 32 : point;
  for (const CaseRange& range : kCaseRanges) {
    if (point < range.first) return point;
    if (point <= range.last && (point - range.first) % range.step == 0) return point + range.delta;
  }
  return point;
}

int to_upper(int point) {
  if (point < 0x80) return point >= 'a' && point <= 'z' ? point - 32 : point;
  for (const CaseRange& range : kCaseRanges) {
    const int capital = point - range.delta;
    if (capital >= range.first && capital <= range.last &&
        (capital - range.first) % range.step == 0) {
      return capital;
    }
  }
  return point;
}

// One character with case, or a single byte that has none.
struct Character {
  int point;         // code point, -1 for a byte outside the cased ranges
  std::size_t size;  // 1 or 2 bytes
};

Character character_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xC2 || lead > 0xDF || at + 1 >= text.size()) return {-1, 1};
  const auto tail = static_cast<unsigned char>(text[at + 1]);
  if ((tail & 0xC0) != 0x80) return {-1, 1};
  return {((lead & 0x1F) << 6) | (tail & 0x3F), 2};
}

void put(std::string& text, std::size_t at, int point, std::size_t size) {
  if (size == 1) {
    text[at] = static_cast<char>(point);
    return;
  }
  text[at] = static_cast<char>(0xC0 | (point >> 6));
  text[at + 1] = static_cast<char>(0x80 | (point & 0x3F));
}

template <typename Change>
std::string changed(std::string_view text, std::size_t end, Change change) {
  std::string result(text);
  for (std::size_t at = 0; at < end;) {
    const Character character = character_at(text, at);
    if (character.point >= 0) put(result, at, change(character.point), character.size);
    at += character.size;
  }
  return result;
}

}  // namespace

std::string fold(std::string_view text) { return changed(text, text.size(), to_lower); }

std::string upper(std::string_view text) { return changed(text, text.size(), to_upper); }

std::string title(std::string_view text) {
  return changed(text, text.empty() ? 0 : character_at(text, 0).size, to_upper);
}

LetterCase letter_case(std::string_view text) {
  LetterCase result;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    const bool is_upper = character.point >= 0 && to_lower(character.point) != character.point;
    const bool is_lower = character.point >= 0 && to_upper(character.point) != character.point;
    (at == 0 ? result.first_upper : result.later_upper) |= is_upper;
    (at == 0 ? result.first_lower : result.later_lower) |= is_lower;
    at += character.size;
  }
  return result;
}

std::uint64_t order_key(std::string_view folded) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    key = (key << 8) | (i < folded.size() ? static_cast<unsigned char>(folded[i]) : 0U);
  }
  return key;
}

Casing casing_of(std::string_view text) {
  const LetterCase letters = letter_case(text);
  if (!letters.first_upper && !letters.later_upper) {
    return letters.first_lower ? Casing::kLower : Casing::kOther;
  }
  if (!letters.later_upper) return Casing::kTitle;
  return letters.first_lower || letters.later_lower ? Casing::kMixed : Casing::kUpper;
}

std::size_t capitals(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    if (character.point >= 0 && to_lower(character.point) != character.point) ++count;
    at += character.size;
  }
  return count;
}

}  // namespace foretype::trie
