#include "propose/layers.h"

#include <algorithm>

namespace foretype {
namespace {

constexpr int kSpare = 8;  // asked for in place of blocked words

using trie::Base;
using trie::Candidate;

// What the longer n-gram says, and of n-grams as long the more frequent one.
void tell_why(const Candidate& other, Candidate* candidate) {
  if (other.order < candidate->order) return;
  candidate->count =
      other.order > candidate->order ? other.count : std::max(other.count, candidate->count);
  candidate->order = other.order;
}

}  // namespace

trie::Proposal Layers::propose(trie::History history, std::string_view prefix, bool sentence_start,
                               int limit) const {
  const int asked = blocked && limit > 0 ? limit + kSpare : limit;
  trie::Proposal proposal = own == nullptr ? common->propose(history, prefix, sentence_start, asked)
                                           : both(history, prefix, sentence_start, asked);
  auto& candidates = proposal.candidates;
  if (blocked) {
    std::erase_if(candidates, [this](const Candidate& each) { return blocked(each.unit); });
  }
  candidates.resize(std::min(candidates.size(), static_cast<std::size_t>(std::max(limit, 0))));
  return proposal;
}

trie::Proposal Layers::both(trie::History history, std::string_view prefix, bool sentence_start,
                            int limit) const {
  trie::Proposal proposal = own->propose(history, prefix, sentence_start, limit, Base::kNothing);
  const trie::Proposal below = common->propose(history, prefix, sentence_start, limit);
  const double rest = proposal.rest;
  auto& candidates = proposal.candidates;
  for (Candidate& each : candidates) {
    each.probability += rest * common->probability(history, each.unit, sentence_start);
  }
  for (const Candidate& each : below.candidates) {
    const auto same = std::find_if(candidates.begin(), candidates.end(),
                                   [&](const Candidate& other) { return other.unit == each.unit; });
    if (same != candidates.end()) {
      tell_why(each, &*same);
      continue;
    }
    Candidate added = each;
    added.probability = rest * each.probability +
                        own->probability(history, each.unit, sentence_start, Base::kNothing);
    candidates.push_back(std::move(added));
  }
  std::stable_sort(
      candidates.begin(), candidates.end(),
      [](const Candidate& a, const Candidate& b) { return a.probability > b.probability; });
  proposal.mass += rest * below.mass;
  return proposal;
}

double Layers::probability(trie::History history, std::string_view unit,
                           bool sentence_start) const {
  const double below = common->probability(history, unit, sentence_start);
  if (own == nullptr) return below;
  return own->probability(history, unit, sentence_start, Base::kNothing) +
         own->rest(history) * below;
}

double Layers::probability_of_any(trie::History history,
                                  std::span<const std::string_view> units) const {
  const double below = common->probability_of_any(history, units);
  if (own == nullptr) return below;
  return own->probability_of_any(history, units, false, Base::kNothing) +
         own->rest(history) * below;
}

std::vector<std::string> Layers::phrase(trie::History history) const {
  std::vector<std::string> units;
  if (own != nullptr) units = own->phrase(history);
  if (units.empty()) units = common->phrase(history);
  if (blocked) units.erase(std::find_if(units.begin(), units.end(), blocked), units.end());
  return units;
}

}  // namespace foretype
