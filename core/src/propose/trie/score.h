// The probability of a unit after one history, as a sum of terms that can each
// be summed over a prefix: user orders 5..2, then the background's bigrams over
// the user's unigrams, the recent units and the background's unigrams.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "propose/trie/state.h"
#include "propose/trie/trie.h"

namespace foretype::trie {

/// Forms in which a unit can be shown.
enum Shown : int { kShownSmall, kShownTitle, kShownUpper, kShownAsIs };
inline constexpr int kShownForms = 4;

/// share[casing][shown]: which part of a unit's probability each shown form has. Rows sum to 1.
using CaseShares = std::array<std::array<double, kShownForms>, kCasings>;

/// scale * (count - discount) * what one use weighs, for each unit in `followers`.
struct CountTerm {
  Followers followers;
  double scale = 0;
  double discount = 0;
  int order = 0;  // 0: recent units

  /// What it gives to a unit, before `scale`.
  double part(const Today& today, const Follower& follower) const {
    return (follower.count - discount) * today.factor(follower);
  }
};

/// P(unit | history) = evidence of the unit * sum of terms; `rest` is left for another trie that
/// stands below. Lives no longer than the state is unchanged.
struct Terms {
  // Orders 5..2, where the case stands as written after this very history.
  std::array<CountTerm, 4> contexts;
  int context_count = 0;
  // Terms that know nothing of a sentence start, where they give way to a capital.
  CountTerm unigrams;
  CountTerm recent;
  Background::Row row;
  double row_scale = 0;
  double background_scale = 0;
  double rest = 0;

  CaseShares context_shares;
  CaseShares base_shares;
};

/// How a unit counts where it followed: a shout often repeated is meant, like "NATO"; one heard
/// once is shown as the form that is usual.
inline Casing meant_casing(const State& state, Casing casing, std::uint32_t count) {
  const bool shout = casing == Casing::kShout || casing == Casing::kShoutTitle;
  const bool meant = shout && static_cast<std::int64_t>(count) >= state.weights.shout_uses;
  return meant ? Casing::kUpper : casing;
}

Terms terms_of(const State& state, std::span<const std::string> history, bool sentence_start,
               Base base);

/// The units that share one folded form.
struct FormGroup {
  UnitId folded = kNoUnit;  // the user's, if any
  WordRange words;          // the background's, if any
};
FormGroup group_of(const State& state, std::string_view folded);
FormGroup group_of_unit(const State& state, UnitId unit);
std::string folded_text(const State& state, const FormGroup& group);

/// How far the user vouches for the group, all its forms together.
Rung rung(const State& state, const FormGroup& group);

/// The ladder's factor on the probability of a group that has a unit: less than 1 for what the
/// background does not know and hardly one use vouches for.
double ladder(const State& state, const FormGroup& group);

/// One unit of a group, as the user or the background (or both) know it.
struct Form {
  UnitId unit = kNoUnit;
  WordId word = kNoWord;
  Casing casing = Casing::kOther;
  std::array<double, kShownForms> shown{};  // its probability, split over the forms it is shown in
  int order = 0;                            // highest order of the user's that knows it here
  int count = 0;                            // uses there
};
std::string_view form_text(const State& state, const Form& form);

/// Every form of the group, scored.
void forms_of(const State& state, const Terms& terms, const FormGroup& group,
              std::vector<Form>& forms);

}  // namespace foretype::trie
