#include "propose/words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace foretype {
namespace {

// Below this share of the probability the next word is not looked up at every letter.
constexpr double kLikelyComplete = 0.02;

}  // namespace

std::vector<std::string> history_of(const context::Message& message, std::size_t units_before) {
  constexpr std::size_t kMost = trie::kMaxOrder - 1;
  std::vector<std::string> history;
  if (units_before < kMost) history.emplace_back();
  for (std::size_t i = units_before - std::min(units_before, kMost); i < units_before; ++i) {
    history.push_back(message.unit(i));
  }
  return history;
}

double space_after(const Layers& layers, std::vector<std::string> history) {
  constexpr std::array<std::string_view, 10> kMarks = {".", ",", "\n", "?", "!",
                                                       ":", ";", ")",  "/", "\n\n"};
  constexpr std::size_t kMost = trie::kMaxOrder - 1;
  if (history.size() > kMost) history.erase(history.begin(), history.end() - kMost);
  return std::clamp(1.0 - layers.probability_of_any(history, kMarks), 0.0, 1.0);
}

Words::Words(Layers layers, const context::Message& message, int limit)
    : layers_(std::move(layers)),
      caret_(context::caret_of(message)),
      history_(history_of(message, caret_.history)) {
  const trie::Proposal here =
      layers_.propose(history_, caret_.prefix, caret_.sentence_start, limit);
  mass_ = here.mass;
  if (mass_ <= 0) return;
  collect(here, caret_, 1.0 / mass_);
  if (caret_.prefix.empty()) return;
  complete_ = std::min(1.0, here_probability(caret_.prefix) / mass_);
  if (complete_ <= kLikelyComplete) return;
  const context::Caret after = context::caret_after_word(message);
  history_after_ = history_of(message, after.history);
  collect(layers_.propose(history_after_, {}, false, limit), after, complete_);
  std::stable_sort(candidates_.begin(), candidates_.end(),
                   [](const Candidate& a, const Candidate& b) { return a.trie > b.trie; });
  candidates_.resize(std::min(candidates_.size(), static_cast<std::size_t>(limit)));
}

double Words::probability(std::string_view text) const {
  const bool spaced = !text.empty() && text.front() == ' ';
  const std::string_view word = spaced ? text.substr(1) : text;
  if (word.empty() || word.find_first_of(" \n\t") != std::string_view::npos) return 0;
  if (caret_.space_needed) return spaced ? here_probability(word) : 0;
  if (!spaced) {
    return mass_ > 0 ? here_probability(caret_.prefix + std::string(word)) / mass_ : 0;
  }
  return complete_ > kLikelyComplete ? complete_ * layers_.probability(history_after_, word) : 0;
}

double Words::space_after(std::string_view text) const {
  const bool spaced = text.starts_with(' ');
  const bool next_word = spaced && !caret_.prefix.empty();
  if (next_word && history_after_.empty()) return -1;
  std::vector<std::string> history = next_word ? history_after_ : history_;
  history.push_back(next_word ? std::string() : caret_.prefix);
  history.back() += spaced ? text.substr(1) : text;
  return foretype::space_after(layers_, std::move(history));
}

double Words::here_probability(std::string_view unit) const {
  return layers_.probability(history_, unit, caret_.sentence_start);
}

void Words::collect(const trie::Proposal& proposal, const context::Caret& caret, double share) {
  for (const trie::Candidate& unit : proposal.candidates) {
    if (unit.unit.size() <= caret.prefix.size() || !context::is_word(unit.unit)) continue;
    Candidate candidate;
    if (caret.space_needed) candidate.text = " ";
    candidate.text.append(unit.unit, caret.prefix.size());
    candidate.trie = unit.probability * share;
    candidate.source = Source::kTrie;
    candidate.order = unit.order;
    candidate.count = unit.count;
    candidates_.push_back(std::move(candidate));
  }
}

}  // namespace foretype
