#include "propose/trie/state.h"

#include <algorithm>

#include "context/units.h"
#include "propose/trie/casing.h"

namespace foretype::trie {

bool is_learnable(std::string_view unit) { return !unit.empty() && unit.size() <= kMaxUnitBytes; }

bool opens_sentence(std::span<const std::string> history) {
  return !history.empty() && context::starts_sentence(history.back());
}

ContextChain find_contexts(const State& state, std::span<const std::string> history) {
  ContextChain chain;
  Ngrams::ContextId context = Ngrams::kRoot;
  for (std::size_t back = 1; back <= std::min(history.size(), Ngrams::kMaxContext); ++back) {
    const UnitId unit = state.vocabulary.find(fold(history[history.size() - back]));
    if (unit == kNoUnit) break;
    context = state.ngrams.find(context, unit);
    if (context == Ngrams::kNone) break;
    chain.contexts[chain.count++] = context;
  }
  return chain;
}

ContextChain State::make_contexts(std::span<const std::string> history) {
  ContextChain chain;
  Ngrams::ContextId context = Ngrams::kRoot;
  bool made = false;
  for (std::size_t back = 1; back <= std::min(history.size(), Ngrams::kMaxContext); ++back) {
    const std::string& before = history[history.size() - back];
    if (before.size() > kMaxUnitBytes) break;
    const UnitId folded = vocabulary.acquire(fold(before), &made);
    context = ngrams.find_or_make(context, folded, &made);
    if (!made) vocabulary.release(folded);
    chain.contexts[chain.count++] = context;
  }
  return chain;
}

void State::learn(std::span<const std::string> history, std::string_view text) {
  if (!is_learnable(text) || is_full()) return;
  bool made = false;
  const UnitId unit = vocabulary.acquire(text, &made);
  const ContextChain chain = make_contexts(history);
  for (int i = 0; i < chain.count; ++i) change_ngram(chain.contexts[i], unit, 1, today.day);
  const bool opening = opens_sentence(history);
  change_uses(unit, {.inside = opening ? 0 : 1,
                     .opening = opening ? 1 : 0,
                     .first_day = today.day,
                     .last_day = today.day});
  if (tells_case(unit, opening)) recent.push(vocabulary, today, unit);
  vocabulary.release(unit);
}

void State::unlearn(std::span<const std::string> history, std::string_view text) {
  const UnitId unit = vocabulary.find(text);
  if (unit == kNoUnit) return;
  const bool opening = opens_sentence(history);
  if ((opening ? vocabulary[unit].opening : vocabulary[unit].inside) == 0) return;

  if (tells_case(unit, opening)) recent.remove(vocabulary, today, unit);
  const ContextChain chain = find_contexts(*this, history);
  for (int i = 0; i < chain.count; ++i) change_ngram(chain.contexts[i], unit, -1, 0);
  if (chain.count > 0) drop_spent(chain.contexts[chain.count - 1]);
  change_uses(unit, {.inside = opening ? 0 : -1, .opening = opening ? -1 : 0});
}

// A capital that opens a sentence says nothing of the unit's own case: not remembered as recent.
bool State::tells_case(UnitId unit, bool opening) const {
  return !opening || vocabulary[unit].casing != Casing::kTitle;
}

void State::change_ngram(Ngrams::ContextId context, UnitId unit, std::int64_t change, Day day) {
  const int more = ngrams.add(vocabulary, today, context, unit, change, day);
  if (more > 0) vocabulary.acquire(unit);
  if (more < 0) vocabulary.release(unit);
}

void State::drop_spent(Ngrams::ContextId context) {
  while (context != Ngrams::kRoot && ngrams.is_spent(context)) {
    const UnitId unit = ngrams.unit_of(context);
    context = ngrams.drop(context);
    vocabulary.release(unit);
  }
}

}  // namespace foretype::trie
