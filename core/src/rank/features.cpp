#include "rank/features.h"

#include <algorithm>
#include <cmath>

namespace foretype::rank {
namespace {

constexpr double kLeast = 1e-4;  // no probability is taken to be less, or nearer to 1
constexpr std::size_t kMostTyped = 6;

double log_of(double probability) { return std::log(std::max(probability, kLeast)); }

double logit(double probability) {
  const double p = std::clamp(probability, kLeast, 1 - kLeast);
  return std::log(p / (1 - p));
}

bool has_capital(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

void mix(const Round& round, std::vector<Candidate>* candidates) {
  const double share = round.language_model_answered ? round.share : 0.0;
  for (Candidate& candidate : *candidates) {
    const double mixed = share * candidate.language_model + (1.0 - share) * candidate.trie;
    candidate.probability = std::min(1.0, mixed);  // sums are rounded
  }
}

void describe(const Round& round, std::vector<Candidate>* candidates) {
  double sum = 0, best = 0, second = 0;
  for (const Candidate& candidate : *candidates) {
    sum += candidate.probability;
    second = std::max(second, std::min(best, candidate.probability));
    best = std::max(best, candidate.probability);
  }
  for (Candidate& candidate : *candidates) {
    const double p = candidate.probability;
    const bool next_word = candidate.text.starts_with(' ');
    const std::string_view typed = next_word ? std::string_view() : round.prefix;
    const double model = round.language_model_answered ? candidate.language_model : candidate.trie;
    const auto letters = static_cast<double>(std::max<std::size_t>(candidate.text.size(), 1));
    const auto set = [&candidate](Feature feature, double value) {
      candidate.features[static_cast<std::size_t>(feature)] = static_cast<float>(value);
    };
    set(Feature::kBias, 1);
    set(Feature::kLogit, logit(p));
    set(Feature::kLogitAtStart, typed.empty() ? logit(p) : 0);
    set(Feature::kLanguageModel, log_of(model));
    set(Feature::kTrie, log_of(candidate.trie));
    set(Feature::kOrder, candidate.order / 5.0);
    set(Feature::kCount, std::log1p(candidate.count));
    set(Feature::kTrieOnly, candidate.source == Source::kTrie);
    set(Feature::kLanguageModelOnly, candidate.source == Source::kLanguageModel);
    set(Feature::kLetters, std::log(letters));
    set(Feature::kTyped, static_cast<double>(std::min(typed.size(), kMostTyped)) / kMostTyped);
    set(Feature::kNextWord, next_word);
    set(Feature::kCapital, has_capital(candidate.text) || has_capital(typed));
    set(Feature::kRival, log_of(p == best ? second : best));
    set(Feature::kFits, log_of(std::min(sum, 1.0)));
  }
}

}  // namespace foretype::rank
