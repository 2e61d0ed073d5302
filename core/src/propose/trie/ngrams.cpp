#include "propose/trie/ngrams.h"

#include <algorithm>

namespace foretype::trie {
namespace {

// Up to this many entries are searched by id, which touches no text.
constexpr std::size_t kLinearSearch = 12;

std::size_t position(const Vocabulary& vocabulary, std::span<const Follower> entries, UnitId unit) {
  const auto at = std::partition_point(entries.begin(), entries.end(), [&](const Follower& each) {
    return vocabulary.compare(each.unit(), unit) < 0;
  });
  return static_cast<std::size_t>(at - entries.begin());
}

}  // namespace

void FollowerList::add(const Vocabulary& vocabulary, UnitId unit, std::int64_t change) {
  if (change == 0) return;
  const std::size_t at = position(vocabulary, entries_, unit);
  const auto place = entries_.begin() + static_cast<std::ptrdiff_t>(at);
  if (place == entries_.end() || place->unit() != unit) {
    entries_.insert(place,
                    Follower{unit, vocabulary[unit].casing, static_cast<std::uint32_t>(change)});
  } else {
    place->count = static_cast<std::uint32_t>(place->count + change);
    if (place->count == 0) entries_.erase(place);
  }
  total_ = static_cast<std::uint64_t>(static_cast<std::int64_t>(total_) + change);
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

std::uint32_t count_of(const Vocabulary& vocabulary, std::span<const Follower> entries,
                       UnitId unit) {
  if (entries.size() <= kLinearSearch) {
    for (const Follower& each : entries) {
      if (each.unit() == unit) return each.count;
    }
    return 0;
  }
  const std::size_t at = position(vocabulary, entries, unit);
  return at < entries.size() && entries[at].unit() == unit ? entries[at].count : 0;
}

std::uint64_t Ngrams::hash(ContextId parent, UnitId unit) {
  std::uint64_t value = (static_cast<std::uint64_t>(parent) << 32) | unit;
  value = (value ^ (value >> 31)) * 0x7FB5D329728EA185;
  value = (value ^ (value >> 27)) * 0x81DADEF4BC2DD44D;
  return value ^ (value >> 33);
}

Ngrams::ContextId Ngrams::find(ContextId parent, UnitId folded) const {
  return index_.find(hash(parent, folded), [&](ContextId id) {
    return contexts_[id].parent == parent && contexts_[id].unit == folded;
  });
}

Ngrams::ContextId Ngrams::find_or_make(ContextId parent, UnitId folded, bool* made) {
  ContextId id = find(parent, folded);
  *made = id == kNone;
  if (!*made) return id;
  const Context fresh{parent, folded, 0, nothing()};
  if (free_contexts_.empty()) {
    id = static_cast<ContextId>(contexts_.size());
    contexts_.push_back(fresh);
  } else {
    id = free_contexts_.back();
    free_contexts_.pop_back();
    contexts_[id] = fresh;
  }
  if (parent != kRoot) ++contexts_[parent].children;
  index_.insert(id, [this](ContextId each) { return hash_of(each); });
  return id;
}

bool Ngrams::add(const Vocabulary& vocabulary, ContextId context, UnitId unit) {
  Context& node = contexts_[context];
  const bool is_list = node.only.count == 0 && node.only.unit() != kNothing;
  if (!is_list && node.only.unit() == kNothing) {
    node.only = Follower{unit, vocabulary[unit].casing, 1};
    ++ngrams_;
    return true;
  }
  if (!is_list && node.only.unit() == unit) {
    ++node.only.count;
    return false;
  }
  FollowerList& list = is_list ? lists_[node.only.unit()] : spill(node, vocabulary);
  const std::size_t bytes = list.memory_bytes();
  const std::size_t before = list.view().entries.size();
  list.add(vocabulary, unit, 1);
  const std::size_t more = list.view().entries.size() - before;
  list_bytes_ += list.memory_bytes() - bytes;
  ngrams_ += more;
  return more > 0;
}

bool Ngrams::subtract(const Vocabulary& vocabulary, ContextId context, UnitId unit) {
  Context& node = contexts_[context];
  if (node.only.count > 0) {
    if (--node.only.count > 0) return false;
    node.only = nothing();
    --ngrams_;
    return true;
  }
  FollowerList& list = lists_[node.only.unit()];
  const std::size_t before = list.view().entries.size();
  list.add(vocabulary, unit, -1);
  const std::size_t fewer = before - list.view().entries.size();
  ngrams_ -= fewer;
  if (list.view().entries.size() == 1) unspill(node);
  return fewer > 0;
}

// Moves the only follower into a list of its own, so that more can join it.
FollowerList& Ngrams::spill(Context& context, const Vocabulary& vocabulary) {
  std::uint32_t number = static_cast<std::uint32_t>(lists_.size());
  if (free_lists_.empty()) {
    lists_.emplace_back();
  } else {
    number = free_lists_.back();
    free_lists_.pop_back();
  }
  lists_[number].add(vocabulary, context.only.unit(), context.only.count);
  list_bytes_ += lists_[number].memory_bytes();
  context.only = Follower{number, Casing::kOther, 0};
  return lists_[number];
}

// Moves the last follower of a list back into its context.
void Ngrams::unspill(Context& context) {
  const std::uint32_t number = context.only.unit();
  context.only = lists_[number].view().entries.front();
  list_bytes_ -= lists_[number].memory_bytes();
  lists_[number] = FollowerList{};
  free_lists_.push_back(number);
}

Followers Ngrams::followers(ContextId context) const {
  const Context& node = contexts_[context];
  if (node.only.count > 0) return {{&node.only, 1}, node.only.count};
  if (node.only.unit() == kNothing) return {};
  return lists_[node.only.unit()].view();
}

bool Ngrams::is_spent(ContextId context) const {
  const Context& node = contexts_[context];
  return node.children == 0 && node.only.count == 0 && node.only.unit() == kNothing;
}

Ngrams::ContextId Ngrams::drop(ContextId context) {
  index_.erase(context, [this](ContextId each) { return hash_of(each); });
  const ContextId parent = contexts_[context].parent;
  if (parent != kRoot) --contexts_[parent].children;
  contexts_[context].unit = kNoUnit;
  free_contexts_.push_back(context);
  return parent;
}

std::size_t Ngrams::memory_bytes() const {
  return contexts_.capacity() * sizeof(Context) + free_contexts_.capacity() * sizeof(ContextId) +
         lists_.capacity() * sizeof(FollowerList) + free_lists_.capacity() * sizeof(std::uint32_t) +
         list_bytes_ + index_.memory_bytes();
}

}  // namespace foretype::trie
