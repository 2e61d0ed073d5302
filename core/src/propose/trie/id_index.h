// An open-addressing set of 32-bit ids whose keys live elsewhere: four bytes a
// slot, at most two thirds full, linear probing, deletion by shifting back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace foretype::trie {

class IdIndex {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  /// The id with this hash for which `matches(id)` holds, or kNone.
  template <typename Matches>
  std::uint32_t find(std::uint64_t hash, Matches matches) const {
    if (slots_.empty()) return kNone;
    for (std::size_t at = home(hash); slots_[at] != kNone; at = next(at)) {
      if (matches(slots_[at])) return slots_[at];
    }
    return kNone;
  }

  /// Adds an id that is not in the set. `hash_of(id)` gives the hash of any id in it.
  template <typename HashOf>
  void insert(std::uint32_t id, HashOf hash_of) {
    if ((size_ + 1) * 3 > slots_.size() * 2) grow(hash_of);
    place(id, hash_of(id));
    ++size_;
  }

  /// Removes an id that is in the set.
  template <typename HashOf>
  void erase(std::uint32_t id, HashOf hash_of) {
    std::size_t hole = home(hash_of(id));
    while (slots_[hole] != id) hole = next(hole);
    for (std::size_t at = next(hole); slots_[at] != kNone; at = next(at)) {
      const std::size_t from = home(hash_of(slots_[at]));
      // The id at `at` may move to the hole only if its home is not between them.
      if (((at - from) & mask()) >= ((at - hole) & mask())) {
        slots_[hole] = slots_[at];
        hole = at;
      }
    }
    slots_[hole] = kNone;
    --size_;
  }

  std::size_t size() const { return size_; }
  std::size_t memory_bytes() const { return slots_.capacity() * sizeof(std::uint32_t); }

 private:
  static constexpr std::size_t kFirstSlots = 16;

  std::size_t mask() const { return slots_.size() - 1; }
  std::size_t home(std::uint64_t hash) const {
    return static_cast<std::size_t>(hash ^ (hash >> 32)) & mask();
  }
  std::size_t next(std::size_t at) const { return (at + 1) & mask(); }

  void place(std::uint32_t id, std::uint64_t hash) {
    std::size_t at = home(hash);
    while (slots_[at] != kNone) at = next(at);
    slots_[at] = id;
  }

  template <typename HashOf>
  void grow(HashOf hash_of) {
    const std::vector<std::uint32_t> old = std::move(slots_);
    slots_.assign(old.empty() ? kFirstSlots : old.size() * 2, kNone);
    for (const std::uint32_t id : old) {
      if (id != kNone) place(id, hash_of(id));
    }
  }

  std::vector<std::uint32_t> slots_;  // a power of two of them
  std::size_t size_ = 0;
};

}  // namespace foretype::trie
