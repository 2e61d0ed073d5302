#include "propose/trie/score.h"

#include <algorithm>

namespace foretype::trie {
namespace {

CaseShares usual_shares(const Weights& weights) {
  CaseShares shares{};
  const auto row = [&](Casing casing) -> auto& { return shares[static_cast<std::size_t>(casing)]; };
  row(Casing::kOther)[kShownSmall] = 1;
  row(Casing::kLower) = {1 - weights.to_title - weights.to_upper, weights.to_title,
                         weights.to_upper, 0};
  row(Casing::kTitle) = {weights.to_lower, 1 - weights.to_lower - weights.to_upper,
                         weights.to_upper, 0};
  row(Casing::kUpper) = {weights.to_lower, 0, 1 - weights.to_lower, 0};
  row(Casing::kShout) = row(Casing::kLower);
  row(Casing::kShoutTitle) = row(Casing::kTitle);
  row(Casing::kMixed) = {weights.to_lower, 0, 0, 1 - weights.to_lower};
  return shares;
}

CaseShares opening_shares(const State& state) {
  const Weights& weights = state.weights;
  CaseShares shares = usual_shares(weights);
  const double capitals = static_cast<double>(state.opened_capital) + weights.opening_capitals;
  const double smalls = static_cast<double>(state.opened_small) + weights.opening_smalls;
  const double titled = (1 - weights.to_upper) * capitals / (capitals + smalls);
  for (const Casing small : {Casing::kLower, Casing::kShout}) {
    shares[static_cast<std::size_t>(small)] = {1 - weights.to_upper - titled, titled,
                                               weights.to_upper, 0};
  }
  return shares;
}

// The terms of one history, from the longest context down; `left_` is what of the probability is
// not given away yet.
class TermsMaker {
 public:
  TermsMaker(const State& state, std::span<const std::string> history)
      : state_(state), history_(history) {}

  Terms make(bool sentence_start, Base base) {
    add_contexts();
    if (base == Base::kBackground) {
      add_background();
    } else {
      stand_on_another();
    }
    terms_.context_shares = usual_shares(state_.weights);
    terms_.base_shares = sentence_start ? opening_shares(state_) : terms_.context_shares;
    return terms_;
  }

 private:
  CountTerm take(const Followers& followers, int order) {
    const auto at = static_cast<std::size_t>(order - 1);
    const double discount = state_.weights.discount[at];
    const double strength = state_.weights.strength[at];
    const double all = followers.weight + strength;
    const CountTerm term{followers, left_ / all, discount, order};
    left_ *= (strength + discount * followers.types) / all;
    return term;
  }

  void add_contexts() {
    const ContextChain chain = find_contexts(state_, history_);
    for (int i = chain.count; i-- > 0;) {
      const Followers followers = state_.followers(chain.contexts[i]);
      if (followers.entries.empty()) continue;
      terms_.contexts[static_cast<std::size_t>(terms_.context_count++)] = take(followers, i + 2);
    }
  }

  void add_background() {
    const double believed = state_.weights.background_bigrams;
    if (!history_.empty()) terms_.row = state_.vocabulary.background().row(fold(history_.back()));
    terms_.row_scale = left_ * believed;
    left_ *= 1 - believed * terms_.row.mass;
    add_recent();
    terms_.unigrams = take(state_.unigram_followers(), 1);
    terms_.background_scale = left_;
  }

  // Most of what the contexts leave is the other trie's, which knows more of them.
  void stand_on_another() {
    const double others = left_ * (1 - state_.weights.context_unigrams);
    left_ -= others;
    add_recent();
    terms_.unigrams = take(state_.unigram_followers(), 1);
    terms_.rest = others + left_;
  }

  void add_recent() {
    const Followers recent = state_.recent_followers();
    if (recent.weight <= 0) return;
    terms_.recent = {recent, left_ * state_.weights.recent / recent.weight, 0, 0};
    left_ *= 1 - state_.weights.recent;
  }

