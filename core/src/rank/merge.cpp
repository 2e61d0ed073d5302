#include "rank/merge.h"

#include <algorithm>

namespace foretype::rank {

void merge(const Weights& weights, bool language_model_answered,
           std::vector<Candidate>* candidates) {
  const double share = language_model_answered ? weights.language_model : 0.0;
  for (Candidate& candidate : *candidates) {
    candidate.probability = share * candidate.language_model + (1.0 - share) * candidate.trie;
  }
}

void order_by_gain(std::vector<Candidate>* candidates) {
  std::stable_sort(candidates->begin(), candidates->end(),
                   [](const Candidate& a, const Candidate& b) {
                     return a.probability > b.probability;
                   });
}

}  // namespace foretype::rank
