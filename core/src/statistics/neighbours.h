// The last word starts: where in hidden space, and what was proposed there. From
// them Python computes neighbourhood permutations.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "statistics/projection.h"

namespace foretype::statistics {

/// 32-bit FNV-1a of a word, which tells proposals apart.
std::uint32_t hash_of(std::string_view word);

/// The proposals of one word start, best first, as hashes.
struct Ranking {
  static constexpr std::size_t kMost = 5;
  std::array<std::uint32_t, kMost> words{};
  std::size_t count = 0;

  void add(std::string_view word) {
    if (count < kMost) words[count++] = hash_of(word);
  }
};

struct Neighbour {
  State state{};
  Ranking ranking;
};

/// A ring. Only in memory: it is never saved or exported, and goes when anything is forgotten.
class Neighbours {
 public:
  static constexpr std::size_t kMost = 256;

  /// The oldest goes where it is full. False, and nothing done, where the state is not usable().
  bool add(const State& state, const Ranking& ranking);
  std::size_t size() const { return ring_.size(); }
  /// From the oldest, 0, to the newest.
  const Neighbour& at(std::size_t index) const { return ring_[(oldest_ + index) % ring_.size()]; }
  /// No byte stays.
  void wipe();

 private:
  std::vector<Neighbour> ring_;
  std::size_t oldest_ = 0;
};

}  // namespace foretype::statistics
