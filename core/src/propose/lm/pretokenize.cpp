#include "propose/lm/pretokenize.h"

#include "context/unicode.h"
#include "context/utf8.h"

namespace foretype::lm {

namespace {

using context::CharClass;
using context::CodePoint;

/// What the pattern tells apart.
enum class Kind { kLetter, kNumber, kSpace, kMark };

struct Character {
  Kind kind;
  std::size_t length;  // bytes
};

Character classified(const CodePoint& point) {
  const CharClass found = point.valid ? context::char_class(point.value) : CharClass::kOther;
  switch (found) {
    case CharClass::kLetter:
      return {Kind::kLetter, point.length};
    case CharClass::kNumber:
      return {Kind::kNumber, point.length};
    case CharClass::kSpace:
      return {Kind::kSpace, point.length};
    default:
      return {Kind::kMark, point.length};
  }
}

/// The character at text[at], at < text.size().
Character character(std::string_view text, std::size_t at) {
  return classified(context::decode_utf8(text, at));
}

/// The end of the run of `kind` at `at`, which may be empty.
std::size_t run_end(std::string_view text, std::size_t at, Kind kind) {
  while (at < text.size()) {
    const Character next = character(text, at);
    if (next.kind != kind) break;
    at += next.length;
  }
  return at;
}

/// Bytes of the contraction that opens `text`, 0 if there is none.
std::size_t contraction_length(std::string_view text) {
  if (text.size() < 2 || text[0] != '\'') return 0;
  if (std::string_view("stmd").find(text[1]) != std::string_view::npos) return 2;
  const std::string_view two = text.substr(1, 2);
  return two == "re" || two == "ve" || two == "ll" ? 3 : 0;
}

/// \s+(?!\S)|\s+: a run of spaces leaves its last one to a letter or mark that follows. (Before a
/// number it does not: numbers were split off before the pattern saw the text.)
std::size_t spaces_end(std::string_view text, std::size_t at) {
  std::size_t last = at;
  std::size_t end = at;
  while (end < text.size()) {
    const Character next = character(text, end);
    if (next.kind == Kind::kNumber) return end;
    if (next.kind != Kind::kSpace) return last > at ? last : end;
    last = end;
    end += next.length;
  }
  return end;
}

/// Whether a pre-token always begins between these two, whatever stands around them.
bool always_splits(Kind before, Kind after) {
  return before == Kind::kNumber || after == Kind::kNumber ||
         (before == Kind::kLetter && after != Kind::kLetter);
}

/// The last place in `text` that is a boundary for certain; 0 if there is none.
std::size_t certain_boundary(std::string_view text) {
  std::size_t at = text.size();
  if (at == 0) return 0;
  Character after = classified(context::decode_utf8_before(text, at));
  while (at > after.length) {
    at -= after.length;
    const Character before = classified(context::decode_utf8_before(text, at));
    if (always_splits(before.kind, after.kind)) return at;
    after = before;
  }
  return 0;
}

/// "'r" is two pre-tokens, but "'re" is one.
bool may_become_contraction(std::string_view end) {
  return end == "'r" || end == "'v" || end == "'l";
}

/// "\n\n" before a word is two pre-tokens, but one where the text is cut off before the word. So
/// of spaces before a word or mark at `at`, two and more, all are left open; returns their begin.
std::size_t before_split_spaces(std::string_view text, std::size_t at) {
  const Kind kind = at < text.size() ? character(text, at).kind : Kind::kSpace;
  if (kind == Kind::kSpace || kind == Kind::kNumber) return at;
  std::size_t begin = at;
  int spaces = 0;
  while (begin > 0) {
    const Character before = classified(context::decode_utf8_before(text, begin));
    if (before.kind != Kind::kSpace) break;
    begin -= before.length;
    ++spaces;
  }
  return spaces > 1 ? begin : at;
}

}  // namespace

std::size_t pretoken_end(std::string_view text, std::size_t at) {
  const std::size_t contraction = contraction_length(text.substr(at));
  if (contraction > 0) return at + contraction;
  const Character first = character(text, at);
  const std::size_t second = at + first.length;
  if (first.kind == Kind::kNumber) return second;
  if (first.kind != Kind::kSpace) return run_end(text, second, first.kind);
  if (text[at] == ' ' && second < text.size()) {
    const Kind kind = character(text, second).kind;
    if (kind == Kind::kLetter || kind == Kind::kMark) return run_end(text, second, kind);
  }
  return spaces_end(text, at);
}

std::size_t last_pretoken(std::string_view text) {
  // Bytes that more bytes may turn into a letter are left open, with what they may lengthen.
  text = text.substr(0, context::unfinished_utf8(text));
  std::size_t begin = certain_boundary(text);
  std::size_t before = begin;
  for (std::size_t end = begin; end < text.size(); end = pretoken_end(text, begin)) {
    before = begin;
    begin = end;
  }
  return before_split_spaces(text, may_become_contraction(text.substr(before)) ? before : begin);
}

}  // namespace foretype::lm
