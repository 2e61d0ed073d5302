// P(the user writes this candidate next): logistic, from the features, personal.
#pragma once

#include <array>

#include "rank/features.h"
#include "rank/prior.h"

namespace foretype::rank {

/// Logistic regression learned on-line by FTRL-Proximal (McMahan et al., "Ad Click Prediction: a
/// View from the Trenches", KDD 2013, algorithm 1), here around a shipped prior instead of zero: a
/// weight is the prior's until this user's outcomes say otherwise, and leaves it the more slowly
/// the less often its feature was seen.
class Ranker {
 public:
  /// Learned of one weight: the sums that the algorithm keeps.
  struct Sums {
    double gradients = 0;  // z: of gradients, less what the weight's own steps account for
    double squares = 0;    // n: of squared gradients
  };
  using State = std::array<Sums, kFeatures>;

  double probability(const Features& features) const;
  /// The candidate turned out to be right or wrong. What is not finite is passed over.
  void learn(const Features& features, bool right);
  double weight(std::size_t feature) const { return weights_[feature]; }
  const State& state() const { return sums_; }
  /// False, and nothing changed, where a number is not finite or a sum of squares negative.
  bool restore(const State& state);

 private:
  double score(const Features& features) const;
  void move_weight(std::size_t feature);

  State sums_{};
  std::array<double, kFeatures> weights_ = kPrior;  // what the sums make of the prior
};

}  // namespace foretype::rank
