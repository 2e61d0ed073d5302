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
  const double part = today.weight(follower);
  weight += sign * part;
  types += sign * std::min(1.0, part);
}

FollowerList::Sums FollowerList::sum(const Today& today) const {
  Sums sums{.day = today.day, .known = true};
  for (const Follower& each : entries_) sums.add(today, each, 1);
  return sums;
}

Followers FollowerList::view(const Today& today) const {
  if (entries_.size() < kLongList) {
    const Sums sums = sum(today);
    return {entries_, sums.weight, sums.types};
  }
  if (!sums_.known || sums_.day != today.day) sums_ = sum(today);
  return {entries_, sums_.weight, sums_.types};
}

void FollowerList::add(const Vocabulary& vocabulary, const Today& today, UnitId unit,
                       std::int64_t change, Day day) {
  const std::size_t at = position(vocabulary, entries_, unit);
  auto place = entries_.begin() + static_cast<std::ptrdiff_t>(at);
  if (place == entries_.end() || place->unit() != unit) {
    if (change <= 0) return;
    place = entries_.insert(place, Follower{unit, vocabulary[unit].casing, 0, day});
  }
  sums_.known = sums_.known && sums_.day == today.day && entries_.size() >= kLongList;
  if (sums_.known) sums_.add(today, *place, -1);
  place->change(change);
  place->day = std::max(place->day, day);
  if (sums_.known) sums_.add(today, *place, 1);
  if (place->count == 0) entries_.erase(place);
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
