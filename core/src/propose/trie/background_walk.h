// The background's words beside units that come in the same order: one pass over
// both instead of a search for each unit.
#pragma once

#include <string_view>

#include "propose/trie/background.h"

namespace foretype::trie {

class BackgroundWalk {
 public:
  explicit BackgroundWalk(const Background& background) : background_(background) {}

  /// Goes on to the words with this folded form, which must not lie before the last one asked for.
  void go_to(std::string_view folded);
  /// Those words.
  WordRange twins() const { return twins_; }
  /// The one of them that is written like this, or kNoWord.
  WordId find(std::string_view text) const;

 private:
  const Background& background_;
  WordRange twins_;
};

}  // namespace foretype::trie
