#include "context/units.h"

#include <optional>

#include "context/unicode.h"
#include "context/utf8.h"

namespace foretype::context {

namespace {

struct Character {
  char32_t value;
  CharClass kind;
  std::size_t end;  // byte offset behind it
  bool valid;

  bool is_alphanumeric() const { return kind == CharClass::kLetter || kind == CharClass::kNumber; }
  bool continues_word() const { return is_alphanumeric() || kind == CharClass::kMark; }
  bool is_line_end() const { return value == U'\n' || value == U'\r'; }
  bool is_space() const { return kind == CharClass::kSpace && !is_line_end(); }
};

bool is_one_of(char32_t value, std::u32string_view set) {
  return set.find(value) != std::u32string_view::npos;
}

bool joins_word(char32_t value) { return is_one_of(value, U"'\u2019-\u2010\u2011./@&"); }
bool joins_digits(char32_t value) { return value == U',' || value == U':'; }
bool ends_address(char32_t value) { return is_one_of(value, U"<>\""); }
bool trails_address(char32_t value) { return is_one_of(value, U".,;:!?*~'\u2026"); }
bool ends_sentence(char32_t value) {
  return is_one_of(value, U".!?\u3002\uFF01\uFF1F\u061F\u06D4\u0964");
}
bool marks_list(char32_t value) { return is_one_of(value, U"-*\u2022\u2013\u2014>"); }

class Cutter {
 public:
  explicit Cutter(std::string_view text) : text_(text) {}

  std::vector<Unit> cut() const {
    std::vector<Unit> found;
    found.reserve(text_.size() / 4);
    bool space_before = false;
    for (std::size_t at = 0; at < text_.size();) {
      const Character first = *character(at);
      if (first.is_space()) {
        at = first.end;
        space_before = true;
        continue;
      }
      const std::size_t end = unit_end(at, first);
      found.push_back({at, end, space_before});
      at = end;
      space_before = false;
    }
    return found;
  }

 private:
  std::optional<Character> character(std::size_t at) const {
    if (at >= text_.size()) return std::nullopt;
    const CodePoint point = decode_utf8(text_, at);
    const CharClass kind = point.valid ? char_class(point.value) : CharClass::kOther;
    return Character{point.value, kind, at + point.length, point.valid};
  }

  bool alphanumeric_at(std::size_t at) const {
    const auto next = character(at);
    return next && next->is_alphanumeric();
  }

  std::size_t unit_end(std::size_t at, const Character& first) const {
    if (!first.valid) return first.end;
    if (first.is_line_end()) return line_ends_end(at);
    switch (first.kind) {
      case CharClass::kLetter:
      case CharClass::kNumber:
        return word_end(at);
      case CharClass::kPictograph:
        return emoji_end(first.end);
      case CharClass::kBracket:
        return first.end;
      default:
        return mark_end(first);
    }
  }

  std::size_t line_ends_end(std::size_t at) const {
    while (at < text_.size() && (text_[at] == '\n' || text_[at] == '\r')) ++at;
    return at;
  }

  std::size_t emoji_end(std::size_t at) const {
    auto next = character(at);
    while (next && (next->kind == CharClass::kPictograph || next->kind == CharClass::kMark)) {
      at = next->end;
      next = character(at);
    }
    return at;
  }

  /// A run of the mark `first`, or the word that @ or # introduces.
  std::size_t mark_end(const Character& first) const {
    const bool sigil = first.value == U'@' || first.value == U'#';
    if (sigil && alphanumeric_at(first.end)) return word_end(first.end);
    std::size_t end = first.end;
    for (auto next = character(end); next && next->valid && next->value == first.value;
         next = character(end)) {
      end = next->end;
    }
    return end;
  }

  std::size_t word_end(std::size_t begin) const {
    std::size_t end = begin;
    CharClass last = CharClass::kOther;
    auto next = character(end);
    while (next) {
      if (!next->continues_word()) {
        next = after_joint(*next, last);
        continue;
      }
      last = next->kind;
      end = next->end;
      next = character(end);
    }
    if (const auto address = address_end(end)) return *address;
    return text_.substr(end).starts_with('.') && is_initials(begin, end) ? end + 1 : end;
  }

  /// The letter or digit behind `joint`, if `joint` may stand inside a word there.
  std::optional<Character> after_joint(const Character& joint, CharClass before) const {
    auto next = character(joint.end);
    if (joint.value == U'_') {
      while (next && next->value == U'_') next = character(next->end);
    }
    if (!next || !next->is_alphanumeric()) return std::nullopt;
    if (joint.value == U'_' || joins_word(joint.value)) return next;
    const bool between_digits = before == CharClass::kNumber && next->kind == CharClass::kNumber;
    return between_digits && joins_digits(joint.value) ? next : std::nullopt;
  }

  /// The end of an address whose scheme ends at `at`; nothing if there is none.
  std::optional<std::size_t> address_end(std::size_t at) const {
    if (!text_.substr(at).starts_with("://")) return std::nullopt;
    std::optional<std::size_t> end;
    for (auto next = character(at + 3); next; next = character(next->end)) {
      if (!next->valid || next->kind == CharClass::kSpace || ends_address(next->value)) break;
      if (next->kind != CharClass::kBracket && !trails_address(next->value)) end = next->end;
    }
    return end;
  }

  /// Single letters with dots between them, two at least.
  bool is_initials(std::size_t begin, std::size_t end) const {
    for (std::size_t at = begin; at < end;) {
      const auto letter = character(at);
      if (!letter || letter->kind != CharClass::kLetter) return false;
      if (letter->end == end) return at > begin;
      if (text_[letter->end] != '.') return false;
      at = letter->end + 1;
    }
    return false;
  }

  std::string_view text_;
};

/// Whether the full stop at the end of `text` belongs to initials or to an ellipsis.
bool ends_in_abbreviation(std::string_view text) {
  const std::string_view tail = text.substr(text.find_last_of(" \t\r\n") + 1);
  const std::vector<Unit> cut = units(tail);
  return !cut.empty() && tail.substr(cut.back().begin) != ".";
}

}  // namespace

std::vector<Unit> units(std::string_view text) { return Cutter(text).cut(); }

std::string_view unit_text(std::string_view text, const Unit& unit) {
  const std::string_view bytes = text.substr(unit.begin, unit.end - unit.begin);
  if (!bytes.starts_with('\n') && !bytes.starts_with('\r')) return bytes;
  return bytes.size() == 1 || bytes == "\r\n" ? "\n" : "\n\n";
}

bool is_word(std::string_view unit) {
  for (std::size_t at = 0; at < unit.size();) {
    const CodePoint point = decode_utf8(unit, at);
    const CharClass kind = point.valid ? char_class(point.value) : CharClass::kOther;
    if (kind == CharClass::kLetter || kind == CharClass::kNumber) return true;
    at += point.length;
  }
  return false;
}

bool starts_sentence(std::string_view before) {
  while (!before.empty()) {
    const CodePoint last = decode_utf8_before(before, before.size());
    if (last.value == U'\n' || last.value == U'\r') return true;
    if (last.value == U'.') return !ends_in_abbreviation(before);
    if (ends_sentence(last.value)) return true;
    const CharClass kind = last.valid ? char_class(last.value) : CharClass::kOther;
    const bool transparent = kind == CharClass::kSpace || kind == CharClass::kBracket;
    if (!transparent && !marks_list(last.value)) return false;
    before.remove_suffix(last.length);
  }
  return true;
}

}  // namespace foretype::context
