#include "foretype/profile.h"

#include <utility>

#include "context/message.h"
#include "outcome/learner.h"

namespace foretype {

Profile::Profile(std::shared_ptr<const trie::Background> background)
    : background_(std::move(background)), trie_(background_) {}

void Profile::learn(std::string_view message) {
  if (paused) return;
  context::Message units;
  units.set(message);
  outcome::Learner().finish(units, &trie_);
  remember(message);
}

void Profile::remember(std::string_view message) {
  if (paused || message.empty()) return;
  if (message.size() > kMemoryBytes) message.remove_prefix(message.size() - kMemoryBytes);
  memory_.emplace_back(message);
  memory_bytes_ += message.size();
  while (memory_bytes_ > kMemoryBytes) {
    memory_bytes_ -= memory_.front().size();
    memory_.pop_front();
  }
  ++memory_version_;
}

void Profile::forget_all() {
  trie_ = trie::Trie(background_);
  habit_ = outcome::Habit();
  memory_.clear();
  memory_bytes_ = 0;
  ++memory_version_;
  ++forgotten_;
}

}  // namespace foretype
