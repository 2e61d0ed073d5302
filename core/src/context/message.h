// The message being written, cut into units, kept in step with its text at the
// cost of what changed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "context/units.h"

namespace foretype::context {

class Message {
 public:
  /// The text before the caret is now this. Returns the length of what stayed the same.
  std::size_t set(std::string_view text);

  const std::string& text() const { return text_; }
  const std::vector<Unit>& units() const { return units_; }
  std::string unit(std::size_t index) const { return std::string(unit_text(text_, units_[index])); }

  /// Leading units that the last set() left as they were.
  std::size_t unchanged() const { return unchanged_; }
  /// Bytes that it left as they were.
  std::size_t unchanged_bytes() const { return unchanged_bytes_; }
  /// Units that nothing typed at the end can change: those before the last space.
  std::size_t settled() const { return settled_; }

 private:
  void cut_from(std::size_t begin);

  std::string text_;
  std::vector<Unit> units_;
  std::size_t settled_ = 0;
  std::size_t unchanged_ = 0;
  std::size_t unchanged_bytes_ = 0;
};

/// Where the caret stands in the last word.
struct Caret {
  std::string prefix;          // what is typed of the word at the caret; "" between words
  std::size_t word_begin = 0;  // where it begins, or would begin if typed now
  std::size_t history = 0;     // units before the word: units()[0, history)
  bool space_needed = false;   // a word typed now would need a space first
  bool sentence_start = false;
};

/// Whether a space stands between two units, by the habits of English.
bool needs_space(std::string_view unit, std::string_view next);

/// The caret seen from the end of the message. `next`: from the end of the word at the caret,
/// as if it were complete.
Caret caret_of(const Message& message);
Caret caret_after_word(const Message& message);

}  // namespace foretype::context
