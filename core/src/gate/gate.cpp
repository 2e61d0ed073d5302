#include "gate/gate.h"

#include <algorithm>
#include <cmath>

namespace foretype::gate {
namespace {

constexpr double kStep = 0.05;     // on the logit scale, for one wrong show too many
constexpr double kFarthest = 5.0;  // logit: the threshold stays within 0.7 % and 99.3 %

}  // namespace

bool Gate::lets_through(double probability) const { return !quiet() || probability >= threshold(); }

void Gate::finished_word(int wrong_shows) {
  if (!quiet()) return;
  const double off = static_cast<double>(wrong_shows) - dial_.wrong_per_100_words / 100.0;
  logit_ = std::clamp(logit_ + kStep * off, -kFarthest, kFarthest);
}

double Gate::threshold() const { return 1.0 / (1.0 + std::exp(-logit_)); }

}  // namespace foretype::gate
