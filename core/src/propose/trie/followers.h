// The units that followed one context, sorted as the vocabulary orders them, so
// that those which begin with a prefix are neighbours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "propose/trie/decay.h"
#include "propose/trie/vocabulary.h"
#include "propose/trie/wipe.h"

namespace foretype::trie {

/// A unit that followed, how often, and on which day last. What summing asks of the unit stands
/// here too, so that it needs no look-ups.
class Follower {
 public:
  static constexpr std::uint32_t kMaxUnit = (1U << 28) - 1;
  static constexpr std::uint16_t kMostUses = 65535;  // a count stops here

  /// `in_background`: the background knows a form of it.
  Follower(UnitId unit, Casing casing, bool in_background, std::uint16_t uses, Day last_day)
      : count(uses),
        day(last_day),
        packed_((unit << 4) | (in_background ? 8U : 0U) | static_cast<std::uint32_t>(casing)) {}
  UnitId unit() const { return packed_ >> 4; }
  Casing casing() const { return static_cast<Casing>(packed_ & 7); }
  bool in_background() const { return (packed_ & 8) != 0; }
  /// Adds to the count, which stays between 0 and kMostUses.
  void change(std::int64_t by);

  std::uint16_t count;
  Day day;  // of the last use

 private:
  std::uint32_t packed_;
};

/// The day it is, and what the uses of earlier days weigh on it.
struct Today {
  Decay decay;
  Day day = 0;

  /// What one use weighs, and all of them.
  double factor(const Follower& follower) const { return decay.factor(follower.day, day); }
  double weight(const Follower& follower) const { return follower.count * factor(follower); }
};

/// The followers of one context, in the vocabulary's order, as of one day.
struct Followers {
  static constexpr std::size_t kBlock = 32;

  std::span<const Follower> entries;
  double weight = 0;  // sum of weights
  double types = 0;   // sum of what one use of each weighs
  // Of a long list only, empty otherwise:
  std::span<const std::uint64_t> keys;  // the order key of each entry
  std::span<const std::uint16_t> most;  // no entry of a block of kBlock has more uses
};

/// A growable list of followers.
class FollowerList {
 public:
  std::span<const Follower> entries() const { return entries_; }
  Followers view(const Today& today) const;
  /// Adds `change` (may be negative) to the unit's count and takes over the later day. A count of
  /// 0 removes the unit.
  void add(const Vocabulary& vocabulary, const Today& today, UnitId unit, std::int64_t change,
           Day day);
  /// Sets the unit's count and day as they are given.
  void set(const Vocabulary& vocabulary, const Today& today, UnitId unit, std::uint32_t count,
           Day day);
  /// Takes over followers that stand in the vocabulary's order.
  void assign(const Vocabulary& vocabulary, std::span<const Follower> followers);
  std::size_t memory_bytes() const;

 private:
  // Sums over a list as of one day.
  struct Sums {
    double weight = 0;
    double types = 0;
    Day day = 0;

    void add(const Today& today, const Follower& follower, double sign);
  };
  // What is kept beside a long list, in step with it.
  struct Aids {
    std::vector<std::uint64_t, WipingAllocator<std::uint64_t>> keys;  // bytes of texts
    std::vector<std::uint16_t> most;
    std::optional<Sums> sums;  // once they were asked for
  };
  Sums sum(const Today& today) const;
  std::size_t position(const Vocabulary& vocabulary, UnitId unit) const;
  template <typename Change>
  void change(const Vocabulary& vocabulary, const Today& today, UnitId unit, Change change);
  void insert(const Vocabulary& vocabulary, std::size_t at, const Follower& follower);
  void erase(std::size_t at);
  void note_most(std::size_t at, std::size_t end);
  void make_aids(const Vocabulary& vocabulary);

  std::vector<Follower> entries_;
  std::unique_ptr<Aids> aids_;  // null: a short list
};

/// The range of followers whose folded form begins with `folded_prefix`.
std::span<const Follower> with_prefix(const Vocabulary& vocabulary, const Followers& followers,
                                      std::string_view folded_prefix);

/// The part of `followers` that is `range`, to find entries in; its sums stay those of the whole.
Followers narrowed(const Followers& followers, std::span<const Follower> range);

/// The entry of `unit`, or null if it did not follow.
const Follower* find_follower(const Vocabulary& vocabulary, const Followers& followers,
                              UnitId unit);
/// How often `unit` followed; 0 if it did not.
std::uint32_t count_of(const Vocabulary& vocabulary, const Followers& followers, UnitId unit);

/// Calls `visit` for the followers of a range of `followers.entries` that have more uses than the
/// last call returned, and perhaps for others.
template <typename Visit>
void each_above(const Followers& followers, std::span<const Follower> range, Visit visit) {
  std::uint32_t uses = 0;
  const auto begin = static_cast<std::size_t>(range.data() - followers.entries.data());
  for (std::size_t at = begin; at < begin + range.size(); ++at) {
    if (at % Followers::kBlock == 0 && !followers.most.empty() &&
        followers.most[at / Followers::kBlock] <= uses) {
      at += Followers::kBlock - 1;
    } else if (followers.entries[at].count > uses) {
      uses = visit(followers.entries[at]);
    }
  }
}

}  // namespace foretype::trie
