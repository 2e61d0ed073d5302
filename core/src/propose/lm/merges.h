// The second half of tokenisation: byte-pair merges, lowest rank first and
// leftmost first among equals (Sennrich et al. 2016, as the `tokenizers` library does it).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace foretype::lm {

using Token = std::int32_t;

inline constexpr std::uint32_t kNoMerge = 0xFFFFFFFF;

struct Merge {
  std::uint32_t rank;  // lower is sooner; kNoMerge if the pair does not merge
  Token result;
};

/// Pair of tokens -> merge: open addressing with linear probing, at most half full.
class MergeTable {
 public:
  /// Room for `count` merges.
  explicit MergeTable(std::size_t count);

  /// Adds the pair with the next rank. False if it is there already.
  bool add(Token left, Token right, Token result);

  Merge find(Token left, Token right) const;

 private:
  struct Slot {
    Token left = 0;
    Token right = 0;
    Merge merge = {kNoMerge, 0};
  };

  /// The pair's slot, or the empty one where it belongs.
  std::size_t slot(Token left, Token right) const;

  std::vector<Slot> slots_;  // size a power of two
  unsigned shift_;           // hash bits to drop
  std::uint32_t count_ = 0;
};

/// Merges tokens[from..] until no pair merges any more. A word of n tokens takes O(n log n);
/// short words take a quick way.
void apply_merges(const MergeTable& table, std::vector<Token>* tokens, std::size_t from);

}  // namespace foretype::lm
