// The tries that speak in one context: what was learned there stands on the
// common trie, as the common one stands on English.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "propose/trie/trie.h"

namespace foretype {

/// P(unit) = P of the own trie + what it leaves * P of the common one.
struct Layers {
  const trie::Trie* common = nullptr;
  const trie::Trie* own = nullptr;  // null: nothing was learned in the context
  /// True for a word that is never proposed; may be empty.
  std::function<bool(std::string_view word)> blocked = nullptr;

  /// As trie::Trie does it. At most `limit` candidates, blocked ones left out.
  trie::Proposal propose(trie::History history, std::string_view prefix, bool sentence_start,
                         int limit) const;
  double probability(trie::History history, std::string_view unit,
                     bool sentence_start = false) const;
  double probability_of_any(trie::History history, std::span<const std::string_view> units) const;
  /// A phrase of the context's own, or else a common one, up to a blocked word.
  std::vector<std::string> phrase(trie::History history) const;

 private:
  trie::Proposal both(trie::History history, std::string_view prefix, bool sentence_start,
                      int limit) const;
};

}  // namespace foretype
