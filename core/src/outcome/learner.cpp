#include "outcome/learner.h"

#include <algorithm>

namespace foretype::outcome {

void Learner::follow(const context::Message& message) {
  const std::size_t kept = std::min(message.settled(), message.unchanged());
  while (learned_.size() > kept) unlearn_last();
  learn_until(message, message.settled());
}

void Learner::finish(const context::Message& message) {
  follow(message);
  learn_until(message, message.units().size());
  release();
}

void Learner::undo() {
  while (!learned_.empty()) unlearn_last();
}

void Learner::learn_until(const context::Message& message, std::size_t units) {
  while (learned_.size() < units) {
    std::string unit = message.unit(learned_.size());
    profile_->learn_unit(context_, history(), unit);
    learned_.push_back(std::move(unit));
  }
}

void Learner::unlearn_last() {
  const std::string unit = std::move(learned_.back());
  learned_.pop_back();
  profile_->unlearn_unit(context_, history(), unit);
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
