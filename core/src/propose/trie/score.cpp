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
  row(Casing::kMixed) = {weights.to_lower, 0, 0, 1 - weights.to_lower};
  return shares;
}

CaseShares opening_shares(const State& state) {
  const Weights& weights = state.weights;
  CaseShares shares = usual_shares(weights);
  const double capitals = static_cast<double>(state.opened_capital) + weights.opening_capitals;
  const double smalls = static_cast<double>(state.opened_small) + weights.opening_smalls;
  const double titled = (1 - weights.to_upper) * capitals / (capitals + smalls);
  shares[static_cast<std::size_t>(Casing::kLower)] = {1 - weights.to_upper - titled, titled,
                                                      weights.to_upper, 0};
  return shares;
}

double count_part(const CountTerm& term, std::uint32_t count) {
  return count == 0 ? 0 : term.scale * (count - term.discount);
}

}  // namespace

Terms terms_of(const State& state, std::span<const std::string> history, bool sentence_start) {
  const Weights& weights = state.weights;
  Terms terms;
  double left = 1;  // of the probability, for the orders below
  const auto take = [&](const Followers& followers, int order) {
    const auto at = static_cast<std::size_t>(order - 1);
    const double all = followers.weight + weights.strength[at];
    const CountTerm term{followers, left / all, weights.discount[at], order};
    left *= (weights.strength[at] + weights.discount[at] * followers.types) / all;
    return term;
  };
  const ContextChain chain = find_contexts(state, history);
  for (int i = chain.count; i-- > 0;) {
    const Followers followers = state.followers(chain.contexts[i]);
    if (followers.entries.empty()) continue;
    terms.contexts[static_cast<std::size_t>(terms.context_count++)] = take(followers, i + 2);
  }
  const Background& background = state.vocabulary.background();
  if (!history.empty()) terms.row = background.row(fold(history.back()));
  terms.row_scale = left * weights.background_bigrams;
  left *= 1 - weights.background_bigrams * terms.row.mass;
  const Followers recent = state.recent_followers();
  if (recent.weight > 0) {
    terms.recent = {recent, left * weights.recent / recent.weight, 0, 0};
    left *= 1 - weights.recent;
  }
  terms.unigrams = take(state.unigram_followers(), 1);
  terms.background_scale = left;
  terms.context_shares = usual_shares(weights);
  terms.base_shares = sentence_start ? opening_shares(state) : terms.context_shares;
  return terms;
}

namespace {

// Adds what the user's n-grams say of the form.
void score_uses(const State& state, const Terms& terms, Form& form, double& contexts,
                double& base) {
  const auto count_in = [&](const CountTerm& term) {
    return count_of(state.vocabulary, term.followers.entries, form.unit);
  };
  for (int i = terms.context_count; i-- > 0;) {
    const CountTerm& term = terms.contexts[static_cast<std::size_t>(i)];
    const std::uint32_t count = count_in(term);
    if (count == 0) break;  // what followed a longer context followed the shorter one too
    contexts += count_part(term, count);
    form.order = term.order;
    form.count = static_cast<int>(count);
  }
  const std::uint32_t uses = count_in(terms.unigrams);
  base += count_part(terms.unigrams, uses) + count_part(terms.recent, count_in(terms.recent));
  if (form.order == 0 && uses > 0) {
    form.order = 1;
    form.count = static_cast<int>(uses);
  }
}

void score_form(const State& state, const Terms& terms, Form& form) {
  double contexts = 0;
  double base = 0;
  if (form.unit != kNoUnit) score_uses(state, terms, form, contexts, base);
  if (form.word != kNoWord) {
    const Background& background = state.vocabulary.background();
    base += terms.row_scale * background.bigram(terms.row, form.word) +
            terms.background_scale * background.unigram(form.word);
  }
  const auto casing = static_cast<std::size_t>(form.casing);
  for (std::size_t i = 0; i < kShownForms; ++i) {
    form.shown[i] =
        contexts * terms.context_shares[casing][i] + base * terms.base_shares[casing][i];
  }
}

}  // namespace

FormGroup group_of(const State& state, std::string_view folded) {
  const UnitId unit = state.vocabulary.find(folded);
  if (unit == kNoUnit) return {kNoUnit, state.vocabulary.background().forms(folded)};
  const UnitRecord& record = state.vocabulary[unit];
  return {unit, {record.twins, record.twins + record.twin_count}};
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
  if (group.folded != kNoUnit) {
    UnitId unit = group.folded;
    do {
      const UnitRecord& record = vocabulary[unit];
      forms.push_back({unit, record.background, record.casing, {}, 0, 0});
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
  for (Form& form : forms) score_form(state, terms, form);
}

}  // namespace foretype::trie
