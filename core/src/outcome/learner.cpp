#include "outcome/learner.h"

#include <algorithm>

namespace foretype::outcome {

void Learner::follow(const context::Message& message, trie::Trie* trie) {
  const std::size_t kept = std::min(message.settled(), message.unchanged());
  while (learned_.size() > kept) unlearn_last(trie);
  learn_until(message, message.settled(), trie);
}

void Learner::finish(const context::Message& message, trie::Trie* trie) {
  follow(message, trie);
  learn_until(message, message.units().size(), trie);
  release();
}

void Learner::undo(trie::Trie* trie) {
  while (!learned_.empty()) unlearn_last(trie);
}

void Learner::learn_until(const context::Message& message, std::size_t units, trie::Trie* trie) {
  while (learned_.size() < units) {
    std::string unit = message.unit(learned_.size());
    trie->learn(history(), unit);
    learned_.push_back(std::move(unit));
  }
}

void Learner::unlearn_last(trie::Trie* trie) {
  const std::string unit = std::move(learned_.back());
  learned_.pop_back();
  trie->unlearn(history(), unit);
}

std::vector<std::string> Learner::history() const {
  constexpr std::size_t kMost = trie::kMaxOrder - 1;
  std::vector<std::string> history;
  if (learned_.size() < kMost) history.emplace_back();
  const std::size_t first = learned_.size() - std::min(learned_.size(), kMost);
  history.insert(history.end(), learned_.begin() + static_cast<std::ptrdiff_t>(first),
                 learned_.end());
  return history;
}

}  // namespace foretype::outcome
