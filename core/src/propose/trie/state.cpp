#include "propose/trie/state.h"

#include <algorithm>

#include "context/units.h"
#include "propose/trie/casing.h"

namespace foretype::trie {
namespace {

constexpr std::size_t kMaxContext = 4;  // units of history: order 5 less the unit itself

bool learnable(std::string_view unit) { return !unit.empty() && unit.size() <= kMaxUnitBytes; }

}  // namespace

bool opens_sentence(std::span<const std::string> history) {
  return !history.empty() && context::starts_sentence(history.back());
}

ContextChain find_contexts(const State& state, std::span<const std::string> history) {
  ContextChain chain;
  Ngrams::ContextId context = Ngrams::kRoot;
  for (std::size_t back = 1; back <= std::min(history.size(), kMaxContext); ++back) {
    const UnitId unit = state.vocabulary.find(fold(history[history.size() - back]));
    if (unit == kNoUnit) break;
    context = state.ngrams.find(context, unit);
    if (context == Ngrams::kNone) break;
    chain.contexts[chain.count++] = context;
  }
  return chain;
}

void State::learn(std::span<const std::string> history, std::string_view text) {
  if (!learnable(text)) return;
  bool made = false;
  const UnitId unit = vocabulary.acquire(text, &made);
  const bool opening = opens_sentence(history);

  ContextChain chain;
  Ngrams::ContextId context = Ngrams::kRoot;
  for (std::size_t back = 1; back <= std::min(history.size(), kMaxContext); ++back) {
    const std::string& before = history[history.size() - back];
    if (before.size() > kMaxUnitBytes) break;
    const UnitId folded = vocabulary.acquire(fold(before), &made);
    context = ngrams.find_or_make(context, folded, &made);
    if (!made) vocabulary.release(folded);
    chain.contexts[chain.count++] = context;
  }
  for (int i = 0; i < chain.count; ++i) {
    if (ngrams.add(vocabulary, today, chain.contexts[i], unit, 1, today.day) > 0) {
      vocabulary.acquire(unit);
    }
  }
  if (vocabulary[unit].uses() > 0) vocabulary.release(unit);
  count_use(unit, opening, 1);
  if (tells_case(unit, opening)) recent.push(vocabulary, today, unit);
}

void State::unlearn(std::span<const std::string> history, std::string_view text) {
  const UnitId unit = vocabulary.find(text);
  if (unit == kNoUnit) return;
  const bool opening = opens_sentence(history);
  if ((opening ? vocabulary[unit].opening : vocabulary[unit].inside) == 0) return;

  if (tells_case(unit, opening)) recent.remove(vocabulary, today, unit);
  const ContextChain chain = find_contexts(*this, history);
  for (int i = 0; i < chain.count; ++i) {
    if (ngrams.add(vocabulary, today, chain.contexts[i], unit, -1, 0) < 0) vocabulary.release(unit);
  }
  if (chain.count > 0) drop_spent(chain.contexts[chain.count - 1]);
  count_use(unit, opening, -1);
  if (vocabulary[unit].uses() == 0) vocabulary.release(unit);
}

void State::count_evidence(std::string_view text, std::uint16_t UnitRecord::* kind,
                           std::int64_t change) {
  const UnitId unit = vocabulary.find(text);
  if (unit == kNoUnit || vocabulary[unit].uses() == 0) return;
  std::uint16_t& evidence = vocabulary[unit].*kind;
  evidence = static_cast<std::uint16_t>(std::clamp<std::int64_t>(evidence + change, 0, 65535));
}

// A capital that opens a sentence says nothing of the unit's own case: not remembered as recent.
bool State::tells_case(UnitId unit, bool opening) const {
  return !opening || vocabulary[unit].casing != Casing::kTitle;
}

void State::drop_spent(Ngrams::ContextId context) {
  while (context != Ngrams::kRoot && ngrams.is_spent(context)) {
    const UnitId unit = ngrams.unit_of(context);
    context = ngrams.drop(context);
    vocabulary.release(unit);
  }
}

void State::count_use(UnitId unit, bool opening, std::int32_t change) {
  UnitRecord& record = vocabulary[unit];
  if (change > 0) note_day(record);
  std::uint32_t& uses = opening ? record.opening : record.inside;
  uses = static_cast<std::uint32_t>(static_cast<std::int64_t>(uses) + change);
  if (record.uses() == 0)
    record.accepted = record.rejected = record.first_day = record.last_day = 0;
  if (opening) count_opening(unit, change);
  refresh_unigrams(unit);
}

void State::note_day(UnitRecord& record) const {
  if (record.uses() == 0) record.first_day = today.day;
  record.last_day = std::max(record.last_day, today.day);
}

void State::count_opening(UnitId unit, std::int32_t change) {
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
    const std::int64_t had = count_of(vocabulary, unigrams.entries(), form);
    unigrams.add(vocabulary, today, form, canonical_count(form) - had, vocabulary[form].last_day);
    form = vocabulary[form].next_form;
  } while (form != unit);
}

// Uses within sentences, and those sentence-opening ones that tell of this form.
std::uint32_t State::canonical_count(UnitId unit) const {
  const UnitRecord& record = vocabulary[unit];
  if (record.casing == Casing::kTitle) {
    return record.inside + (prefers_small(unit) ? 0 : record.opening);
  }
  std::uint32_t count = record.inside + record.opening;
  if (record.casing != Casing::kLower) return count;
  for (UnitId form = record.next_form; form != unit; form = vocabulary[form].next_form) {
    if (vocabulary[form].casing == Casing::kTitle && prefers_small(form)) {
      count += vocabulary[form].opening;
    }
  }
  return count;
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
