// Takes n-grams out of a whole trie by what they are, and what only they needed
// with them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "propose/trie/state.h"

namespace foretype::trie {

/// Drops all followers of the contexts for which `whole(context)` holds, and of the others those
/// for which `single(context, follower)` does. Every context is asked about once, in the order of
/// ids. Returns how many n-grams went.
template <typename Whole, typename Single>
std::size_t sweep(State& state, Whole whole, Single single) {
  std::size_t dropped = 0;
  std::vector<Ngrams::ContextId> touched;
  std::vector<Follower> doomed;
  state.ngrams.each([&](Ngrams::ContextId context) {
    const bool all = whole(context);
    doomed.clear();
    for (const Follower& each : state.ngrams.entries(context)) {
      if (all || single(context, each)) doomed.push_back(each);
    }
    if (!doomed.empty()) touched.push_back(context);
    dropped += doomed.size();
    for (; !doomed.empty(); doomed.pop_back()) {  // the last first: nothing has to move up
      const Follower& each = doomed.back();
      state.change_ngram(context, each.unit(), -std::int64_t{each.count}, 0);
    }
  });
  for (const Ngrams::ContextId context : touched) {
    if (state.ngrams.is_used(context)) state.drop_spent(context);
  }
  return dropped;
}

}  // namespace foretype::trie
