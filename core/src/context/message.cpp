#include "context/message.h"

#include <algorithm>

namespace foretype::context {
namespace {

// Marks after which a word stands without a space.
bool opens(std::string_view unit) {
  return unit == "(" || unit == "[" || unit == "{" || unit == "<" || unit == "/" || unit == "\\" ||
         unit == "#" || unit == "@" || unit == "$" || unit == "-" || unit == "\"" || unit == "'" ||
         unit == "\xE2\x80\x9C" || unit == "\xE2\x80\x98";
}

bool is_line_end(std::string_view unit) { return !unit.empty() && unit.front() == '\n'; }

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  return static_cast<std::size_t>(
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(shorter), b.begin()).first -
      a.begin());
}

}  // namespace

std::size_t Message::set(std::string_view text) {
  const std::size_t same = common_prefix(text_, text);
  unchanged_ = units_.size();
  unchanged_bytes_ = same;
  if (same == text.size() && same == text_.size()) return same;
  text_.resize(same);
  text_.append(text.substr(same));
  // Everything up to the last space of the common part keeps its units.
  const std::size_t space = text_.find_last_of(' ', same == 0 ? 0 : same - 1);
  cut_from(same == 0 || space == std::string::npos ? 0 : space);
  return same;
}

void Message::cut_from(std::size_t begin) {
  while (!units_.empty() && units_.back().end > begin) units_.pop_back();
  unchanged_ = units_.size();
  const std::size_t from = units_.empty() ? 0 : units_.back().end;
  for (Unit unit : context::units(std::string_view(text_).substr(from))) {
    units_.push_back({unit.begin + from, unit.end + from, unit.space_before});
  }
  const std::size_t last_space = text_.find_last_of(' ');
  settled_ = units_.size();
  while (settled_ > 0 &&
         (last_space == std::string::npos || units_[settled_ - 1].end > last_space)) {
    --settled_;
  }
}

bool needs_space(std::string_view unit, std::string_view next) {
  if (opens(unit) || is_line_end(unit) || is_line_end(next)) return false;
  return is_word(next) || opens(next);
}

Caret caret_of(const Message& message) {
  Caret caret;
  const std::string& text = message.text();
  const auto& units = message.units();
  caret.history = units.size();
  caret.word_begin = text.size();
  if (!units.empty() && units.back().end == text.size()) {
    const std::string last = message.unit(units.size() - 1);
    if (is_word(last)) {
      caret.prefix = last;
      caret.word_begin = units.back().begin;
      --caret.history;
    } else if (!opens(last) && !is_line_end(last)) {
      caret.space_needed = true;
      ++caret.word_begin;
    }
  }
  caret.sentence_start =
      starts_sentence(std::string_view(text).substr(0, std::min(caret.word_begin, text.size())));
  return caret;
}

Caret caret_after_word(const Message& message) {
  Caret caret;
  caret.history = message.units().size();
  caret.word_begin = message.text().size() + 1;
  caret.space_needed = true;
  return caret;
}

}  // namespace foretype::context
