// The dial: a price that moves the right way, and keeps wrong shows where the user wants them.
#include "gate/gate.h"

#include <cmath>
#include <cstdio>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gate/choice.h"

namespace {

using foretype::Candidate;
using foretype::gate::Calibration;
using foretype::gate::choose;
using foretype::gate::Dial;
using foretype::gate::Gate;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

void free_costs_nothing() {
  Gate gate;
  for (int i = 0; i < 1000; ++i) gate.finished_word(Dial{}, 5);
  expect(gate.price(Dial{}) == 0 && gate.state().dial < 0, "no dial, no price");
  expect(Gate::value(0.001, 1, 0, false) > 0, "whatever saves a key is shown");
}

void the_price_moves() {
  const Dial ten{10};
  Gate gate;
  const double first = gate.price(ten);
  expect(first > 2 && first < 10, "begins at what suits most");
  expect(gate.price(Dial{2}) > first && gate.price(Dial{40}) < first, "and by the dial");
  gate.finished_word(ten, 1);
  const double second = gate.price(ten);
  expect(second > first, "up after a wrong show");
  gate.finished_word(ten, 0);
  expect(gate.price(ten) < second && gate.price(ten) > first, "down after none, by less");
  for (int i = 0; i < 8; ++i) gate.finished_word(ten, 0);
  expect(std::abs(gate.price(ten) - first) < 0.1, "back at the dial");
  expect(gate.price(Dial{20}) == Gate().price(Dial{20}), "another dial begins anew");
}

void it_stays_in_bounds() {
  const Dial ten{10};
  Gate gate;
  for (int i = 0; i < 100000; ++i) gate.finished_word(ten, 9);
  const double most = gate.price(ten);
  expect(std::isfinite(most) && most > 1000, "hardly anything is shown");
  for (int i = 0; i < 1000000; ++i) gate.finished_word(ten, 0);
  expect(gate.price(ten) > 0 && gate.price(ten) < 0.001, "nearly everything is");
  Gate silent;
  silent.finished_word(Dial{0}, 0);
  expect(std::isfinite(silent.price(Dial{0})), "a dial of none has a price");
}

void damaged_states_are_refused() {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  Gate gate;
  gate.finished_word(Dial{10}, 3);
  const double price = gate.price(Dial{10});
  expect(!gate.restore({10, kNan, 0}) && !gate.restore({kNan, 0, 0}) &&
             !gate.restore({10, 0, 1e9}) && !gate.restore({10, 1e9, 0}),
         "what is no state");
  expect(gate.price(Dial{10}) == price, "and nothing changed");
  expect(gate.restore({10, 1, 2}) && gate.state().account == 2, "a good one");
}

/// Wrong shows in 100 words, after `skip` words of getting used to each other. In each word three
/// candidates come up; each is right as often as its probability says, but for `bias` on the logit
/// scale: the gate must make up for a proposer that is too sure of itself.
double wrong_per_100_words(double dial, double bias, int words, int skip) {
  Gate gate;
  const Dial asked{dial};
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(0, 1);
  int wrong = 0;
  for (int word = 0; word < words; ++word) {
    int wrong_here = 0;
    for (int i = 0; i < 3; ++i) {
      const double logit = -3 + 6 * uniform(random);
      const double p = 1 / (1 + std::exp(-logit));
      const bool shown = Gate::value(p, 3, gate.price(asked), false) > 0;
      const bool right = uniform(random) < 1 / (1 + std::exp(bias - logit));
      if (shown && !right) ++wrong_here;
      if (shown && right) break;  // taken
    }
    gate.finished_word(asked, wrong_here);
    if (word >= skip) wrong += wrong_here;
  }
  return 100.0 * wrong / (words - skip);
}

void the_dial_is_kept() {
  for (const double dial : {3.0, 10.0, 30.0}) {
    for (const double bias : {-0.5, 0.0, 1.0}) {
      const double found = wrong_per_100_words(dial, bias, 12000, 2000);
      expect(std::abs(found - dial) < 0.03 * dial + 0.1, "in the long run");
    }
  }
  expect(std::abs(wrong_per_100_words(10, 0, 1100, 400) - 10) < 2, "and within 700 words");
}

Candidate candidate(std::string text, double probability, double space = -1) {
  Candidate made;
  made.text = std::move(text);
  made.probability = probability;
  made.space = space;
  return made;
}

struct Choice {
  std::vector<Candidate> candidates;
  double price;
  std::string_view on_screen;
  std::string_view expected;  // leading text, "" where it is not worth showing
  std::string_view why;
};

void chooses() {
  const Choice cases[] = {
      {{}, 0, "", "", "nothing"},
      {{candidate("report", 0.3), candidate("meeting", 0.2)}, 0, "", "report", "the likelier"},
      {{candidate("the", 0.5), candidate("therefore", 0.3)},
       0,
       "",
       "therefore",
       "the likely one comes up by itself after the next letter"},
      {{candidate("meeting", 0.5, 0.95)},
       0,
       "",
       "meeting ",
       "with a space that is as good as sure"},
      {{candidate("meeting", 0.5, 0.3)}, 0, "", "meeting", "without one that is not"},
      {{candidate("meeting", 0.5)}, 2, "", "meeting", "0.5 x 2.6 keys for 0.5 x 2"},
      {{candidate("meeting", 0.5)}, 40, "", "", "too dear"},
      {{candidate("meeting", 0.5)}, 40, "meeting", "meeting", "what stands there may stay"},
      {{candidate("meeting", 0.5, 0.9)}, 40, "meeting ", "meeting ", "with its space, too"},
  };
  for (const Choice& each : cases) {
    std::vector<Candidate> candidates = each.candidates;
    const bool worth = choose(Calibration(), each.price, each.on_screen, &candidates);
    const std::string found = worth ? candidates.front().text : "";
    expect(found == each.expected, std::string(each.why) + ": " + found);
    expect(candidates.size() == each.candidates.size(), "none gets lost");
  }
}

}  // namespace

int main() {
  free_costs_nothing();
  the_price_moves();
  it_stays_in_bounds();
  damaged_states_are_refused();
  the_dial_is_kept();
  chooses();
  return failures == 0 ? 0 : 1;
}
