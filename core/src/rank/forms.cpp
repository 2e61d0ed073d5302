#include "rank/forms.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace foretype::rank {
namespace {

constexpr std::size_t kContenders = 12;  // candidates whose turn is worked out
// A key that is saved later is not certain to be: of the keys that waiting would not lose, so much
// is counted to showing now. Chosen by replay, as are the two below: docs/decisions/0019.
constexpr double kWaiting = 0.3;
constexpr double kTie = 0.1;    // keys that being shown is worth by itself
constexpr double kSpace = 0.6;  // keys: the space would come with the next word's accept at times

// How many letters the user has to type until candidate `which` comes up by itself, if it is not
// shown now: at each letter the likeliest of those that still fit and have not had their turn is.
std::size_t letters_until_shown(const std::vector<Candidate>& candidates, std::size_t count,
                                std::size_t which) {
  const std::string& text = candidates[which].text;
  std::array<bool, kContenders> had_turn{};
  for (std::size_t typed = 1; typed < text.size(); ++typed) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::string& other = candidates[i].text;
      if (had_turn[i] || other.size() <= typed || other.compare(0, typed, text, 0, typed) != 0) {
        continue;
      }
      if (i == which) return typed;
      had_turn[i] = true;
      break;
    }
  }
  return text.size();
}

// Keys that showing candidate `which` now saves where it is right. An accept costs a key itself, so
// the last letter saves nothing.
double keys_of(const std::vector<Candidate>& candidates, std::size_t count, std::size_t which) {
  const auto all = static_cast<double>(candidates[which].text.size() - 1);
  const auto later = static_cast<double>(letters_until_shown(candidates, count, which));
  return kTie + (1 - kWaiting) * std::min(later, all) + kWaiting * all;
}

}  // namespace

void discount(const std::vector<Passed>& passed, double overlooked,
              std::vector<Candidate>* candidates) {
  double lost = 0;
  for (std::size_t i = 0; i < candidates->size(); ++i) {
    Candidate& candidate = (*candidates)[i];
    const Passed& times = passed[i];
    if (times.alone == 0 && times.with_space == 0 && times.kept == 1) continue;
    const double space = std::max(0.0, candidate.space);
    const double kept = times.kept * std::pow(overlooked, times.alone);
    const double with_space =
        candidate.probability * space * kept * std::pow(overlooked, times.with_space);
    const double left = with_space + candidate.probability * (1 - space) * kept;
    lost += candidate.probability - left;
    if (candidate.space >= 0) candidate.space = left > 0 ? with_space / left : 0;
    candidate.probability = left;
  }
  if (lost <= 0 || lost >= 1) return;
  for (Candidate& candidate : *candidates) {
    candidate.probability = std::min(1.0, candidate.probability / (1 - lost));
  }
}

std::vector<Form> forms_of(const std::vector<Candidate>& candidates) {
  const std::size_t count = std::min(candidates.size(), kContenders);
  std::vector<Form> forms;
  forms.reserve(2 * count);
  for (std::size_t i = 0; i < count; ++i) {
    const Candidate& candidate = candidates[i];
    const double keys = keys_of(candidates, count, i);
    forms.push_back({i, false, candidate.probability, keys, 0, 0});
    if (candidate.space < 0) continue;
    const double right = candidate.probability * candidate.space;
    forms.push_back(
        {i, true, right, keys + kSpace, candidate.probability - right, std::max(0.0, keys - 1)});
  }
  return forms;
}

}  // namespace foretype::rank
