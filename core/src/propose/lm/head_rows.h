// Where each token's row stands in the output head.
//
// Search counts rows in the order of the tokens' bytes (Tokenizer::sorted()), so that those which
// go on with what was typed are neighbours. In the head the common tokens' rows stand before all
// others, each part in that same order, so that the common ones can be computed alone. Where a
// model names no common tokens both orders are one.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "propose/lm/tokenizer.h"

namespace foretype::lm {

class HeadRows {
 public:
  /// Neighbouring rows [first, last).
  using Range = Tokenizer::Range;

  /// `common` as in the file: rising tokens, empty where all are alike. Every entry is below the
  /// tokenizer's vocabulary.
  HeadRows(const Tokenizer& tokenizer, std::span<const std::uint32_t> common);

  /// Text tokens; the rows of control tokens come after.
  int size() const { return static_cast<int>(place_.size()); }
  /// Of them, those that are always computed: whole blocks, from the first on.
  int always() const { return always_; }
  bool parted() const { return always_ < size(); }

  /// The place in the head of a row in the order of bytes, and back.
  int place(int row) const { return place_[static_cast<std::size_t>(row)]; }
  int row_at(int place) const { return row_at_[static_cast<std::size_t>(place)]; }

  /// The places of neighbouring rows: among the common ones, and among the others.
  struct Places {
    Range common, others;
  };
  Places places(Range rows) const;

 private:
  std::vector<std::int32_t> place_;          // [size]
  std::vector<std::int32_t> row_at_;         // [size]
  std::vector<std::int32_t> common_before_;  // [size + 1]: common tokens of lower rows
  int always_;
};

}  // namespace foretype::lm
