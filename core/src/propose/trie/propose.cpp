#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "propose/trie/casing.h"
#include "propose/trie/score.h"
#include "propose/trie/state.h"
#include "propose/trie/trie.h"

namespace foretype::trie {
namespace {

// From each term this many more candidates than asked for are scored, since their order changes
// when the terms are added up.
constexpr std::size_t kSpareCandidates = 4;

constexpr auto kMixed = static_cast<std::size_t>(Casing::kMixed);

// A shown form with its probability.
struct Scored {
  FormGroup group;
  Shown shown;
  Form as_is;
  double probability;
  int order;
  int count;
};

class Proposer {
 public:
  Proposer(const State& state, const Terms& terms, std::string_view prefix, std::size_t limit)
      : state_(state),
        vocabulary_(state.vocabulary),
        background_(vocabulary_.background()),
        terms_(terms),
        prefix_(prefix),
        folded_(fold(prefix)),
        wanted_(limit > 0 ? limit + kSpareCandidates : 0) {
    note_fits();
    groups_.reserve(8 * wanted_);
    scored_.reserve(8 * wanted_);
    forms_.reserve(8);
  }

  Proposal propose(std::size_t limit) {
    for (int i = 0; i < terms_.context_count; ++i) {
      add_term(terms_.contexts[static_cast<std::size_t>(i)], terms_.context_shares);
    }
    add_term(terms_.unigrams, terms_.base_shares);
    add_term(terms_.recent, terms_.base_shares);
    add_background();
    for (const FormGroup& group : groups_) score(group);
    return best(limit);
  }

 private:
  void note_fits();
  bool fits_as_is(UnitId unit) const { return vocabulary_.text(unit).starts_with(prefix_); }
  double fitting(const CaseShares& shares, Casing casing) const;
  double fitting_sum(const CasingSums& sums, const CaseShares& shares) const;
  double fitting_counts(std::span<const Follower> range, const CountTerm& term,
                        const CaseShares& shares) const;
  double fitting_background(WordRange range) const;
  double standing(const Follower& follower) const;
  void add_term(CountTerm& term, const CaseShares& shares);
  void keep_best(std::span<const Follower> range, const CountTerm& term, const CaseShares& shares);
  void add_background();
  void add_group(const FormGroup& group);
  void add_word(WordId word);
  void add_unit(UnitId unit) { add_group(group_of_unit(state_, unit)); }
  void score(const FormGroup& group);
  static void add_shown(Scored& to, const Form& form, double probability);
  Proposal best(std::size_t limit);
  std::string shown_text(const Scored& scored) const;

