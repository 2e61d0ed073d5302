#include "rank/space.h"

#include <algorithm>
#include <cmath>

namespace foretype::rank {
namespace {

constexpr double kLeast = 1e-6;
constexpr double kMost = 0.99;

double calibrated(double probability, double slope, double shift) {
  const double p = std::clamp(probability, kLeast, 1 - kLeast);
  const double logit = slope * std::log(p / (1 - p)) + shift;
  return std::min(kMost, 1.0 / (1.0 + std::exp(-logit)));
}

}  // namespace

double space_by_language_model(double probability) { return calibrated(probability, 1.07, 0.07); }

double space_by_trie(double probability) { return calibrated(probability, 1.03, -0.05); }

}  // namespace foretype::rank
