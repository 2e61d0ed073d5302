// The dial: a threshold that moves the right way, and keeps wrong shows where
// the user wants them.
#include "gate/gate.h"

#include <cmath>
#include <cstdio>
#include <random>
#include <string_view>

namespace {

using foretype::gate::Dial;
using foretype::gate::Gate;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

void free_shows_everything() {
  Gate gate(Dial{});
  for (int i = 0; i < 1000; ++i) gate.finished_word(5);
  expect(!gate.quiet() && gate.lets_through(0.0) && gate.lets_through(1e-9), "always");
}

void the_threshold_moves() {
  Gate gate(Dial{10});
  const double first = gate.threshold();
  expect(gate.quiet() && first > 0.5 && first < 0.9, "begins careful");
  expect(gate.lets_through(first) && !gate.lets_through(first - 1e-6),
         "at the threshold and below");
  gate.finished_word(1);
  const double second = gate.threshold();
  expect(second > first, "up after a wrong show");
  gate.finished_word(0);
  expect(gate.threshold() < second && gate.threshold() > first, "down after none, by less");
  for (int i = 0; i < 9; ++i) gate.finished_word(0);
  expect(std::abs(gate.threshold() - (first + second) / 2) < (second - first), "back at the dial");
}

void it_stays_in_bounds() {
  Gate gate(Dial{10});
  for (int i = 0; i < 100000; ++i) gate.finished_word(0);
  expect(gate.threshold() > 0.006 && gate.threshold() < 0.007, "never everything");
  for (int i = 0; i < 100000; ++i) gate.finished_word(9);
  expect(gate.threshold() > 0.993 && gate.threshold() < 0.994, "never nothing");
  Gate silent(Dial{0});
  silent.finished_word(0);
  expect(silent.threshold() == Gate(Dial{0}).threshold(), "a dial of none is met by none");
}

/// Wrong shows in 100 words, after `skip` words of getting used to each other. In each word three
/// candidates come up; each is right as often as its probability says, but for `bias` on the logit
/// scale: the gate must make up for a proposer that is too sure of itself.
double wrong_per_100_words(double dial, double bias, int words, int skip) {
  Gate gate(Dial{dial});
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(0, 1);
  int wrong = 0;
  for (int word = 0; word < words; ++word) {
    int wrong_here = 0;
    for (int i = 0; i < 3; ++i) {
      const double logit = -3 + 6 * uniform(random);
      const bool shown = gate.lets_through(1 / (1 + std::exp(-logit)));
      const bool right = uniform(random) < 1 / (1 + std::exp(bias - logit));
      if (shown && !right) ++wrong_here;
      if (shown && right) break;  // taken
    }
    gate.finished_word(wrong_here);
    if (word >= skip) wrong += wrong_here;
  }
  return 100.0 * wrong / (words - skip);
}

void the_dial_is_kept() {
  for (const double dial : {3.0, 10.0, 30.0}) {
    for (const double bias : {-0.5, 0.0, 1.0}) {
      const double found = wrong_per_100_words(dial, bias, 12000, 2000);
      expect(std::abs(found - dial) < 0.08 * dial + 0.3, "in the long run");
    }
  }
  expect(wrong_per_100_words(10, 0, 600, 0) < 14, "soon enough");
}

}  // namespace

int main() {
  free_shows_everything();
  the_threshold_moves();
  it_stays_in_bounds();
  the_dial_is_kept();
  return failures == 0 ? 0 : 1;
}
