// The merge by hand, and the order of candidates against a slow simulation of
// the user typing on.
#include "rank/merge.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using foretype::Candidate;
using foretype::rank::merge;
using foretype::rank::order_by_gain;
using foretype::rank::Weights;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

Candidate candidate(std::string text, double probability) {
  Candidate made;
  made.text = std::move(text);
  made.probability = probability;
  return made;
}

void merges() {
  std::vector<Candidate> candidates(2);
  candidates[0].trie = 0.4;
  candidates[0].language_model = 0.2;
  candidates[1].language_model = 0.8;
  merge(Weights{.language_model = 0.75}, true, &candidates);
  expect(std::abs(candidates[0].probability - 0.25) < 1e-12, "both speak");
  expect(std::abs(candidates[1].probability - 0.6) < 1e-12, "one does not know it");
  merge(Weights{.language_model = 0.75}, false, &candidates);
  expect(candidates[0].probability == 0.4 && candidates[1].probability == 0.0, "the trie alone");
}

std::string order_of(std::vector<Candidate> candidates) {
  order_by_gain(&candidates);
  std::string texts;
  for (const Candidate& each : candidates) texts += each.text + "|";
  return texts;
}

struct Case {
  std::vector<Candidate> candidates;
  std::string_view expected, why;
};

void orders_by_what_would_be_lost() {
  const Case cases[] = {
      {{}, "", "nothing"},
      {{candidate("a", 0.9)}, "a|", "one"},
      {{candidate("meeting", 0.2), candidate("report", 0.3)},
       "report|meeting|",
       "no common letters: either comes up after one letter, so the likelier one is first"},
      {{candidate("there", 0.30), candidate("their", 0.29), candidate("thing", 0.28)},
       "thing|their|there|",
       // After "t" the likeliest is there, after "th" their, after "thi" thing: waiting costs 1, 2
       // and 3 keys of 0.30, 0.58, 0.84.
       "the one whose turn comes last loses most"},
      {{candidate("the", 0.5), candidate("therefore", 0.3)},
       "therefore|the|",
       "0.5 x 1 against 0.3 x 2: the longer word comes up a letter later"},
      {{candidate("a", 0.6), candidate("about", 0.1)},
       "about|a|",
       "an accept is a key: a single letter saves nothing"},
      {{candidate("x", 0.2), candidate("y", 0.3)}, "y|x|", "where nothing is lost the likelier"},
      {{candidate("same", 0.2), candidate("same", 0.2)}, "same|same|", "alike"},
  };
  for (const Case& each : cases) {
    const std::string found = order_of(each.candidates);
    expect(found == each.expected, std::string(each.why) + ": " + found);
  }
}

/// Keys lost by leaving `target` out now: the user types it letter by letter; at each letter the
/// likeliest that fits and was not shown before is shown.
double keys_lost(std::vector<Candidate> candidates, const std::string& target) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return a.probability > b.probability; });
  double letters = 0;
  std::string typed;
  for (const char letter : target) {
    typed += letter;
    letters += 1;
    const auto shown = std::find_if(candidates.begin(), candidates.end(), [&](const auto& each) {
      return each.text.size() > typed.size() && each.text.starts_with(typed);
    });
    if (shown == candidates.end()) continue;
    if (shown->text == target) return std::min(letters, static_cast<double>(target.size()) - 1);
    candidates.erase(shown);
  }
  return static_cast<double>(target.size()) - 1;
}

void equals_the_simulation() {
  std::mt19937 random(3);
  for (int round = 0; round < 3000; ++round) {
    std::vector<Candidate> candidates;
    const std::size_t count = random() % 11;
    while (candidates.size() < count) {
      std::string text;
      for (std::size_t i = 1 + random() % 5; i > 0; --i) text += "ab"[random() % 2];
      const auto same = [&](const Candidate& each) { return each.text == text; };
      if (std::any_of(candidates.begin(), candidates.end(), same)) continue;
      candidates.push_back(candidate(text, static_cast<double>(random() % 1000 + 1) / 1e4));
    }
    std::vector<Candidate> ordered = candidates;
    order_by_gain(&ordered);
    double last = 1e9;
    for (const Candidate& each : ordered) {
      const double lost = each.probability * (keys_lost(candidates, each.text) + 1e-6);
      expect(lost <= last + 1e-12, "the most is lost first");
      last = lost;
    }
    const auto by_text = [](const auto& a, const auto& b) { return a.text < b.text; };
    std::sort(ordered.begin(), ordered.end(), by_text);
    std::sort(candidates.begin(), candidates.end(), by_text);
    const auto equal = [](const auto& a, const auto& b) {
      return a.text == b.text && a.probability == b.probability;
    };
    expect(std::equal(ordered.begin(), ordered.end(), candidates.begin(), candidates.end(), equal),
           "nothing gets lost or changed");
  }
}

void unlikely_ones_stay_behind() {
  std::vector<Candidate> candidates;
  for (int i = 0; i < 30; ++i) {
    candidates.push_back(
        candidate("w" + std::string(static_cast<std::size_t>(i + 2), 'x'), 0.03 - 0.0001 * i));
  }
  order_by_gain(&candidates);
  expect(candidates.size() == 30, "all are there");
  for (std::size_t i = 12; i < 30; ++i) {
    expect(candidates[i].text.size() == i + 3, "the thirteenth and later stay by probability");
  }
}

}  // namespace

int main() {
  merges();
  orders_by_what_would_be_lost();
  equals_the_simulation();
  unlikely_ones_stay_behind();
  return failures == 0 ? 0 : 1;
}
