#include "gate/calibration.h"

#include <algorithm>
#include <cmath>

namespace foretype::gate {
namespace {

constexpr double kRate = 0.1;
constexpr double kPrior = 20;  // squared gradients' worth of belief in the ranker
constexpr double kLeast = 1e-6;
constexpr double kFarthestSlope = 3;
constexpr double kFarthestShift = 3;

double logit(double probability) {
  const double p = std::clamp(probability, kLeast, 1 - kLeast);
  return std::log(p / (1 - p));
}

}  // namespace

double Calibration::calibrated(double probability) const {
  const double x = state_.slope * logit(probability) + state_.shift;
  return 1.0 / (1.0 + std::exp(-x));
}

void Calibration::learn(double probability, bool right) {
  if (!std::isfinite(probability)) return;
  const double off = calibrated(probability) - (right ? 1.0 : 0.0);
  const double slope = off * logit(probability);
  State& s = state_;
  s.slope_squares += slope * slope;
  s.shift_squares += off * off;
  s.slope = std::clamp(s.slope - kRate * slope / std::sqrt(kPrior + s.slope_squares),
                       1 / kFarthestSlope, kFarthestSlope);
  s.shift = std::clamp(s.shift - kRate * off / std::sqrt(kPrior + s.shift_squares), -kFarthestShift,
                       kFarthestShift);
}

bool Calibration::restore(const State& state) {
  const bool good = std::isfinite(state.slope) && std::isfinite(state.shift) && state.slope > 0 &&
                    std::isfinite(state.slope_squares) && state.slope_squares >= 0 &&
                    std::isfinite(state.shift_squares) && state.shift_squares >= 0;
  if (good) state_ = state;
  return good;
}

}  // namespace foretype::gate
