#include "rank/ranker.h"

#include <algorithm>
#include <cmath>

namespace foretype::rank {
namespace {

// Chosen by replay: docs/decisions/0019.
constexpr double kAlpha = 0.005;  // learning rate
constexpr double kBeta = 1;       // squared gradients' worth of caution before the first
constexpr double kPull = 1;       // lambda 2: towards the prior
constexpr double kFarthest = 30;  // logit

}  // namespace

void Ranker::move_weight(std::size_t feature) {
  const Sums& sums = sums_[feature];
  const double caution = (kBeta + std::sqrt(sums.squares)) / kAlpha + kPull;
  weights_[feature] = kPrior[feature] - sums.gradients / caution;
}

double Ranker::score(const Features& features) const {
  double sum = 0;
  for (std::size_t i = 0; i < kFeatures; ++i) sum += weight(i) * static_cast<double>(features[i]);
  return std::isfinite(sum) ? std::clamp(sum, -kFarthest, kFarthest) : -kFarthest;
}

double Ranker::probability(const Features& features) const {
  return 1.0 / (1.0 + std::exp(-score(features)));
}

void Ranker::learn(const Features& features, bool right) {
  const double off = probability(features) - (right ? 1.0 : 0.0);
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const double gradient = off * static_cast<double>(features[i]);
    if (!std::isfinite(gradient)) continue;
    const double moved = weight(i) - kPrior[i];
    Sums& sums = sums_[i];
    const double squares = sums.squares + gradient * gradient;
    const double sigma = (std::sqrt(squares) - std::sqrt(sums.squares)) / kAlpha;
    sums.gradients += gradient - sigma * moved;
    sums.squares = squares;
    move_weight(i);
  }
}

bool Ranker::restore(const State& state) {
  for (const Sums& sums : state) {
    const bool good =
        std::isfinite(sums.gradients) && std::isfinite(sums.squares) && sums.squares >= 0;
    if (!good) return false;
  }
  sums_ = state;
  for (std::size_t i = 0; i < kFeatures; ++i) move_weight(i);
  return true;
}

}  // namespace foretype::rank
