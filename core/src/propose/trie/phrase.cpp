#include <string>
#include <vector>

#include "propose/trie/state.h"
#include "propose/trie/trie.h"

namespace foretype::trie {
namespace {

constexpr std::size_t kMaxPhraseUnits = 24;
constexpr std::uint64_t kLeastUses = 2;  // of a context before its only follower is near certain

// The follower that every use of the longest well-known context had; empty if there is none.
std::string certain_follower(const State& state, std::span<const std::string> history) {
  const ContextChain chain = find_contexts(state, history);
  for (int i = chain.count; i-- > 0;) {
    const Followers followers = state.ngrams.followers(chain.contexts[i]);
    if (followers.total < kLeastUses) continue;
    if (followers.entries.size() != 1) return {};
    return std::string(state.vocabulary.text(followers.entries.front().unit()));
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
