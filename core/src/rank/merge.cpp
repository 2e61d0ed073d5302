#include "rank/merge.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace foretype::rank {
namespace {

constexpr std::size_t kContenders = 12;  // candidates whose turn is worked out

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

// Keys expected to be lost by not showing candidate `which` now. An accept costs a key itself, so
// the last letter saves nothing. The small term lets the likelier one win where nothing is lost.
double gain(const std::vector<Candidate>& candidates, std::size_t count, std::size_t which) {
  constexpr double kTie = 1e-6;
  const std::size_t length = candidates[which].text.size();
  const std::size_t later = letters_until_shown(candidates, count, which);
  const double keys = static_cast<double>(std::min(later, length - 1));
  return candidates[which].probability * (keys + kTie);
}

}  // namespace

void merge(const Weights& weights, bool language_model_answered,
           std::vector<Candidate>* candidates) {
  const double share = language_model_answered ? weights.language_model : 0.0;
  for (Candidate& candidate : *candidates) {
    const double mixed = share * candidate.language_model + (1.0 - share) * candidate.trie;
    candidate.probability = std::min(1.0, mixed);  // sums are rounded
  }
}

void order_by_gain(std::vector<Candidate>* candidates) {
  std::stable_sort(
      candidates->begin(), candidates->end(),
      [](const Candidate& a, const Candidate& b) { return a.probability > b.probability; });
  const std::size_t count = std::min(candidates->size(), kContenders);
  std::vector<double> gains(count);
  for (std::size_t i = 0; i < count; ++i) gains[i] = gain(*candidates, count, i);
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return gains[a] > gains[b]; });
  std::vector<Candidate> ordered;
  for (const std::size_t i : order) ordered.push_back(std::move((*candidates)[i]));
  std::move(ordered.begin(), ordered.end(), candidates->begin());
}

}  // namespace foretype::rank
