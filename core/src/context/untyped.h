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

  /// The text is another one now: of what was untyped, what still stands there is.
  void change(std::string_view old_text, std::string_view text);
  /// What the caller says of a text of `size` bytes, in any order. Replaces what it said before.
  void tell(Ranges ranges, std::size_t size);
  /// The caller says it of one more range.
  void add(Range range);
  /// Whatever the caller says, all of a text of `size` bytes counts as untyped.
  void mark_all(std::size_t size);
  bool empty() const { return told_.empty() && marked_.empty(); }
  void clear();

  /// All of it before byte `end`: rising, disjoint.
  std::vector<Range> before(std::size_t end) const;

 private:
  std::vector<Range> told_;
  std::vector<Range> marked_;
};

}  // namespace foretype::context
