// One list from two proposers.
#pragma once

#include <vector>

#include "foretype/candidate.h"

namespace foretype::rank {

/// The weights of the merge, chosen by replay: docs/decisions/0007.
struct Weights {
  double language_model = 0.75;  // the language model's share of the linear mixture
};

/// Merges in place: sets `probability` of every candidate from its two parts.
void merge(const Weights& weights, bool language_model_answered,
           std::vector<Candidate>* candidates);

/// Orders candidates by what showing each now is worth: the keys that would be lost by leaving it
/// to a later letter, times its probability. A word that comes up by itself after the next letter
/// can wait; one that would never get its turn cannot.
void order_by_gain(std::vector<Candidate>* candidates);

}  // namespace foretype::rank
