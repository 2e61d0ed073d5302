// What a trie has counted, in plain form: to show, to write out, to add up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "propose/trie/decay.h"

namespace foretype::trie {

/// One unit in use, in one case form.
struct WordRow {
  std::string unit;
  std::uint32_t inside = 0;    // uses within a sentence
  std::uint32_t opening = 0;   // uses as the first unit of a sentence
  std::uint16_t accepted = 0;  // suggestions of it taken and kept
  std::uint16_t rejected = 0;  // suggestions of it taken and then erased
  Day first_day = 0;
  Day last_day = 0;

  bool operator==(const WordRow&) const = default;
};

/// A word in all its case forms.
struct WordEntry {
  std::string word;  // case-folded
  std::uint32_t uses = 0;
  Day first_day = 0;
  Day last_day = 0;

  bool operator==(const WordEntry&) const = default;
};

/// One n-gram of order 2 to 5.
struct NgramRow {
  std::vector<std::string> context;  // case-folded, oldest first, 1 to 4 units
  std::string unit;                  // what followed, in its own case
  std::uint32_t count = 0;
  Day day = 0;  // of the last use

  bool operator==(const NgramRow&) const = default;
};

}  // namespace foretype::trie
