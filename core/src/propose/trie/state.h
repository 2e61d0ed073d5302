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

/// Invariants:
/// - unigrams' count of a unit is what canonical_count() gives for its form group;
/// - a unit has one reference for each n-gram that ends in it, one for its uses (if any), one for
///   each context node that stands for it, one for each unit that folds to it.
struct State {
  State(std::shared_ptr<const Background> background, const Weights& weights_in)
      : vocabulary(std::move(background)),
        weights(weights_in),
        today{Decay(weights_in.half_life_days)},
        recent(weights_in.recent_units) {}

  void learn(std::span<const std::string> history, std::string_view unit);
  void unlearn(std::span<const std::string> history, std::string_view unit);
  /// Adds to the evidence for (or, `rejected`, against) a unit in use.
  void count_evidence(std::string_view unit, std::uint16_t UnitRecord::* kind, std::int64_t change);

  Followers followers(Ngrams::ContextId context) const { return ngrams.followers(context, today); }
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
  void count_use(UnitId unit, bool opening, std::int32_t change);
  void count_opening(UnitId unit, std::int32_t change);
  void note_day(UnitRecord& record) const;
  void refresh_unigrams(UnitId unit);
  std::uint32_t canonical_count(UnitId unit) const;
  bool prefers_small(UnitId titled) const;
  bool tells_case(UnitId unit, bool opening) const;
  void drop_spent(Ngrams::ContextId context);
};

/// The contexts of a history that exist, shortest (order 2) first; `count` of them.
struct ContextChain {
  Ngrams::ContextId contexts[4];
  int count = 0;
};
ContextChain find_contexts(const State& state, std::span<const std::string> history);

/// True if a unit after this history opens a sentence.
bool opens_sentence(std::span<const std::string> history);

}  // namespace foretype::trie
