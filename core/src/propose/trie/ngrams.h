// Counts of n-grams: a suffix trie of contexts (the last unit first), and for
// each context the units that followed it. Contexts are case-folded, followers
// keep their case. Most contexts have one follower, which is kept in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "propose/trie/blocks.h"
#include "propose/trie/followers.h"
#include "propose/trie/id_index.h"
#include "propose/trie/vocabulary.h"

namespace foretype::trie {

class Ngrams {
 public:
  using ContextId = std::uint32_t;
  static constexpr ContextId kRoot = 0xFFFFFFFE;  // the empty context, which has no followers here
  static constexpr ContextId kNone = IdIndex::kNone;
  static constexpr std::size_t kMaxContext = 4;  // units: order 5 less the one that follows

  /// True if no more contexts fit.
  bool is_full() const { return contexts_.size() + kMaxContext > IdIndex::kMaxIds; }
  /// The context that is one unit older than `parent`, or kNone.
  ContextId find(ContextId parent, UnitId folded) const;
  /// The same, made if need be (`made` then says so).
  ContextId find_or_make(ContextId parent, UnitId folded, bool* made);

  /// Adds `change` (may be negative) to the uses of `unit` after `context`, the last of them on
  /// `day`. Returns 1 if the unit had not followed before, -1 if it does not follow any more, or 0.
  int add(const Vocabulary& vocabulary, const Today& today, ContextId context, UnitId unit,
          std::int64_t change, Day day);
  Followers followers(ContextId context, const Today& today) const;
  std::span<const Follower> entries(ContextId context) const;

  /// True for a context with neither followers nor longer contexts: nothing needs it.
  bool is_spent(ContextId context) const;
  /// Drops a spent context; returns its parent.
  ContextId drop(ContextId context);

  /// For a reader of all n-grams: one more context, after its parent, that find() does not know
  /// yet; its followers, in the vocabulary's order; from then on all are found.
  void append(ContextId parent, UnitId unit, std::uint32_t children);
  void set_followers(const Vocabulary& vocabulary, ContextId context,
                     std::span<const Follower> followers);
  void index_all();

  UnitId unit_of(ContextId context) const { return contexts_[context].unit; }
  ContextId parent_of(ContextId context) const { return contexts_[context].parent; }
  std::uint32_t children_of(ContextId context) const { return contexts_[context].children; }
  std::size_t length_of(ContextId context) const;  // in units

  std::size_t ngrams() const { return ngrams_; }
  /// All ids are below this one; those that is_used() refuses stand for no context.
  std::size_t context_ids() const { return contexts_.size(); }
  bool is_used(ContextId context) const { return contexts_[context].unit != kNoUnit; }
  std::size_t memory_bytes() const;

  /// Calls `visit(context)` for each context.
  template <typename Visit>
  void each(Visit visit) const {
    for (ContextId id = 0; id < contexts_.size(); ++id) {
      if (is_used(id)) visit(id);
    }
  }

 private:
  static constexpr std::uint32_t kNothing = Follower::kMaxUnit;  // only.unit(): no follower at all

  static Follower nothing() { return {kNothing, Casing::kOther, false, 0, 0}; }
  static bool is_nothing(const Follower& only) {
    return only.count == 0 && only.unit() == kNothing;
  }

  // One follower stands in `only`. Several: only.count is 0, only.unit() numbers the list.
  struct Context {
    ContextId parent = kNone;
    UnitId unit = kNoUnit;       // kNoUnit: a free place
    std::uint32_t children = 0;  // contexts one unit longer
    Follower only = nothing();
  };
  static std::uint64_t hash(ContextId parent, UnitId unit);
  std::uint64_t hash_of(ContextId id) const {
    return hash(contexts_[id].parent, contexts_[id].unit);
  }
  int add_only(Follower& only, const Vocabulary& vocabulary, UnitId unit, std::int64_t change,
               Day day);
  std::uint32_t make_list();
  FollowerList& spill(Context& context, const Vocabulary& vocabulary, const Today& today);
  void unspill(Context& context);

  Blocks<Context> contexts_;
  std::vector<ContextId> free_contexts_;
  Blocks<FollowerList> lists_;
  std::vector<std::uint32_t> free_lists_;
  std::size_t list_bytes_ = 0;
  std::size_t ngrams_ = 0;
  IdIndex index_;
};

}  // namespace foretype::trie
