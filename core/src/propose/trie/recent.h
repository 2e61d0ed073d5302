// The units used last: a window that slides over the uses, without a clock.
#pragma once

#include <cstddef>
#include <deque>

#include "propose/trie/followers.h"

namespace foretype::trie {

class Recent {
 public:
  /// The day of each entry: a use of it never is an old one, so that it weighs its count.
  static constexpr Day kNever = 0xFFFF;

  explicit Recent(int window) : window_(static_cast<std::size_t>(window)) {}

  void push(const Vocabulary& vocabulary, const Today& today, UnitId unit);
  /// Takes back the latest use of `unit` that is remembered; false if there is none.
  bool remove(const Vocabulary& vocabulary, const Today& today, UnitId unit);

  Followers followers(const Today& today) const { return inside_.view(today); }
  /// Oldest first; twice the window, so that taking uses back brings older ones in again.
  const std::deque<UnitId>& uses() const { return uses_; }
  std::size_t memory_bytes() const {
    return uses_.size() * sizeof(UnitId) + inside_.memory_bytes();
  }

 private:
  std::size_t first_inside() const { return uses_.size() > window_ ? uses_.size() - window_ : 0; }

  std::size_t window_;
  std::deque<UnitId> uses_;
  FollowerList inside_;  // counts of the last window_ of them
};

}  // namespace foretype::trie
