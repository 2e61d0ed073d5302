// The forms in which candidates may be shown, against a slow simulation of the user typing on, and
// what passing over leaves of a probability.
#include "rank/forms.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using foretype::Candidate;
using foretype::rank::discount;
using foretype::rank::Form;
using foretype::rank::forms_of;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

bool near(double a, double b) { return std::abs(a - b) < 1e-12; }

Candidate candidate(std::string text, double probability, double space = -1) {
  Candidate made;
  made.text = std::move(text);
  made.probability = probability;
  made.space = space;
  return made;
}

/// Keys lost by leaving `target` out now: the user types it letter by letter; at each letter the
/// likeliest that fits and was not shown before is shown.
double keys_lost(std::vector<Candidate> candidates, const std::string& target) {
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

std::vector<Candidate> random_candidates(std::mt19937* random) {
  std::vector<Candidate> candidates;
  const std::size_t count = (*random)() % 11;
  while (candidates.size() < count) {
    std::string text;
    for (std::size_t i = 1 + (*random)() % 5; i > 0; --i) text += "ab"[(*random)() % 2];
    const auto same = [&](const Candidate& each) { return each.text == text; };
    if (std::any_of(candidates.begin(), candidates.end(), same)) continue;
    candidates.push_back(candidate(text, static_cast<double>((*random)() % 1000 + 1) / 1e4));
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return a.probability > b.probability; });
  return candidates;
}

void keys_are_what_waiting_would_lose() {
  std::mt19937 random(3);
  for (int round = 0; round < 3000; ++round) {
    const std::vector<Candidate> candidates = random_candidates(&random);
    const std::vector<Form> forms = forms_of(candidates);
    expect(forms.size() == candidates.size(), "one form each where no space is known");
    for (const Form& form : forms) {
      const Candidate& each = candidates[form.candidate];
      const double all = static_cast<double>(each.text.size()) - 1;
      const double lost = 0.7 * keys_lost(candidates, each.text) + 0.3 * all;
      expect(std::abs(form.keys - lost - 0.1) < 1e-9, "the keys of " + each.text);
      expect(near(form.right, each.probability) && !form.holds_space, "its word alone");
    }
  }
}

void a_space_is_a_form_of_its_own() {
  const std::vector<Form> forms = forms_of({candidate("meeting", 0.5, 0.8), candidate("me", 0.2)});
  expect(forms.size() == 3, "only where it is known");
  const Form& alone = forms[0];
  const Form& spaced = forms[1];
  expect(!alone.holds_space && near(alone.right, 0.5), "the word");
  expect(spaced.holds_space && near(spaced.right, 0.4) && near(spaced.no_space, 0.1), "both");
  expect(spaced.keys > alone.keys && near(spaced.keys_then, alone.keys - 1),
         "worth more, if right");
  expect(forms[2].candidate == 1, "in order");
}

void many_candidates_are_cut() {
  std::vector<Candidate> candidates;
  for (int i = 0; i < 30; ++i) candidates.push_back(candidate("w" + std::to_string(i), 0.03));
  expect(forms_of(candidates).size() == 12, "only the leading ones");
  expect(forms_of({}).empty(), "none of none");
}

void passing_over_is_bayes_rule() {
  // Shown to somebody who overlooks half of all shows: P(not taken | right) = 1/2.
  std::vector<Candidate> candidates = {candidate("a", 0.6), candidate("b", 0.3)};
  discount({{1, 0, 1}, {0, 0, 1}}, 0.5, &candidates);
  expect(near(candidates[0].probability, 0.3 / 0.7), "half of its mass went");
  expect(near(candidates[1].probability, 0.3 / 0.7), "and the rest is scaled to the whole");
  // Who overlooks nothing has not meant it; with a space shown, only the word with a space.
  candidates = {candidate("a", 0.6, 0.75), candidate("b", 0.1, 0.5)};
  discount({{0, 1, 1}, {0, 0, 1}}, 0.0, &candidates);
  expect(near(candidates[0].probability, 0.15 / 0.55), "the word without a space is left");
  expect(near(candidates[0].space, 0), "and no space follows it");
  expect(near(candidates[1].space, 0.5), "others keep theirs");
  candidates = {candidate("a", 1.0)};
  discount({{3, 0, 1}}, 0.0, &candidates);
  expect(candidates[0].probability == 0, "nothing is left to scale");
}

}  // namespace

int main() {
  keys_are_what_waiting_would_lose();
  a_space_is_a_form_of_its_own();
  many_candidates_are_cut();
  passing_over_is_bayes_rule();
  return failures == 0 ? 0 : 1;
}
