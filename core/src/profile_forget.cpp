// What the owner wants gone. Nothing of this is written to the journal, and
// what waits in it goes too: the caller writes all sections anew.
#include <algorithm>

#include "foretype/profile.h"
#include "profile/balance.h"
#include "profile/wanted.h"

namespace foretype {

// To be called after everything else of it is done.
Forgotten Profile::forgot(std::size_t ngrams_before, std::size_t messages) {
  contexts_.drop_empty([this](std::string_view name) {
    const auto& kept = memory_.messages();
    return std::any_of(kept.begin(), kept.end(),
                       [name](const profile::Remembered& each) { return each.context == name; });
  });
  journal_.wipe();
  statistics_.forgot();
  memory_version_ = ++changes_;
  ++forgotten_;
  const std::size_t after = contexts_.ngrams();
  return {ngrams_before - std::min(ngrams_before, after), messages};
}

Forgotten Profile::forget(std::string_view text) {
  const profile::Wanted wanted(text);
  if (wanted.empty()) return {};
  const std::size_t before = contexts_.ngrams();
  contexts_.each_trie([&](trie::Trie& trie) { wanted.forget_in(&trie); });
  const std::size_t messages = memory_.drop_if(
      [&](const profile::Remembered& each) { return wanted.in_message(each.text); });
  return forgot(before, messages);
}

bool Profile::holds(std::string_view text) const {
  const profile::Wanted wanted(text);
  bool found = false;
  contexts_.each_trie([&](const trie::Trie& trie) { found = found || wanted.in_trie(trie); });
  for (const profile::Remembered& each : memory_.messages()) {
    found = found || wanted.in_message(each.text);
  }
  return found;
}

Forgotten Profile::forget_context(std::string_view context) {
  const std::size_t before = contexts_.ngrams();
  contexts_.forget(context);
  const std::size_t messages = memory_.drop_if(
      [context](const profile::Remembered& each) { return each.context == context; });
  return forgot(before, messages);
}

Result<Forgotten> Profile::take_back(std::string_view operations) {
  const Result<profile::Balance> read = profile::balance_of(operations);
  if (!read.ok()) return read.error();
  const profile::Balance& balance = read.value();
  const std::size_t before = contexts_.ngrams();
  for (const auto& [unit, count] : balance.accepted) {
    contexts_.each_learned(unit.first, [&unit = unit, &count = count](trie::Trie& trie) {
      trie.accepted(unit.second, -static_cast<int>(count));
    });
  }
  for (const auto& [unit, count] : balance.rejected) {
    contexts_.each_learned(unit.first, [&unit = unit, &count = count](trie::Trie& trie) {
      trie.rejected(unit.second, -static_cast<int>(count));
    });
  }
  for (const auto& [use, count] : balance.uses) {
    const auto& [context, history, unit] = use;
    for (std::int64_t i = 0; i < count; ++i) {
      contexts_.each_learned(context, [&history = history, &unit = unit](trie::Trie& trie) {
        trie.unlearn(history, unit);
      });
    }
  }
  std::size_t messages = 0;
  for (auto each = balance.messages.rbegin(); each != balance.messages.rend(); ++each) {
    if (memory_.drop(each->first, each->second)) ++messages;
  }
  return forgot(before, messages);
}

void Profile::forget_all() {
  const std::size_t before = contexts_.ngrams();
  contexts_ = profile::Contexts(background_);
  memory_ = {};
  habit_ = {};
  judgement_ = {};
  judgement_kept_ = judgement_.save();
  statistics_ = {};
  blocked_.clear();
  set_day(day_);
  forgot(before, 0);
}

std::size_t Profile::make_room(std::size_t most) {
  std::size_t all = 0;
  contexts_.each_trie([&all](const trie::Trie& trie) { all += trie.ngrams(); });
  if (all <= most) return 0;
  const double share = static_cast<double>(most) / static_cast<double>(all);
  std::size_t left = 0;
  contexts_.each_trie([&](trie::Trie& trie) {
    trie.prune(static_cast<std::size_t>(share * static_cast<double>(trie.ngrams())));
    left += trie.ngrams();
  });
  return all - left;
}

}  // namespace foretype
