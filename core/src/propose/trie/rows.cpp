// A trie's counts as rows, and rows added to or taken from a trie.
#include "propose/trie/rows.h"

#include <algorithm>

#include "propose/trie/casing.h"
#include "propose/trie/state.h"
#include "propose/trie/trie.h"

namespace foretype::trie {
namespace {

WordRow word_row(const State& state, UnitId unit) {
  const UnitRecord& record = state.vocabulary[unit];
  return {std::string(state.vocabulary.text(unit)),
          record.inside,
          record.opening,
          record.accepted,
          record.rejected,
          record.first_day,
          record.last_day};
}

// The units of a context, oldest first.
std::vector<std::string> context_units(const State& state, Ngrams::ContextId context) {
  std::vector<std::string> units;
  for (; context != Ngrams::kRoot; context = state.ngrams.parent_of(context)) {
    units.emplace_back(state.vocabulary.text(state.ngrams.unit_of(context)));
  }
  return units;
}

template <typename Visit>
void each_follower(const State& state, Ngrams::ContextId context, const Visit& visit) {
  NgramRow row{context_units(state, context), {}, 0, 0};
  for (const Follower& each : state.ngrams.entries(context)) {
    row.unit = state.vocabulary.text(each.unit());
    row.count = each.count;
    row.day = each.day;
    visit(row);
  }
}

UseChange change_of(const WordRow& row, int sign) {
  return {.inside = sign * std::int64_t{row.inside},
          .opening = sign * std::int64_t{row.opening},
          .accepted = sign * std::int64_t{row.accepted},
          .rejected = sign * std::int64_t{row.rejected},
          .first_day = row.first_day,
          .last_day = row.last_day};
}

bool is_complete(const NgramRow& row) {
  const auto fits = [](const std::string& unit) { return unit.size() <= kMaxUnitBytes; };
  return is_learnable(row.unit) && row.count > 0 && !row.context.empty() &&
         row.context.size() < kMaxOrder &&
         std::all_of(row.context.begin(), row.context.end(), fits);
}

}  // namespace

void Trie::each_word(const std::function<void(const WordRow&)>& visit) const {
  state_->vocabulary.each([&](UnitId unit) {
    if (state_->vocabulary[unit].uses() > 0) visit(word_row(*state_, unit));
  });
}

void Trie::each_ngram(const std::function<void(const NgramRow&)>& visit) const {
  state_->ngrams.each([&](Ngrams::ContextId context) { each_follower(*state_, context, visit); });
}

std::size_t Trie::ngram_rows(std::size_t from_context, std::size_t most,
                             std::vector<NgramRow>* rows) const {
  const std::size_t end = state_->ngrams.context_ids();
  for (std::size_t context = from_context; context < end; ++context) {
    if (rows->size() >= most) return context;
    const auto id = static_cast<Ngrams::ContextId>(context);
    if (!state_->ngrams.is_used(id)) continue;
    each_follower(*state_, id, [&](const NgramRow& row) { rows->push_back(row); });
  }
  return kNoMoreRows;
}

std::vector<WordRow> Trie::describe(std::string_view word) const {
  std::vector<WordRow> forms;
  const UnitId folded = state_->vocabulary.find(fold(word));
  if (folded == kNoUnit) return forms;
  UnitId form = folded;
  do {
    if (state_->vocabulary[form].uses() > 0) forms.push_back(word_row(*state_, form));
    form = state_->vocabulary[form].next_form;
  } while (form != folded);
  return forms;
}

void Trie::add(const WordRow& row, int sign) {
  if (!is_learnable(row.unit) || row.inside + std::uint64_t{row.opening} == 0) return;
  if (sign > 0 && state_->is_full()) return;
  Vocabulary& vocabulary = state_->vocabulary;
  bool made = false;
  const UnitId unit = sign > 0 ? vocabulary.acquire(row.unit, &made) : vocabulary.find(row.unit);
  if (unit == kNoUnit) return;
  state_->change_uses(unit, change_of(row, sign));
  if (sign > 0) vocabulary.release(unit);
}

void Trie::add(const NgramRow& row, int sign) {
  if (!is_complete(row) || (sign > 0 && state_->is_full())) return;
  Vocabulary& vocabulary = state_->vocabulary;
  bool made = false;
  const UnitId unit = sign > 0 ? vocabulary.acquire(row.unit, &made) : vocabulary.find(row.unit);
  if (unit == kNoUnit) return;
  const ContextChain chain =
      sign > 0 ? state_->make_contexts(row.context) : find_contexts(*state_, row.context);
  if (chain.count == static_cast<int>(row.context.size())) {
    const Ngrams::ContextId context = chain.contexts[chain.count - 1];
    state_->change_ngram(context, unit, sign * std::int64_t{row.count}, row.day);
    state_->drop_spent(context);
  }
  if (sign > 0) vocabulary.release(unit);
}

}  // namespace foretype::trie
