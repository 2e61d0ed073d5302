#include "gate/gate.h"

#include <algorithm>
#include <cmath>

namespace foretype::gate {
namespace {

// Chosen by replay: docs/decisions/0019.
constexpr double kAtTen = 1.5;    // log price that keeps most people to 10 in 100 words
constexpr double kSlope = -0.8;   // and what the logarithm of another dial adds to it
constexpr double kSettle = 0.1;   // of the log price, for one wrong show on the account
constexpr double kLearn = 0.01;   // the same, and it stays
constexpr double kMostOwed = 10;  // wrong shows: what is older is forgiven
constexpr double kFarthest = 8;   // log price
constexpr double kLeastDial = 0.1;

}  // namespace

double Gate::first_log_price(const Dial& dial) {
  return kAtTen + kSlope * std::log(std::max(dial.wrong_per_100_words, kLeastDial) / 10);
}

double Gate::price(const Dial& dial) const {
  if (!dial.limits()) return 0;
  const bool known = state_.dial == dial.wrong_per_100_words;
  const double log_price = known ? state_.log_price : first_log_price(dial);
  return std::exp(log_price + (known ? kSettle * state_.account : 0));
}

void Gate::finished_word(const Dial& dial, int wrong_shows) {
  settle(dial, static_cast<double>(wrong_shows) - dial.wrong_per_100_words / 100.0);
}

void Gate::sent(const Dial& dial, int wrong_shows) {
  settle(dial, static_cast<double>(wrong_shows));
}

void Gate::settle(const Dial& dial, double off) {
  if (!dial.limits()) return;
  if (state_.dial != dial.wrong_per_100_words) {
    state_ = {dial.wrong_per_100_words, first_log_price(dial), 0};
  }
  state_.account = std::clamp(state_.account + off, -kMostOwed, kMostOwed);
  state_.log_price = std::clamp(state_.log_price + kLearn * off, -kFarthest, kFarthest);
}

bool Gate::restore(const State& state) {
  const bool good = std::isfinite(state.dial) && std::isfinite(state.log_price) &&
                    std::isfinite(state.account) && std::abs(state.log_price) <= kFarthest &&
                    std::abs(state.account) <= kMostOwed;
  if (good) state_ = state;
  return good;
}

}  // namespace foretype::gate