  const State& state_;
  const Vocabulary& vocabulary_;
  const Background& background_;
  Terms terms_;  // narrowed to the prefix as it goes, so that units are found at once
  std::string_view prefix_;
  std::string folded_;
  std::size_t wanted_;
  bool fits_[kShownForms] = {};  // as-is forms are compared one by one
  std::vector<FormGroup> groups_;
  std::vector<Form> forms_;
  std::vector<Scored> scored_;
  double mass_ = 0;
};

void Proposer::note_fits() {
  const LetterCase letters = letter_case(prefix_);
  fits_[kShownSmall] = !letters.first_upper && !letters.later_upper;
  fits_[kShownTitle] = !letters.later_upper && !letters.first_lower;
  fits_[kShownUpper] = !letters.first_lower && !letters.later_lower;
}

// Share of a unit's probability in forms that fit the prefix, as-is forms left out.
double Proposer::fitting(const CaseShares& shares, Casing casing) const {
  const auto& row = shares[static_cast<std::size_t>(casing)];
  double sum = 0;
  for (int shown = 0; shown < kShownAsIs; ++shown) {
    if (fits_[shown]) sum += row[static_cast<std::size_t>(shown)];
  }
  return sum;
}

void Proposer::add_term(CountTerm& term, const CaseShares& shares) {
  const std::span<const Follower> range = with_prefix(vocabulary_, term.followers, folded_);
  mass_ += term.scale * fitting_counts(range, term, shares);
  if (wanted_ > 0) keep_best(range, term, shares);
  term.followers = narrowed(term.followers, range);
}

// Sum of what the term gives to the range, of each unit the share that fits.
double Proposer::fitting_counts(std::span<const Follower> range, const CountTerm& term,
                                const CaseShares& shares) const {
  if (prefix_.empty()) return term.followers.weight - term.discount * term.followers.types;
  CasingSums sums{};
  double as_is = 0;
  for (const Follower& each : range) {
    const double part = term.part(state_.today, each) * standing(each);
    sums[static_cast<std::size_t>(meant_casing(state_, each.casing(), each.count))] += part;
    if (each.casing() == Casing::kMixed && fits_as_is(each.unit())) as_is += part;
  }
  return fitting_sum(sums, shares) + as_is * shares[kMixed][kShownAsIs];
}

// The ladder's factor.
double Proposer::standing(const Follower& follower) const {
  return follower.in_background() ? 1 : ladder(state_, group_of_unit(state_, follower.unit()));
}

double Proposer::fitting_sum(const CasingSums& sums, const CaseShares& shares) const {
  double sum = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    sum += sums[i] * fitting(shares, static_cast<Casing>(i));
  }
  return sum;
}

// Makes groups of the range's `wanted_` units with the most probability in fitting forms.
void Proposer::keep_best(std::span<const Follower> range, const CountTerm& term,
                         const CaseShares& shares) {
  if (range.size() <= wanted_) {
    for (const Follower& each : range) add_unit(each.unit());
    return;
  }
  CasingSums fitting_share;
  for (std::size_t i = 0; i < fitting_share.size(); ++i) {
    fitting_share[i] = fitting(shares, static_cast<Casing>(i));
  }
  const auto part_of = [&](const Follower& each) {
    const bool as_is = each.casing() == Casing::kMixed && fits_as_is(each.unit());
    const Casing casing = meant_casing(state_, each.casing(), each.count);
    const double share = as_is ? 1.0 : fitting_share[static_cast<std::size_t>(casing)];
    return term.part(state_.today, each) * share;
  };
  using Ranked = std::pair<double, UnitId>;
  std::vector<Ranked> best;  // a heap, the least on top
  best.reserve(wanted_ + 1);
  double least = 0;           // what has not more than this cannot enter any more
  std::uint32_t too_few = 0;  // nor what has so few uses, whatever their age and share
  each_above(term.followers, range, [&](const Follower& each) {
    double part = part_of(each);
    if (part > least) part *= standing(each);
    if (part <= least) return too_few;
    best.emplace_back(part, each.unit());
    std::push_heap(best.begin(), best.end(), std::greater<>());
    if (best.size() <= wanted_) return too_few;
    std::pop_heap(best.begin(), best.end(), std::greater<>());
    best.pop_back();
    least = best.front().first;
    too_few = static_cast<std::uint32_t>(least + term.discount);
    return too_few;
  });
  for (const Ranked& each : best) add_unit(each.second);
}

void Proposer::add_background() {
  const WordRange range = background_.with_prefix(folded_);
  terms_.row = background_.within(terms_.row, range);
  mass_ += fitting_background(range);
  if (wanted_ == 0) return;
  std::vector<WordId> best;
  background_.best_unigrams(range, wanted_, best);
  for (const WordId word : best) add_word(word);
  background_.best_bigrams(terms_.row, wanted_, best);
  for (const WordId word : best) add_word(word);
}

double Proposer::fitting_background(WordRange range) const {
  if (prefix_.empty()) {
    return terms_.row_scale * terms_.row.mass + terms_.background_scale * background_.known();
  }
  CasingSums sums = background_.unigram_sums(range);
  const CasingSums bigrams = background_.bigram_sums(terms_.row);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    sums[i] = terms_.background_scale * sums[i] + terms_.row_scale * bigrams[i];
  }
  double as_is = 0;
  for (const WordId word : background_.mixed(range)) {
    if (!background_.text(word).starts_with(prefix_)) continue;
    as_is += terms_.background_scale * background_.unigram(word) +
             terms_.row_scale * background_.bigram(terms_.row, word);
  }
  return fitting_sum(sums, terms_.base_shares) + as_is * terms_.base_shares[kMixed][kShownAsIs];
}

// Most words of the background that lead their range are the user's too, and stand here already.
void Proposer::add_word(WordId word) {
  const auto holds = [word](const FormGroup& group) {
    return group.words.begin <= word && word < group.words.end;
  };
  if (std::any_of(groups_.begin(), groups_.end(), holds)) return;
  groups_.push_back(group_of(state_, fold(background_.text(word))));
}

void Proposer::add_group(const FormGroup& group) {
  const auto same = [&](const FormGroup& other) {
    return other.folded == group.folded && other.words.begin == group.words.begin;
  };
  if (std::none_of(groups_.begin(), groups_.end(), same)) groups_.push_back(group);
}

