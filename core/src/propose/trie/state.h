// What a trie holds, and how one use of a unit is added and taken back.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "propose/trie/background.h"
#include "propose/trie/ngrams.h"
#include "propose/trie/recent.h"
#include "propose/trie/vocabulary.h"
#include "propose/trie/weights.h"

namespace foretype::trie {

/// The contexts of a history, shortest (order 2) first; `count` of them.
struct ContextChain {
  Ngrams::ContextId contexts[Ngrams::kMaxContext];
  int count = 0;
};

/// More, or fewer, uses of one unit. The days are those of uses added.
struct UseChange {
  std::int64_t inside = 0;
  std::int64_t opening = 0;
  std::int64_t accepted = 0;
  std::int64_t rejected = 0;
  Day first_day = 0;
  Day last_day = 0;
};

/// Invariants:
/// - unigrams' entry of a unit is what canonical_use() gives for its form group;
/// - a unit has one reference for each n-gram that ends in it, one for its uses (if any), one for
///   each context node that stands for it, one for each unit that folds to it;
/// - a unit without uses has no evidence, no days and no place among the recent ones.
struct State {
  State(std::shared_ptr<const Background> background, const Weights& weights_in)
      : vocabulary(std::move(background)),
        weights(weights_in),
        today{Decay(weights_in.half_life_days, weights_in.faded)},
        recent(weights_in.recent_units) {}

  void learn(std::span<const std::string> history, std::string_view unit);
  void unlearn(std::span<const std::string> history, std::string_view unit);

  /// Changes the counts of a unit, which stay between 0 and what they can hold. May release it.
  void change_uses(UnitId unit, const UseChange& change);
  /// Order 1 and sentence starts anew from the units, whose ids must stand in their order.
  void recount_uses();
  /// Changes the count of an n-gram likewise. May release `unit`, never drops the context.
  void change_ngram(Ngrams::ContextId context, UnitId unit, std::int64_t change, Day day);
  /// The contexts of a history, made if need be, up to the first unit that is too long.
  ContextChain make_contexts(std::span<const std::string> history);
  /// Drops a context that nothing needs, and then those it was the last to need.
  void drop_spent(Ngrams::ContextId context);

  /// True if ids run out: nothing more is learned. Far beyond any size that is used.
  bool is_full() const { return vocabulary.is_full() || ngrams.is_full(); }

  Followers followers(Ngrams::ContextId context) const { return ngrams.followers(context, today); }
  /// The entry of a unit in `unigrams` (with a count of 0 if it has none), without a search.
  Follower unigram(UnitId unit) const;
  Followers unigram_followers() const { return unigrams.view(today); }
  Followers recent_followers() const { return recent.followers(today); }

  Vocabulary vocabulary;
  Weights weights;
  Today today;
  Ngrams ngrams;          // orders 2..5
  FollowerList unigrams;  // order 1, a capital that only opens sentences taken off
  Recent recent;
  std::uint64_t opened_capital = 0;  // sentence starts written with a capital, and without
  std::uint64_t opened_small = 0;

 private:
  struct Use {
    std::uint32_t count = 0;
    Day day = 0;
    void add(std::uint32_t uses, Day last_day);
  };
  void count_opening(UnitId unit, std::int64_t change);
  void refresh_unigrams(UnitId unit);
  Use canonical_use(UnitId unit) const;
  bool prefers_small(UnitId titled) const;
  bool tells_case(UnitId unit, bool opening) const;
};

ContextChain find_contexts(const State& state, std::span<const std::string> history);

/// True if a unit after this history opens a sentence.
bool opens_sentence(std::span<const std::string> history);

/// True for a unit that can be learned: neither empty nor too long.
bool is_learnable(std::string_view unit);

}  // namespace foretype::trie
