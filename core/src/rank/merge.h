// One list from two proposers.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "foretype/candidate.h"

namespace foretype::rank {

/// The weights of the merge, chosen by replay: docs/decisions/0007.
struct Weights {
  double language_model = 0.6;  // share of the language model where the user's n-grams know little
};

/// Merges in place: sets `probability` of every candidate from its two parts.
void merge(const Weights& weights, bool language_model_answered, std::vector<Candidate>* candidates);

/// Orders candidates by what showing each now is worth: the keys lost by showing it later.
/// `passed` gives how far a candidate is still to be believed after it was shown and not taken.
void order_by_gain(std::vector<Candidate>* candidates);

}  // namespace foretype::rank
