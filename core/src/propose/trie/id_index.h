// An open-addressing set of 32-bit ids whose keys live elsewhere: four bytes a
// slot, at most three quarters full, linear probing, deletion by shifting back.
// The slots lie in many segments that grow one at a time, so that no single
// insertion takes long. Six bits of the hash stand beside the id and spare most
// looks at keys.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace foretype::trie {

class IdIndex {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  static constexpr std::uint32_t kMaxIds = (1U << 26) - 1;  // ids are below this

  /// The id with this hash for which `matches(id)` holds, or kNone.
  template <typename Matches>
  std::uint32_t find(std::uint64_t hash, Matches matches) const {
    const Slots& slots = segment(hash).slots;
    if (slots.empty()) return kNone;
    const std::uint32_t tag = tag_of(hash);
    for (std::size_t at = home(slots, hash); slots[at] != kNone; at = next(slots, at)) {
      if ((slots[at] & ~kMaxIds) == tag && matches(slots[at] & kMaxIds)) {
        return slots[at] & kMaxIds;
      }
    }
    return kNone;
  }

  /// Adds an id that is not in the set. `hash_of(id)` gives the hash of any id in it.
  template <typename HashOf>
  void insert(std::uint32_t id, HashOf hash_of) {
    const std::uint64_t hash = hash_of(id);
    Segment& to = segment(hash);
    if ((to.size + 1) * 4 > to.slots.size() * 3) grow(to, hash_of);
    place(to.slots, id, hash);
    ++to.size;
    ++size_;
  }

  /// Removes an id that is in the set.
  template <typename HashOf>
  void erase(std::uint32_t id, HashOf hash_of) {
    const std::uint64_t hash = hash_of(id);
    Segment& from = segment(hash);
    Slots& slots = from.slots;
    std::size_t hole = home(slots, hash);
    while (slots[hole] != (tag_of(hash) | id)) hole = next(slots, hole);
    for (std::size_t at = next(slots, hole); slots[at] != kNone; at = next(slots, at)) {
      // The id at `at` may move to the hole only if its home is not between them.
      const std::size_t its_home = home(slots, hash_of(slots[at] & kMaxIds));
      if (distance(slots, its_home, at) >= distance(slots, hole, at)) {
        slots[hole] = slots[at];
        hole = at;
      }
    }
    slots[hole] = kNone;
    --from.size;
    --size_;
  }

  /// Makes room for so many ids in an empty set.
  void reserve(std::size_t ids) {
    const std::size_t each = ids / kSegments;
    for (Segment& each_segment : segments_) {
      each_segment.slots.assign(each + each / 2 + kFirstSlots, kNone);
    }
  }

  std::size_t size() const { return size_; }
  std::size_t memory_bytes() const {
    std::size_t slots = 0;
    for (const Segment& each : segments_) slots += each.slots.capacity();
    return slots * sizeof(std::uint32_t);
  }

 private:
  using Slots = std::vector<std::uint32_t>;  // tag and id each
  struct Segment {
    Slots slots;
    std::size_t size = 0;
  };
  static constexpr std::size_t kSegments = 128;
  static constexpr std::size_t kFirstSlots = 8;

  // The hash's top bits choose the segment, the next ones are the tag, the low half is the place.
  Segment& segment(std::uint64_t hash) { return segments_[hash >> 57]; }
  const Segment& segment(std::uint64_t hash) const { return segments_[hash >> 57]; }
  static std::uint32_t tag_of(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash >> 25) & ~kMaxIds;
  }
  static std::size_t home(const Slots& slots, std::uint64_t hash) {
    return static_cast<std::size_t>(((hash & 0xFFFFFFFF) * slots.size()) >> 32);
  }
  static std::size_t next(const Slots& slots, std::size_t at) {
    return at + 1 == slots.size() ? 0 : at + 1;
  }
  static std::size_t distance(const Slots& slots, std::size_t from, std::size_t to) {
    return to >= from ? to - from : to + slots.size() - from;
  }

  static void place(Slots& slots, std::uint32_t id, std::uint64_t hash) {
    std::size_t at = home(slots, hash);
    while (slots[at] != kNone) at = next(slots, at);
    slots[at] = tag_of(hash) | id;
  }

  template <typename HashOf>
  static void grow(Segment& segment, HashOf hash_of) {
    const std::size_t more = std::max(kFirstSlots, segment.slots.size() * 3 / 2);
    const Slots old = std::move(segment.slots);
    segment.slots.assign(more, kNone);
    for (const std::uint32_t slot : old) {
      if (slot != kNone) place(segment.slots, slot & kMaxIds, hash_of(slot & kMaxIds));
    }
  }

  std::array<Segment, kSegments> segments_;
  std::size_t size_ = 0;
};

}  // namespace foretype::trie