void Proposer::score(const FormGroup& group) {
  std::array<Scored, kShownAsIs> shown;
  for (std::size_t i = 0; i < kShownAsIs; ++i) {
    shown[i] = {group, static_cast<Shown>(i), {}, 0, 0, 0};
  }
  forms_of(state_, terms_, group, forms_);
  for (const Form& form : forms_) {
    for (std::size_t i = 0; i < kShownAsIs; ++i) add_shown(shown[i], form, form.shown[i]);
    const double as_is = form.shown[kShownAsIs];
    if (as_is > 0 && form_text(state_, form).starts_with(prefix_)) {
      scored_.push_back({group, kShownAsIs, form, as_is, form.order, form.count});
    }
  }
  if (!letter_case(folded_text(state_, group)).later_lower) {  // "A" is both forms of "a"
    const Scored& capitals = shown[kShownUpper];
    add_shown(shown[kShownTitle], {.order = capitals.order, .count = capitals.count},
              capitals.probability);
    shown[kShownUpper].probability = 0;
  }
  for (std::size_t i = 0; i < kShownAsIs; ++i) {
    if (fits_[i] && shown[i].probability > 0) scored_.push_back(shown[i]);
  }
}

void Proposer::add_shown(Scored& to, const Form& form, double probability) {
  if (probability <= 0) return;
  to.probability += probability;
  if (form.order <= to.order) return;
  to.order = form.order;
  to.count = form.count;
}

std::string Proposer::shown_text(const Scored& scored) const {
  if (scored.shown == kShownAsIs) return std::string(form_text(state_, scored.as_is));
  const std::string folded = folded_text(state_, scored.group);
  if (scored.shown == kShownTitle) return title(folded);
  return scored.shown == kShownUpper ? upper(folded) : folded;
}

Proposal Proposer::best(std::size_t limit) {
  const auto better = [](const Scored& a, const Scored& b) {
    return a.probability > b.probability;
  };
  const std::size_t kept = std::min(limit, scored_.size());
  std::partial_sort(scored_.begin(), scored_.begin() + static_cast<std::ptrdiff_t>(kept),
                    scored_.end(), better);
  Proposal proposal;
  proposal.mass = mass_;
  proposal.rest = terms_.rest;
  proposal.candidates.reserve(kept);
  for (std::size_t i = 0; i < kept; ++i) {
    const Scored& each = scored_[i];
    proposal.candidates.push_back({shown_text(each), each.probability, each.order, each.count});
  }
  return proposal;
}

}  // namespace

Proposal Trie::propose(History history, std::string_view prefix, bool sentence_start, int limit,
                       Base base) const {
  if (prefix.size() > kMaxUnitBytes || limit < 0) return {};
  const Terms terms = terms_of(*state_, history, sentence_start, base);
  const auto wanted = static_cast<std::size_t>(limit);
  return Proposer(*state_, terms, prefix, wanted).propose(wanted);
}

double Trie::rest(History history) const {
  return terms_of(*state_, history, false, Base::kNothing).rest;
}

double Trie::probability(History history, std::string_view unit, bool sentence_start,
                         Base base) const {
  return probability_of_any(history, {&unit, 1}, sentence_start, base);
}

double Trie::probability_of_any(History history, std::span<const std::string_view> units,
                                bool sentence_start, Base base) const {
  const Terms terms = terms_of(*state_, history, sentence_start, base);
  std::vector<Form> forms;
  double sum = 0;
  for (const std::string_view unit : units) {
    if (unit.empty() || unit.size() > kMaxUnitBytes) continue;
    const std::string folded = fold(unit);
    forms_of(*state_, terms, group_of(*state_, folded), forms);
    const Casing casing = casing_of(unit);
    const bool only_capital = casing == Casing::kTitle && !letter_case(folded).later_lower;
    for (const Form& form : forms) {
      if (casing == Casing::kOther || casing == Casing::kLower) sum += form.shown[kShownSmall];
      if (casing == Casing::kTitle) sum += form.shown[kShownTitle];
      if (casing == Casing::kUpper || only_capital) sum += form.shown[kShownUpper];
      if (casing == Casing::kMixed && form_text(*state_, form) == unit) {
        sum += form.shown[kShownAsIs];
      }
    }
  }
  return sum;
}

}  // namespace foretype::trie
