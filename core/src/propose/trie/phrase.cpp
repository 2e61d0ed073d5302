#include <string>
#include <vector>

#include "propose/trie/state.h"
#include "propose/trie/trie.h"

namespace foretype::trie {
namespace {

constexpr std::size_t kMaxPhraseUnits = 24;
// Chosen by replay, docs/decisions/0004-trie.md: with two uses fewer than half of the units hold.
constexpr double kLeastUses = 3;
constexpr double kLeastShare = 0.9;

// What nearly every use of the longest well-known context was followed by; empty if there is none.
std::string certain_follower(const State& state, std::span<const std::string> history) {
  const ContextChain chain = find_contexts(state, history);
  for (int i = chain.count; i-- > 0;) {
    const Followers followers = state.followers(chain.contexts[i]);
    if (followers.weight < kLeastUses) continue;
    for (const Follower& each : followers.entries) {
      if (each.count >= kLeastShare * followers.weight) {
        return std::string(state.vocabulary.text(each.unit()));
      }
    }
    return {};
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
