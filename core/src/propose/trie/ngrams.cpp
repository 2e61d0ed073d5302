#include "propose/trie/ngrams.h"

#include <algorithm>

namespace foretype::trie {

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

int Ngrams::add(const Vocabulary& vocabulary, const Today& today, ContextId context, UnitId unit,
                std::int64_t change, Day day) {
  Context& node = contexts_[context];
  const bool is_list = node.only.count == 0 && node.only.unit() != kNothing;
  const bool fits = is_nothing(node.only) || node.only.unit() == unit;
  if (!is_list && fits) return add_only(node.only, vocabulary, unit, change, day);
  if (!is_list && change <= 0) return 0;
  FollowerList& list = is_list ? lists_[node.only.unit()] : spill(node, vocabulary, today);
  const std::size_t bytes = list.memory_bytes();
  const std::size_t before = list.entries().size();
  list.add(vocabulary, today, unit, change, day);
  const int more = static_cast<int>(list.entries().size()) - static_cast<int>(before);
  list_bytes_ += list.memory_bytes() - bytes;
  ngrams_ += static_cast<std::size_t>(more);
  if (list.entries().size() == 1) unspill(node);
  return more;
}

// The same for a context with no follower, or with this one only.
int Ngrams::add_only(Follower& only, const Vocabulary& vocabulary, UnitId unit, std::int64_t change,
                     Day day) {
  const bool is_new = is_nothing(only);
  if (is_new && change <= 0) return 0;
  if (is_new)
    only = Follower{unit, vocabulary[unit].casing, vocabulary[unit].in_background(), 0, day};
  only.change(change);
  only.day = std::max(only.day, day);
  if (only.count == 0) only = nothing();
  const int more = (is_nothing(only) ? 0 : 1) - (is_new ? 0 : 1);
  ngrams_ += static_cast<std::size_t>(more);
  return more;
}

std::uint32_t Ngrams::make_list() {
  if (free_lists_.empty()) {
    lists_.push_back({});
    return static_cast<std::uint32_t>(lists_.size() - 1);
  }
  const std::uint32_t number = free_lists_.back();
  free_lists_.pop_back();
  return number;
}

// Moves the only follower into a list of its own, so that more can join it.
FollowerList& Ngrams::spill(Context& context, const Vocabulary& vocabulary, const Today& today) {
  const std::uint32_t number = make_list();
  const Follower& only = context.only;
  lists_[number].add(vocabulary, today, only.unit(), only.count, only.day);
  list_bytes_ += lists_[number].memory_bytes();
  context.only = Follower{number, Casing::kOther, false, 0, 0};
  return lists_[number];
}

// Moves the last follower of a list back into its context.
void Ngrams::unspill(Context& context) {
  const std::uint32_t number = context.only.unit();
  context.only = lists_[number].entries().front();
  list_bytes_ -= lists_[number].memory_bytes();
  lists_[number] = FollowerList{};
  free_lists_.push_back(number);
}

void Ngrams::append(ContextId parent, UnitId unit, std::uint32_t children) {
  contexts_.push_back({parent, unit, children, nothing()});
}

void Ngrams::index_all() {
  const auto contexts = static_cast<ContextId>(contexts_.size());
  index_.fill(contexts, [this](ContextId each) { return hash_of(each); });
}

void Ngrams::set_followers(const Vocabulary& vocabulary, ContextId context,
                           std::span<const Follower> followers) {
  ngrams_ += followers.size();
  Follower& only = contexts_[context].only;
  if (followers.size() == 1) only = followers.front();
  if (followers.size() < 2) return;
  const std::uint32_t number = make_list();
  lists_[number].assign(vocabulary, followers);
  list_bytes_ += lists_[number].memory_bytes();
  only = Follower{number, Casing::kOther, false, 0, 0};
}

std::size_t Ngrams::length_of(ContextId context) const {
  std::size_t length = 0;
  for (; context != kRoot; context = contexts_[context].parent) ++length;
  return length;
}

Followers Ngrams::followers(ContextId context, const Today& today) const {
  const Follower& only = contexts_[context].only;
  if (only.count > 0) {
    return {{&only, 1}, today.weight(only), today.factor(only), {}, {}};
  }
  return is_nothing(only) ? Followers{} : lists_[only.unit()].view(today);
}

std::span<const Follower> Ngrams::entries(ContextId context) const {
  const Follower& only = contexts_[context].only;
  if (only.count > 0) return {&only, 1};
  return is_nothing(only) ? std::span<const Follower>{} : lists_[only.unit()].entries();
}

bool Ngrams::is_spent(ContextId context) const {
  return contexts_[context].children == 0 && is_nothing(contexts_[context].only);
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
  return contexts_.memory_bytes() + free_contexts_.capacity() * sizeof(ContextId) +
         lists_.memory_bytes() + free_lists_.capacity() * sizeof(std::uint32_t) + list_bytes_ +
         index_.memory_bytes();
}

}  // namespace foretype::trie
