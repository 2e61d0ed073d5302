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
    place(to.slots, hash, tag_of(hash) | id);
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

  /// Adds the ids 0, 1, ..., `ids` - 1 to an empty set, one segment after the other: as fast as
  /// memory that is read in order, where many insertions would each wait for theirs.
  template <typename HashOf>
  void fill(std::uint32_t ids, HashOf hash_of) {
    std::array<std::size_t, kSegments + 1> ends{};
    for (std::uint32_t id = 0; id < ids; ++id) ++ends[segment_of(hash_of(id)) + 1];
    for (std::size_t i = 0; i < kSegments; ++i) ends[i + 1] += ends[i];
    struct Entry {
      std::uint32_t low_hash, slot;
    };
    std::vector<Entry> sorted(ids);  // by segment
    for (std::uint32_t id = 0; id < ids; ++id) {
      const std::uint64_t hash = hash_of(id);
      sorted[ends[segment_of(hash)]++] = {static_cast<std::uint32_t>(hash), tag_of(hash) | id};
    }
    std::size_t at = 0;
    for (std::size_t i = 0; i < kSegments; ++i) {
      Segment& to = segments_[i];
      to.size = ends[i] - at;
      to.slots.assign(to.size + to.size / 2 + kFirstSlots, kNone);
      for (; at < ends[i]; ++at) place(to.slots, sorted[at].low_hash, sorted[at].slot);
    }
    size_ = ids;
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
  static std::size_t segment_of(std::uint64_t hash) { return hash >> 57; }
  Segment& segment(std::uint64_t hash) { return segments_[segment_of(hash)]; }
  const Segment& segment(std::uint64_t hash) const { return segments_[segment_of(hash)]; }
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

  static void place(Slots& slots, std::uint64_t hash, std::uint32_t slot) {
    std::size_t at = home(slots, hash);
    while (slots[at] != kNone) at = next(slots, at);
    slots[at] = slot;
  }

  template <typename HashOf>
  static void grow(Segment& segment, HashOf hash_of) {
    const std::size_t more = std::max(kFirstSlots, segment.slots.size() * 3 / 2);
    const Slots old = std::move(segment.slots);
    segment.slots.assign(more, kNone);
    for (const std::uint32_t slot : old) {
      if (slot != kNone) place(segment.slots, hash_of(slot & kMaxIds), slot);
    }
  }

  std::array<Segment, kSegments> segments_;
  std::size_t size_ = 0;
};

}  // namespace foretype::trie
