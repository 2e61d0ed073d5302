#include "profile/mention.h"

#include <algorithm>
#include <cstddef>

#include "context/unicode.h"
#include "context/units.h"
#include "context/utf8.h"
#include "propose/trie/casing.h"

namespace foretype::profile {
namespace {

bool is_part_of_word(char32_t code_point) {
  switch (context::char_class(code_point)) {
    case context::CharClass::kLetter:
    case context::CharClass::kNumber:
    case context::CharClass::kMark:
      return true;
    default:
      return false;
  }
}

bool word_goes_on(std::string_view text, std::size_t at) {
  return at < text.size() && is_part_of_word(context::decode_utf8(text, at).value);
}

bool word_before(std::string_view text, std::size_t at) {
  return at > 0 && is_part_of_word(context::decode_utf8_before(text, at).value);
}

}  // namespace

std::string plain(std::string_view text) {
  std::string plain;
  for (const char c : trie::fold(text)) {
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    if (!space) {
      plain.push_back(c);
    } else if (!plain.empty() && plain.back() != ' ') {
      plain.push_back(' ');
    }
  }
  if (!plain.empty() && plain.back() == ' ') plain.pop_back();
  return plain;
}

bool mentions(std::string_view plain_text, std::string_view wanted) {
  if (wanted.empty()) return false;
  for (std::size_t at = plain_text.find(wanted); at != std::string_view::npos;
       at = plain_text.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    const bool inside = word_goes_on(wanted, 0) && word_before(plain_text, at);
    const bool goes_on = word_before(wanted, wanted.size()) && word_goes_on(plain_text, end);
    if (!inside && !goes_on) return true;
  }
  return false;
}

bool mentions_any(std::string_view plain_text, const std::set<std::string, std::less<>>& words) {
  if (words.empty()) return false;
  if (words.contains(plain_text)) return true;
  std::vector<std::size_t> begins;
  bool in_word = false;
  for (std::size_t at = 0; at < plain_text.size();) {
    const std::size_t next = at + context::decode_utf8(plain_text, at).length;
    const bool part = word_goes_on(plain_text, at);
    if (part && !in_word) begins.push_back(at);
    in_word = part;
    if (part && !word_goes_on(plain_text, next)) {
      for (const std::size_t begin : begins) {
        if (words.contains(plain_text.substr(begin, next - begin))) return true;
      }
    }
    at = next;
  }
  return false;
}

std::vector<std::string> folded_units(std::string_view text) {
  std::vector<std::string> units;
  for (const context::Unit& unit : context::units(text)) {
    units.push_back(trie::fold(context::unit_text(text, unit)));
  }
  return units;
}

bool holds_run(std::span<const std::string> text, std::span<const std::string> units) {
  return std::search(text.begin(), text.end(), units.begin(), units.end()) != text.end();
}

}  // namespace foretype::profile
