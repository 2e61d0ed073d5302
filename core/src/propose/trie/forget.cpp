// Forgetting a word or a phrase: afterwards no n-gram holds it, and no buffer its bytes.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "propose/trie/casing.h"
#include "propose/trie/forms.h"
#include "propose/trie/state.h"
#include "propose/trie/sweep.h"
#include "propose/trie/trie.h"

namespace foretype::trie {
namespace {

bool holds_unit(const Ngrams& ngrams, Ngrams::ContextId context, UnitId folded) {
  while (context != Ngrams::kRoot && ngrams.unit_of(context) != folded) {
    context = ngrams.parent_of(context);
  }
  return context != Ngrams::kRoot;
}

// A folded unit and the folded one right behind it.
using Pair = std::pair<UnitId, UnitId>;

// The pairs of neighbours in a phrase that the vocabulary knows.
std::vector<Pair> pairs_of(const Vocabulary& vocabulary, std::span<const std::string> units) {
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i + 1 < units.size(); ++i) {
    const Pair pair(vocabulary.find(fold(units[i])), vocabulary.find(fold(units[i + 1])));
    if (pair.first != kNoUnit && pair.second != kNoUnit) pairs.push_back(pair);
  }
  return pairs;
}

bool is_among(const std::vector<Pair>& pairs, UnitId before, UnitId after) {
  return std::find(pairs.begin(), pairs.end(), Pair(before, after)) != pairs.end();
}

// Up the trie from the oldest unit of a context to the newest one.
bool holds_pair(const Ngrams& ngrams, Ngrams::ContextId context, const std::vector<Pair>& pairs) {
  UnitId before = ngrams.unit_of(context);
  for (context = ngrams.parent_of(context); context != Ngrams::kRoot;
       context = ngrams.parent_of(context)) {
    const UnitId after = ngrams.unit_of(context);
    if (is_among(pairs, before, after)) return true;
    before = after;
  }
  return false;
}

UnitId newest_unit(const Ngrams& ngrams, Ngrams::ContextId context) {
  while (ngrams.parent_of(context) != Ngrams::kRoot) context = ngrams.parent_of(context);
  return ngrams.unit_of(context);
}

}  // namespace

std::size_t Trie::forget_word(std::string_view word) {
  State& state = *state_;
  const UnitId folded = state.vocabulary.find(fold(word));
  if (folded == kNoUnit) return 0;
  const std::size_t before = ngrams();
  {
    Forms forms(state, folded);
    sweep(
        state, [&](Ngrams::ContextId context) { return holds_unit(state.ngrams, context, folded); },
        [&](Ngrams::ContextId, const Follower& each) {
          return state.vocabulary[each.unit()].folded == folded;
        });
    forms.drop_uses();
  }
  return before - ngrams();
}

std::size_t Trie::forget_phrase(std::span<const std::string> units) {
  State& state = *state_;
  const std::vector<Pair> pairs = pairs_of(state.vocabulary, units);
  if (pairs.empty()) return 0;
  return sweep(
      state, [&](Ngrams::ContextId context) { return holds_pair(state.ngrams, context, pairs); },
      [&](Ngrams::ContextId context, const Follower& each) {
        return is_among(pairs, newest_unit(state.ngrams, context),
                        state.vocabulary[each.unit()].folded);
      });
}

}  // namespace foretype::trie
