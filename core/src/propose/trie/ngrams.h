// Counts of n-grams: a suffix trie of contexts (the last unit first), and for
// each context the units that followed it. Contexts are case-folded, followers
// keep their case. Most contexts have one follower, which is kept in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "propose/trie/id_index.h"
#include "propose/trie/vocabulary.h"

namespace foretype::trie {

/// A unit that followed, and how often. Its casing stands here too, to sum without look-ups.
class Follower {
 public:
  static constexpr std::uint32_t kMaxUnit = (1U << 29) - 1;

  Follower(UnitId unit, Casing casing, std::uint32_t uses)
      : count(uses), packed_((unit << 3) | static_cast<std::uint32_t>(casing)) {}
  UnitId unit() const { return packed_ >> 3; }
  Casing casing() const { return static_cast<Casing>(packed_ & 7); }

  std::uint32_t count;

 private:
  std::uint32_t packed_;
};

/// The followers of one context, in the vocabulary's order.
struct Followers {
  std::span<const Follower> entries;
  std::uint64_t total = 0;  // sum of counts
};

/// A growable list of followers.
class FollowerList {
 public:
  Followers view() const { return {entries_, total_}; }
  /// Adds `change` (may be negative) to the unit's count; a count of 0 removes it.
  void add(const Vocabulary& vocabulary, UnitId unit, std::int64_t change);
  std::size_t memory_bytes() const { return entries_.capacity() * sizeof(Follower); }

 private:
  std::vector<Follower> entries_;
  std::uint64_t total_ = 0;
};

/// The range of followers whose folded form begins with `folded_prefix`.
std::span<const Follower> with_prefix(const Vocabulary& vocabulary,
                                      std::span<const Follower> entries,
                                      std::string_view folded_prefix);

/// How often `unit` followed; 0 if it did not.
std::uint32_t count_of(const Vocabulary& vocabulary, std::span<const Follower> entries,
                       UnitId unit);

class Ngrams {
 public:
  using ContextId = std::uint32_t;
  static constexpr ContextId kRoot = 0xFFFFFFFE;  // the empty context, which has no followers here
  static constexpr ContextId kNone = IdIndex::kNone;

  /// The context that is one unit older than `parent`, or kNone.
  ContextId find(ContextId parent, UnitId folded) const;
  /// The same, made if need be (`made` then says so).
  ContextId find_or_make(ContextId parent, UnitId folded, bool* made);

  /// One more use of `unit` after `context`; true if it is the first.
  bool add(const Vocabulary& vocabulary, ContextId context, UnitId unit);
  /// One use less of a unit that did follow; true if that was the last.
  bool subtract(const Vocabulary& vocabulary, ContextId context, UnitId unit);
  Followers followers(ContextId context) const;

  /// True for a context with neither followers nor longer contexts: nothing needs it.
  bool is_spent(ContextId context) const;
  /// Drops a spent context; returns its parent.
  ContextId drop(ContextId context);
  UnitId unit_of(ContextId context) const { return contexts_[context].unit; }
  ContextId parent_of(ContextId context) const { return contexts_[context].parent; }

  std::size_t ngrams() const { return ngrams_; }
  std::size_t memory_bytes() const;

  /// Calls `visit(context)` for each context.
  template <typename Visit>
  void each(Visit visit) const {
    for (ContextId id = 0; id < contexts_.size(); ++id) {
      if (contexts_[id].unit != kNoUnit) visit(id);
    }
  }

 private:
  // One follower stands in `only`. Several: only.count is 0, only.unit() numbers the list.
  struct Context {
    ContextId parent;
    UnitId unit;             // kNoUnit: a free place
    std::uint32_t children;  // contexts one unit longer
    Follower only;
  };
  static constexpr std::uint32_t kNothing = Follower::kMaxUnit;  // only.unit(): no follower at all

  static Follower nothing() { return {kNothing, Casing::kOther, 0}; }

  static std::uint64_t hash(ContextId parent, UnitId unit);
  std::uint64_t hash_of(ContextId id) const {
    return hash(contexts_[id].parent, contexts_[id].unit);
  }
  FollowerList& spill(Context& context, const Vocabulary& vocabulary);
  void unspill(Context& context);

  std::vector<Context> contexts_;
  std::vector<ContextId> free_contexts_;
  std::vector<FollowerList> lists_;
  std::vector<std::uint32_t> free_lists_;
  std::size_t list_bytes_ = 0;
  std::size_t ngrams_ = 0;
  IdIndex index_;
};

}  // namespace foretype::trie
