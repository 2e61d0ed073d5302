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

namespace foretype::trie {

/// Forms in which a unit can be shown.
enum Shown : int { kShownSmall, kShownTitle, kShownUpper, kShownAsIs };
inline constexpr int kShownForms = 4;

/// share[casing][shown]: which part of a unit's probability each shown form has. Rows sum to 1.
using CaseShares = std::array<std::array<double, kShownForms>, kCasings>;

/// scale * (count - discount) for each unit in `followers`.
struct CountTerm {
  Followers followers;
  double scale = 0;
  double discount = 0;
  int order = 0;  // 0: recent units
};

/// P(unit | history) = sum of terms. Lives no longer than the state is unchanged.
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

  CaseShares context_shares;
  CaseShares base_shares;
};

Terms terms_of(const State& state, std::span<const std::string> history, bool sentence_start);

/// The units that share one folded form.
struct FormGroup {
  UnitId folded = kNoUnit;  // the user's, if any
  WordRange words;          // the background's, if any
};
FormGroup group_of(const State& state, std::string_view folded);
std::string folded_text(const State& state, const FormGroup& group);

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
