#include <cstdint>
#include <string>
#include <vector>

#include "propose/trie/casing.h"
#include "propose/trie/score.h"
#include "propose/trie/state.h"
#include "propose/trie/trie.h"

namespace foretype::trie {
namespace {

constexpr std::size_t kMaxPhraseUnits = 24;

std::int64_t uses_of(std::span<const Follower> entries) {
  std::int64_t uses = 0;
  for (const Follower& each : entries) uses += each.count;
  return uses;
}

/// A history and the contexts of it that exist.
struct Place {
  std::span<const std::string> history;
  ContextChain chain;   // of the whole history
  ContextChain before;  // of the history less its last unit
};

// How often the last `size` units of a history were written, whatever came then.
std::int64_t times_written(const State& state, const Place& place, int size) {
  const Vocabulary& vocabulary = state.vocabulary;
  const UnitId last = vocabulary.find(fold(place.history.back()));
  std::int64_t times = 0;
  UnitId form = last;
  do {
    if (size == 1) {
      times += vocabulary[form].uses();
    } else if (place.before.count >= size - 1) {
      times += count_of(vocabulary, state.followers(place.before.contexts[size - 2]), form);
    }
    form = vocabulary[form].next_form;
  } while (form != last);
  return times;
}

// The follower which nearly every use went on with, as of today; null if there is none.
const Follower* certain_one(const State& state, const Followers& followers) {
  const double least = state.weights.phrase_share * followers.weight;
  // Others have less than that together, and each at least what one use weighs.
  if (followers.types > 1 + followers.weight - least) return nullptr;
  for (const Follower& each : followers.entries) {
    if (each.count < state.weights.phrase_uses || state.today.weight(each) < least) continue;
    const bool doubtful = rung(state, group_of_unit(state, each.unit())) == Rung::kOffered;
    return doubtful ? nullptr : &each;
  }
  return nullptr;
}

// What the longest well-known context says; empty if that is nothing certain, or if messages often
// end there. Its last use may be the one that is going on, which has no follower yet.
std::string certain_follower(const State& state, std::span<const std::string> history) {
  const Place place{history, find_contexts(state, history),
                    find_contexts(state, history.first(history.empty() ? 0 : history.size() - 1))};
  for (int size = place.chain.count; size > 0; --size) {
    const Followers followers = state.followers(place.chain.contexts[size - 1]);
    const std::int64_t uses = uses_of(followers.entries);
    if (uses < state.weights.phrase_uses) continue;
    const auto earlier = static_cast<double>(times_written(state, place, size) - 1);
    const Follower* next = certain_one(state, followers);
    const bool goes_on = static_cast<double>(uses) >= state.weights.phrase_share * earlier;
    return next != nullptr && goes_on ? std::string(state.vocabulary.text(next->unit())) : "";
  }
  return {};
}

}  // namespace

std::vector<std::string> Trie::phrase(History history) const {
  std::vector<std::string> units(history.begin(), history.end());
  const std::size_t known = units.size();
  while (units.size() - known < kMaxPhraseUnits) {
    std::string next = certain_follower(*state_, units);
    if (next.empty()) break;
    units.push_back(std::move(next));
  }
  units.erase(units.begin(), units.begin() + static_cast<std::ptrdiff_t>(known));
  return units;
}

}  // namespace foretype::trie
