// How often each unit was used, and what follows from it at order 1.
#include <algorithm>
#include <limits>

#include "propose/trie/state.h"

namespace foretype::trie {
namespace {

// Adds to a count, which stays between 0 and the most that it can hold; returns what was added.
template <typename Count>
std::int64_t add_within(Count& count, std::int64_t change) {
  const std::int64_t before = count;
  count = static_cast<Count>(
      std::clamp<std::int64_t>(before + change, 0, std::numeric_limits<Count>::max()));
  return count - before;
}

void note_days(UnitRecord& record, const UseChange& change) {
  const bool is_first = record.uses() == 0;
  const Day first = std::min(change.first_day, change.last_day);
  record.first_day = is_first ? first : std::min(record.first_day, first);
  record.last_day = std::max(record.last_day, change.last_day);
}

void clear_evidence(UnitRecord& record) {
  record.accepted = record.rejected = 0;
  record.first_day = record.last_day = 0;
}

}  // namespace

void State::change_uses(UnitId unit, const UseChange& change) {
  UnitRecord& record = vocabulary[unit];
  const bool had_uses = record.uses() > 0;
  if (change.inside > 0 || change.opening > 0) note_days(record, change);
  add_within(record.inside, change.inside);
  count_opening(unit, add_within(record.opening, change.opening));
  add_within(record.accepted, change.accepted);
  add_within(record.rejected, change.rejected);
  const bool has_uses = record.uses() > 0;
  if (!has_uses) clear_evidence(record);
  if (change.inside != 0 || change.opening != 0) refresh_unigrams(unit);
  if (!had_uses && has_uses) vocabulary.acquire(unit);
  if (!had_uses || has_uses) return;
  while (recent.remove(vocabulary, today, unit)) {
  }
  vocabulary.release(unit);
}

void State::recount_uses() {
  std::vector<Follower> order_one;
  vocabulary.each([&](UnitId unit) {
    count_opening(unit, vocabulary[unit].opening);
    const Follower follower = unigram(unit);
    if (follower.count > 0) order_one.push_back(follower);
  });
  unigrams.assign(vocabulary, order_one);
}

void State::count_opening(UnitId unit, std::int64_t change) {
  const auto add = [change](std::uint64_t& to) {
    to = static_cast<std::uint64_t>(static_cast<std::int64_t>(to) + change);
  };
  if (vocabulary[unit].casing == Casing::kTitle) add(opened_capital);
  if (vocabulary[unit].casing == Casing::kLower) add(opened_small);
}

// A change to one form can move the sentence-opening uses of another.
void State::refresh_unigrams(UnitId unit) {
  UnitId form = unit;
  do {
    const Use use = canonical_use(form);
    unigrams.set(vocabulary, today, form, use.count, use.day);
    form = vocabulary[form].next_form;
  } while (form != unit);
}

Follower State::unigram(UnitId unit) const {
  const Use use = canonical_use(unit);
  const UnitRecord& record = vocabulary[unit];
  Follower follower(unit, record.casing, record.in_background(), 0, use.day);
  follower.change(use.count);
  return follower;
}

void State::Use::add(std::uint32_t uses, Day last_day) {
  if (uses == 0) return;
  count += uses;
  day = std::max(day, last_day);
}

// Uses within sentences, and those sentence-opening ones that tell of this form.
State::Use State::canonical_use(UnitId unit) const {
  const UnitRecord& record = vocabulary[unit];
  const bool gives_opening = record.casing == Casing::kTitle && prefers_small(unit);
  Use use;
  use.add(record.inside + (gives_opening ? 0 : record.opening), record.last_day);
  if (record.casing != Casing::kLower) return use;
  for (UnitId form = record.next_form; form != unit; form = vocabulary[form].next_form) {
    const UnitRecord& other = vocabulary[form];
    if (other.casing == Casing::kTitle && prefers_small(form)) {
      use.add(other.opening, other.last_day);
    }
  }
  return use;
}

// True if the capital of a titled unit is that of a sentence start: the small form is the usual
// one within sentences, to the user or, where the user has not shown it, in the background.
bool State::prefers_small(UnitId titled) const {
  const UnitRecord& record = vocabulary[titled];
  if (record.casing != Casing::kTitle || record.folded == titled) return false;
  const UnitRecord& small = vocabulary[record.folded];
  if (small.inside != record.inside) return small.inside > record.inside;
  if (small.background == kNoWord) return false;
  const Background& background = vocabulary.background();
  return record.background == kNoWord ||
         background.unigram(small.background) > background.unigram(record.background);
}

}  // namespace foretype::trie
