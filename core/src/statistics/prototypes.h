// Regions of hidden space: at most 32 means of projected states, each with how
// often the first proposal there was right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "profile/encoding.h"
#include "statistics/projection.h"

namespace foretype::statistics {

/// The mean of the states of hits + misses word starts.
struct Prototype {
  State centroid{};
  std::uint32_t hits = 0;
  std::uint32_t misses = 0;

  double members() const { return static_cast<double>(hits) + static_cast<double>(misses); }
  bool operator==(const Prototype&) const = default;
};

/// On-line clustering by Ward's criterion. A new state joins the nearest mean, or the two means
/// whose union costs less become one and it begins a new one: whichever adds less to the sum of
/// squared distances. The same states in the same order give the same means.
class Prototypes {
 public:
  static constexpr std::size_t kMost = 32;
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  /// With fewer members a mean says too much of each: it goes when anything is forgotten.
  static constexpr std::uint32_t kFewest = 8;

  /// The state where a word began, and whether the first proposal was that word. False, and nothing
  /// done, where the state is not usable().
  bool add(const State& state, bool hit);
  /// kNone where there are none.
  std::size_t nearest(const State& state) const;
  /// P(the first proposal is right) in the region of this state: its share of hits, drawn towards
  /// the share of all regions where little is known. One half where nothing is.
  double hit_rate(const State& state) const;
  /// The share of all regions.
  double hit_rate() const;
  std::span<const Prototype> all() const { return prototypes_; }
  /// Drops those with fewer than kFewest members.
  void drop_small();

  /// As part of a section: docs/formats/profile.md.
  void write(std::string* out) const;
  /// Becomes what was written; where that is damaged the decoder has failed. False where it holds
  /// numbers that are not usable(). There are none then.
  bool read(profile::Decoder* decoder);

 private:
  struct Pair {
    std::size_t first = 0;
    std::size_t second = 0;
    double cost = 0;
  };
  void push(const Prototype& prototype);
  void join(std::size_t index, const Prototype& other);
  void measure(std::size_t index);
  Pair cheapest_pair() const;

  std::vector<Prototype> prototypes_;
  std::vector<float> distances_ = std::vector<float>(kMost * kMost);  // squared, [kMost][kMost]
};

}  // namespace foretype::statistics
