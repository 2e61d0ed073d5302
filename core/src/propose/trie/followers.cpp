#include "propose/trie/followers.h"

#include <algorithm>

namespace foretype::trie {
namespace {

// A list with so many entries has aids; it loses them when only half of that are left. Shorter
// ones are searched one by one: that touches neither text nor keys.
constexpr std::size_t kLongList = 32;

using Range = std::pair<std::size_t, std::size_t>;

std::size_t first_from(std::span<const std::uint64_t> keys, std::uint64_t key) {
  return static_cast<std::size_t>(std::lower_bound(keys.begin(), keys.end(), key) - keys.begin());
}

// The entries whose order keys lie in [low, high].
Range with_keys(std::span<const std::uint64_t> keys, std::uint64_t low, std::uint64_t high) {
  const std::size_t first = first_from(keys, low);
  if (first == keys.size() || keys[first] > high) return {first, first};
  const std::span<const std::uint64_t> from = keys.subspan(first);
  const bool is_last = high == UINT64_MAX;
  return {first, is_last ? keys.size() : first + first_from(from, high + 1)};
}

// The same for one key; mostly one entry has it or none.
Range with_key(std::span<const std::uint64_t> keys, std::uint64_t key) {
  const std::size_t first = first_from(keys, key);
  if (first == keys.size() || keys[first] != key) return {first, first};
  if (first + 1 == keys.size() || keys[first + 1] != key) return {first, first + 1};
  return with_keys(keys, key, key);
}

// The first entry that does not stand before the unit.
std::size_t position_in(const Vocabulary& vocabulary, std::span<const Follower> entries,
                        std::span<const std::uint64_t> keys, UnitId unit) {
  const std::uint64_t key = vocabulary[unit].key;
  const Range range = keys.empty() ? Range(0, entries.size()) : with_key(keys, key);
  const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(range.first);
  const auto end = entries.begin() + static_cast<std::ptrdiff_t>(range.second);
  const auto at = std::partition_point(
      begin, end, [&](const Follower& each) { return vocabulary.compare(each.unit(), unit) < 0; });
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
  if (!aids_) {
    const Sums sums = sum(today);
    return {entries_, sums.weight, sums.types, {}, {}};
  }
  if (!aids_->sums || aids_->sums->day != today.day) aids_->sums = sum(today);
  return {entries_, aids_->sums->weight, aids_->sums->types, aids_->keys, aids_->most};
}

std::size_t FollowerList::position(const Vocabulary& vocabulary, UnitId unit) const {
  const std::span<const std::uint64_t> no_keys;
  return position_in(vocabulary, entries_, aids_ ? aids_->keys : no_keys, unit);
}

// Calls `change` on the unit's entry, which is made with a count of 0 if need be and dropped if it
// has one afterwards.
template <typename Change>
void FollowerList::change(const Vocabulary& vocabulary, const Today& today, UnitId unit,
                          Change change) {
  const std::size_t at = position(vocabulary, unit);
  const bool is_new = at == entries_.size() || entries_[at].unit() != unit;
  Follower changed =
      is_new ? Follower{unit, vocabulary[unit].casing, vocabulary[unit].in_background(), 0, 0}
             : entries_[at];
  change(changed);
  if (aids_ && aids_->sums && aids_->sums->day != today.day) aids_->sums.reset();
  if (aids_ && aids_->sums) {
    if (!is_new) aids_->sums->add(today, entries_[at], -1);
    aids_->sums->add(today, changed, 1);
  }
  if (changed.count == 0) {
    if (!is_new) erase(at);
  } else if (is_new) {
    insert(vocabulary, at, changed);
  } else {
    entries_[at] = changed;
    note_most(at, at + 1);
  }
}

// An odd number of followers fills what an allocator gives without a rest: 16 bytes times some
// number, less 8 of its own.
void FollowerList::insert(const Vocabulary& vocabulary, std::size_t at, const Follower& follower) {
  const std::size_t size = entries_.size();
  const std::size_t more = std::max<std::size_t>(3, (size + size / 2) | 1);
  if (size == entries_.capacity()) entries_.reserve(more);
  entries_.insert(entries_.begin() + static_cast<std::ptrdiff_t>(at), follower);
  if (!aids_ && entries_.size() >= kLongList) return make_aids(vocabulary);
  if (!aids_) return;
  aids_->keys.insert(aids_->keys.begin() + static_cast<std::ptrdiff_t>(at),
                     vocabulary[follower.unit()].key);
  note_most(at, entries_.size());
}

void FollowerList::erase(std::size_t at) {
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(at));
  if (!aids_) return;
  if (entries_.size() < kLongList / 2) return aids_.reset();
  auto& keys = aids_->keys;
  std::copy(keys.begin() + static_cast<std::ptrdiff_t>(at) + 1, keys.end(),
            keys.begin() + static_cast<std::ptrdiff_t>(at));
  overwrite(&keys.back(), sizeof keys.back());
  keys.pop_back();
  note_most(at, entries_.size());
}

// The entry at `at` changed and all others up to `end` moved by one place, so that each block has
// one that it did not have: its first or its last. What is noted may be too much, never too little.
void FollowerList::note_most(std::size_t at, std::size_t end) {
  if (!aids_ || at >= end) return;
  std::vector<std::uint16_t>& most = aids_->most;
  most.resize((entries_.size() + Followers::kBlock - 1) / Followers::kBlock);
  const auto note = [&](std::size_t place) {
    std::uint16_t& of_block = most[place / Followers::kBlock];
    of_block = std::max(of_block, entries_[place].count);
  };
  note(at);
  for (std::size_t place = (at / Followers::kBlock + 1) * Followers::kBlock; place < end;
       place += Followers::kBlock) {
    note(place - 1);
    note(place);
  }
  note(end - 1);
}

void FollowerList::make_aids(const Vocabulary& vocabulary) {
  aids_ = std::make_unique<Aids>();
  aids_->keys.reserve(entries_.capacity());
  for (const Follower& each : entries_) aids_->keys.push_back(vocabulary[each.unit()].key);
  for (std::size_t at = 0; at < entries_.size(); ++at) note_most(at, at + 1);
}

void FollowerList::assign(const Vocabulary& vocabulary, std::span<const Follower> followers) {
  aids_.reset();
  entries_.reserve(followers.size() | 1);
  entries_.assign(followers.begin(), followers.end());
  if (entries_.size() >= kLongList) make_aids(vocabulary);
}

std::size_t FollowerList::memory_bytes() const {
  const std::size_t bytes = entries_.capacity() * sizeof(Follower);
  if (!aids_) return bytes;
  return bytes + sizeof(Aids) + aids_->keys.capacity() * sizeof(std::uint64_t) +
         aids_->most.capacity() * sizeof(std::uint16_t);
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

std::span<const Follower> with_prefix(const Vocabulary& vocabulary, const Followers& followers,
                                      std::string_view folded_prefix) {
  if (folded_prefix.empty()) return followers.entries;
  const std::uint64_t key = order_key(folded_prefix);
  std::span<const Follower> range = followers.entries;
  if (!followers.keys.empty()) {
    const std::size_t shared = std::min<std::size_t>(folded_prefix.size(), 8);
    const std::uint64_t rest = shared == 8 ? 0 : ~std::uint64_t{0} >> (8 * shared);
    const Range found = with_keys(followers.keys, key, key | rest);
    range = range.subspan(found.first, found.second - found.first);
    if (shared == folded_prefix.size() && folded_prefix.back() != '\0') return range;
  }
  const auto first = std::partition_point(range.begin(), range.end(), [&](const Follower& each) {
    return vocabulary.compare_prefix(each.unit(), folded_prefix, key) < 0;
  });
  const auto last = std::partition_point(first, range.end(), [&](const Follower& each) {
    return vocabulary.compare_prefix(each.unit(), folded_prefix, key) == 0;
  });
  return {first, last};
}

Followers narrowed(const Followers& followers, std::span<const Follower> range) {
  Followers part{range, followers.weight, followers.types, {}, {}};
  if (followers.keys.empty() || range.size() < Followers::kBlock) return part;
  const auto begin = static_cast<std::size_t>(range.data() - followers.entries.data());
  part.keys = followers.keys.subspan(begin, range.size());
  return part;
}

const Follower* find_follower(const Vocabulary& vocabulary, const Followers& followers,
                              UnitId unit) {
  const std::span<const Follower> entries = followers.entries;
  if (followers.keys.empty()) {
    for (const Follower& each : entries) {
      if (each.unit() == unit) return &each;
    }
    return nullptr;
  }
  const std::size_t at = position_in(vocabulary, entries, followers.keys, unit);
  return at < entries.size() && entries[at].unit() == unit ? &entries[at] : nullptr;
}

std::uint32_t count_of(const Vocabulary& vocabulary, const Followers& followers, UnitId unit) {
  const Follower* follower = find_follower(vocabulary, followers, unit);
  return follower == nullptr ? 0 : follower->count;
}

}  // namespace foretype::trie
