// Cuts text into units, the trie's words: a run of letters and digits with its
// inner apostrophes, hyphens, dots, underscores, @ and slashes; a run of one
// punctuation mark; a run of line ends ("\n" or "\n\n"). Spaces belong to no
// unit: whether one stands before a unit is the `space_before` flag.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace foretype::context {

struct Unit {
  std::size_t begin;  // byte offsets in the text
  std::size_t end;
  bool space_before;
};

/// All units of `text`. Any bytes are accepted. The last one may still be growing.
std::vector<Unit> units(std::string_view text);

/// True for a unit that is a word (has a letter or a digit), false for punctuation and line ends.
bool is_word(std::string_view unit);

/// True if a word that comes after these units opens a sentence: none, line end, . ! ? or such.
bool starts_sentence(std::string_view before);

}  // namespace foretype::context