  const State& state_;
  std::span<const std::string> history_;
  Terms terms_;
  double left_ = 1;
};

}  // namespace

Terms terms_of(const State& state, std::span<const std::string> history, bool sentence_start,
               Base base) {
  return TermsMaker(state, history).make(sentence_start, base);
}

namespace {

void add_shares(Form& form, double probability, const CaseShares& shares, Casing casing) {
  const auto& row = shares[static_cast<std::size_t>(casing)];
  for (std::size_t i = 0; i < kShownForms; ++i) form.shown[i] += probability * row[i];
}

// Adds what one term says of the form, which stands in it as `use`; its count there.
std::uint32_t score_use(const State& state, const CountTerm& term, const CaseShares& shares,
                        const Follower& use, Form& form) {
  const double probability = term.scale * term.part(state.today, use);
  add_shares(form, probability, shares, meant_casing(state, form.casing, use.count));
  return use.count;
}

// The same for a form that may not stand in it.
std::uint32_t score_term(const State& state, const CountTerm& term, const CaseShares& shares,
                         Form& form) {
  const Follower* use = find_follower(state.vocabulary, term.followers, form.unit);
  return use == nullptr ? 0 : score_use(state, term, shares, *use, form);
}

// Adds what the user's n-grams say of the form. Forgetting and pruning leave holes, so a longer
// context may know what a shorter one does not.
void score_uses(const State& state, const Terms& terms, Form& form) {
  const auto note = [&](std::uint32_t count, int order) {
    if (count == 0 || order <= form.order) return;
    form.order = order;
    form.count = static_cast<int>(count);
  };
  for (int i = 0; i < terms.context_count; ++i) {
    const CountTerm& term = terms.contexts[static_cast<std::size_t>(i)];
    note(score_term(state, term, terms.context_shares, form), term.order);
  }
  const Follower unigram = state.unigram(form.unit);
  if (unigram.count > 0)
    note(score_use(state, terms.unigrams, terms.base_shares, unigram, form), 1);
  score_term(state, terms.recent, terms.base_shares, form);
}

void score_form(const State& state, const Terms& terms, Form& form) {
  if (form.unit != kNoUnit) score_uses(state, terms, form);
  if (form.word == kNoWord) return;
  const Background& background = state.vocabulary.background();
  const double probability = terms.row_scale * background.bigram(terms.row, form.word) +
                             terms.background_scale * background.unigram(form.word);
  add_shares(form, probability, terms.base_shares, background.casing(form.word));
}

}  // namespace

FormGroup group_of(const State& state, std::string_view folded) {
  const UnitId unit = state.vocabulary.find(folded);
  if (unit == kNoUnit) return {kNoUnit, state.vocabulary.background().forms(folded)};
  return group_of_unit(state, unit);
}

FormGroup group_of_unit(const State& state, UnitId unit) {
  const UnitRecord& record = state.vocabulary[unit];
  return {record.folded, {record.twins, record.twins + record.twin_count}};
}

namespace {

// What the user did with all forms of a group.
struct Deeds {
  std::int64_t uses = 0, accepted = 0, rejected = 0;

  void add(const UnitRecord& record) {
    uses += record.uses();
    accepted += record.accepted;
    rejected += record.rejected;
  }
  Rung rung() const { return rung_of(uses + accepted - 2 * rejected); }
  // The share of accepted suggestions that were not erased again, from 2 of 2 on.
  double kept_share() const {
    const double taken = static_cast<double>(accepted) + 2;
    return taken / (taken + static_cast<double>(rejected));
  }
};

Deeds deeds_of(const Vocabulary& vocabulary, const FormGroup& group) {
  Deeds deeds;
  UnitId unit = group.folded;
  do {
    const UnitRecord& record = vocabulary[unit];
    deeds.add(record);
    unit = record.next_form;
  } while (unit != group.folded);
  return deeds;
}

}  // namespace

Rung rung(const State& state, const FormGroup& group) {
  if (group.folded == kNoUnit) return Rung::kOffered;
  return deeds_of(state.vocabulary, group).rung();
}

namespace {

double ladder_of(const State& state, const FormGroup& group, const Deeds& deeds) {
  const bool unknown = group.words.begin == group.words.end;
  return unknown && deeds.rung() == Rung::kOffered ? state.weights.offered : 1;
}

}  // namespace

double ladder(const State& state, const FormGroup& group) {
  return ladder_of(state, group, deeds_of(state.vocabulary, group));
}

std::string folded_text(const State& state, const FormGroup& group) {
  if (group.folded != kNoUnit) return std::string(state.vocabulary.text(group.folded));
  return fold(state.vocabulary.background().text(group.words.begin));
}

std::string_view form_text(const State& state, const Form& form) {
  return form.unit != kNoUnit ? state.vocabulary.text(form.unit)
                              : state.vocabulary.background().text(form.word);
}

void forms_of(const State& state, const Terms& terms, const FormGroup& group,
              std::vector<Form>& forms) {
  forms.clear();
  const Vocabulary& vocabulary = state.vocabulary;
  Deeds deeds;
  if (group.folded != kNoUnit) {
    UnitId unit = group.folded;
    do {
      const UnitRecord& record = vocabulary[unit];
      forms.push_back({unit, record.background, record.casing, {}, 0, 0});
      deeds.add(record);
      unit = record.next_form;
    } while (unit != group.folded);
  }
  const std::size_t own = forms.size();
  for (WordId word = group.words.begin; word < group.words.end; ++word) {
    const auto is_word = [word](const Form& form) { return form.word == word; };
    const auto own_end = forms.begin() + static_cast<std::ptrdiff_t>(own);
    if (std::any_of(forms.begin(), own_end, is_word)) continue;
    forms.push_back({kNoUnit, word, vocabulary.background().casing(word), {}, 0, 0});
  }
  const double factor = ladder_of(state, group, deeds) * deeds.kept_share();
  for (Form& form : forms) {
    score_form(state, terms, form);
    for (double& shown : form.shown) shown *= factor;
  }
}

}  // namespace foretype::trie
