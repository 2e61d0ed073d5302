#include <string>
#include <vector>

#include "propose/trie/score.h"
#include "propose/trie/state.h"
#include "propose/trie/trie.h"

namespace foretype::trie {
namespace {

constexpr std::size_t kMaxPhraseUnits = 24;

bool has_uses(std::span<const Follower> entries, int least) {
  int uses = 0;
  for (const Follower& each : entries) {
    uses += each.count;
    if (uses >= least) return true;
  }
  return false;
}

// The follower which nearly every use went on with, as of today; null if there is none.
const Follower* certain_one(const State& state, const Followers& followers) {
  const Weights& weights = state.weights;
  const double least = weights.phrase_share * followers.weight;
  // Others have less than that together, and each at least what one use weighs.
  if (followers.types > 1 + followers.weight - least) return nullptr;
  for (const Follower& each : followers.entries) {
    if (each.count < weights.phrase_uses || state.today.weight(each) < least) continue;
    const FormGroup group = group_of_unit(state, each.unit());
    return rung(state, group) == Rung::kOffered ? nullptr : &each;
  }
  return nullptr;
}

// What the longest well-known context says; empty if that is nothing certain.
std::string certain_follower(const State& state, std::span<const std::string> history) {
  const ContextChain chain = find_contexts(state, history);
  for (int i = chain.count; i-- > 0;) {
    const Followers followers = state.followers(chain.contexts[i]);
    if (!has_uses(followers.entries, state.weights.phrase_uses)) continue;
    const Follower* next = certain_one(state, followers);
    return next == nullptr ? std::string() : std::string(state.vocabulary.text(next->unit()));
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
