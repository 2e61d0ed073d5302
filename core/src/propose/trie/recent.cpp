#include "propose/trie/recent.h"

namespace foretype::trie {

void Recent::push(const Vocabulary& vocabulary, const Today& today, UnitId unit) {
  if (window_ == 0) return;
  uses_.push_back(unit);
  inside_.add(vocabulary, today, unit, 1, kNever);
  if (uses_.size() > window_) {
    inside_.add(vocabulary, today, uses_[uses_.size() - window_ - 1], -1, kNever);
  }
  if (uses_.size() > 2 * window_) uses_.pop_front();
}

bool Recent::remove(const Vocabulary& vocabulary, const Today& today, UnitId unit) {
  std::size_t at = uses_.size();
  while (at > 0 && uses_[at - 1] != unit) --at;
  if (at == 0) return false;
  const std::size_t first = first_inside();
  if (at - 1 >= first) {
    inside_.add(vocabulary, today, unit, -1, kNever);
    if (first > 0) inside_.add(vocabulary, today, uses_[first - 1], 1, kNever);
  }
  uses_.erase(uses_.begin() + static_cast<std::ptrdiff_t>(at - 1));
  return true;
}

}  // namespace foretype::trie
