// Which bytes of a field the user did not type, kept in step with its text.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "context/secrets.h"

namespace foretype::context {

class Untyped {
 public:
  using Ranges = std::span<const Range>;

  /// What the caller says of a text of `size` bytes; in any order. Replaces what it said before.
  void tell(Ranges ranges, std::size_t size);
  /// `bytes` were typed at `at`: what the caller said stands further on there.
  void insert(std::size_t at, std::size_t bytes);
  /// Everything in a text of `size` bytes counts as untyped from now on, ...
  void mark_all(std::size_t size);
  /// ... as far as it is still there: the text is another one now.
  void change(std::string_view old_text, std::string_view text);
  bool has_marks() const { return !marked_.empty(); }
  void clear();

  /// All of it before byte `end`: rising, disjoint.
  std::vector<Range> before(std::size_t end) const;

 private:
  std::vector<Range> told_;
  std::vector<Range> marked_;
};

}  // namespace foretype::context
