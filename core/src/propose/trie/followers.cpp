#include "propose/trie/followers.h"

#include <algorithm>

namespace foretype::trie {
namespace {

// Up to this many entries are searched by id, which touches no text.
constexpr std::size_t kLinearSearch = 12;
// From this many entries on the sums are kept.
constexpr std::size_t kLongList = 16;

std::size_t position(const Vocabulary& vocabulary, std::span<const Follower> entries, UnitId unit) {
  const auto at = std::partition_point(entries.begin(), entries.end(), [&](const Follower& each) {
    return vocabulary.compare(each.unit(), unit) < 0;
  });
  return static_cast<std::size_t>(at - entries.begin());
}

}  // namespace

void Follower::change(std::int64_t by) {
  count = static_cast<std::uint16_t>(std::clamp<std::int64_t>(count + by, 0, kMostUses));
}

void FollowerList::Sums::add(const Today& today, const Follower& follower, double sign) {
  if (follower.count == 0) return;
  weight += sign * today.weight(follower);
  types += sign * today.factor(follower);
}

FollowerList::Sums FollowerList::sum(const Today& today) const {
  Sums sums{.day = today.day};
  for (const Follower& each : entries_) sums.add(today, each, 1);
  return sums;
}

Followers FollowerList::view(const Today& today) const {
  if (entries_.size() < kLongList) {
    const Sums sums = sum(today);
    return {entries_, sums.weight, sums.types};
  }
  if (!sums_ || sums_->day != today.day) sums_ = std::make_unique<Sums>(sum(today));
  return {entries_, sums_->weight, sums_->types};
}

// Calls `change` on the unit's entry, which is made with a count of 0 if need be and dropped if it
// has one afterwards.
template <typename Change>
void FollowerList::change(const Vocabulary& vocabulary, const Today& today, UnitId unit,
                          Change change) {
  const auto at = static_cast<std::ptrdiff_t>(position(vocabulary, entries_, unit));
  const bool is_new = at == std::ssize(entries_) || entries_[at].unit() != unit;
  Follower changed = is_new ? Follower{unit, vocabulary[unit].casing, 0, 0} : entries_[at];
  change(changed);
  if (sums_ && (sums_->day != today.day || entries_.size() < kLongList)) sums_.reset();
  if (sums_ && !is_new) sums_->add(today, entries_[at], -1);
  if (sums_) sums_->add(today, changed, 1);
  if (changed.count == 0) {
    if (!is_new) entries_.erase(entries_.begin() + at);
  } else if (is_new) {
    make_room();
    entries_.insert(entries_.begin() + at, changed);
  } else {
    entries_[at] = changed;
  }
}

// An odd number of followers fills what an allocator gives without a rest: 16 bytes times some
// number, less 8 of its own.
void FollowerList::make_room() {
  const std::size_t size = entries_.size();
  if (size == entries_.capacity())
    entries_.reserve(std::max<std::size_t>(3, (size + size / 2) | 1));
}

void FollowerList::assign(std::span<const Follower> followers) {
  sums_.reset();
  entries_.reserve(followers.size() | 1);
  entries_.assign(followers.begin(), followers.end());
}

void FollowerList::add(const Vocabulary& vocabulary, const Today& today, UnitId unit,
                       std::int64_t change, Day day) {
  this->change(vocabulary, today, unit, [&](Follower& follower) {
    follower.change(change);
    follower.day = std::max(follower.day, day);
  });
}

void FollowerList::set(const Vocabulary& vocabulary, const Today& today, UnitId unit,
                       std::uint32_t count, Day day) {
  this->change(vocabulary, today, unit, [&](Follower& follower) {
    follower.count = 0;
    follower.change(count);
    follower.day = day;
  });
}

std::span<const Follower> with_prefix(const Vocabulary& vocabulary,
                                      std::span<const Follower> entries,
                                      std::string_view folded_prefix) {
  if (folded_prefix.empty()) return entries;
  const std::uint64_t key = order_key(folded_prefix);
  const auto first =
      std::partition_point(entries.begin(), entries.end(), [&](const Follower& each) {
        return vocabulary.compare_prefix(each.unit(), folded_prefix, key) < 0;
      });
  const auto last = std::partition_point(first, entries.end(), [&](const Follower& each) {
    return vocabulary.compare_prefix(each.unit(), folded_prefix, key) == 0;
  });
  return {first, last};
}

const Follower* find_follower(const Vocabulary& vocabulary, std::span<const Follower> entries,
                              UnitId unit) {
  if (entries.size() <= kLinearSearch) {
    for (const Follower& each : entries) {
      if (each.unit() == unit) return &each;
    }
    return nullptr;
  }
  const std::size_t at = position(vocabulary, entries, unit);
  return at < entries.size() && entries[at].unit() == unit ? &entries[at] : nullptr;
}

std::uint32_t count_of(const Vocabulary& vocabulary, std::span<const Follower> entries,
                       UnitId unit) {
  const Follower* follower = find_follower(vocabulary, entries, unit);
  return follower == nullptr ? 0 : follower->count;
}

}  // namespace foretype::trie
