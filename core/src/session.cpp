// The steps of one keystroke, in order: start reading at suggest().
#include "foretype/session.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace foretype {
namespace {

constexpr int kFromTrie = 8;  // candidates asked of each proposer
constexpr std::size_t kFromModel = 16;
constexpr double kUnknownToken = 0.3;  // probability of a token the model has not looked at
constexpr std::size_t kMostEstimates = 4096;

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t'; }

}  // namespace

Session::Place Session::place_of(const Candidate& candidate, const context::Caret& caret) const {
  std::size_t blanks = 0;
  while (blanks < candidate.text.size() && is_blank(candidate.text[blanks])) ++blanks;
  if (blanks > 0 || caret.prefix.empty()) {
    return {message_.text().size() + blanks, candidate.text.substr(blanks)};
  }
  return {caret.word_begin, caret.prefix + candidate.text};
}

Session::Session(std::shared_ptr<const Engine> engine, std::shared_ptr<Profile> profile,
                 Options options)
    : engine_(std::move(engine)),
      profile_(std::move(profile)),
      options_(std::move(options)),
      learner_(profile_.get(), options_.context),
      gate_(options_.dial),
      forgotten_(profile_->forgotten()) {
  const bool shows = options_.refusal == context::Refusal::kNone;
  if (engine_->model != nullptr && options_.language_model && shows) {
    model_.emplace(*engine_->model, options_.effort);
  }
}

const Suggestion& Session::suggest(std::int64_t budget_us) {
  timing_ = {};
  if (options_.refusal != context::Refusal::kNone) return suggestion_;
  offers_.show_nothing();
  follow_forgetting();
  follow_profile();
  Suggestion shown = std::exchange(suggestion_, {});
  const bool inside_word =
      !after_.empty() && lm::is_word_byte(static_cast<unsigned char>(after_[0]));
  if (hushed_ || inside_word) return suggestion_;
  propose(budget_us);
  if (shown.shown) keep(std::move(shown));
  if (suggestion_.shown) {
    rounds_.show(std::string_view(suggestion_.text).substr(0, suggestion_.piece_ends.front()));
  }
  return suggestion_;
}

bool Session::think() {
  if (!model_) return false;
  follow_forgetting();
  follow_profile();
  watch();
  model_->read(message_.text());
  return model_->think([this](std::string_view word) { return end_estimate(word); },
                       suggestion_.text);
}

void Session::propose(std::int64_t budget_us) {
  Deadline deadline{engine_->clock};
  const std::int64_t begin = deadline.now_us();
  if (budget_us >= 0 && engine_->clock != nullptr) deadline.end_us = begin + budget_us;

  Words words(layers(), message_, kFromTrie);
  if (options_.trie) suggestion_.candidates = std::move(words.candidates());
  timing_.trie_us = deadline.now_us() - begin;

  model_answered_ = false;
  if (model_) propose_from_model(words, deadline);
  timing_.language_model_us = deadline.now_us() - begin - timing_.trie_us;

  find_region(words.caret());
  if (!options_.next_word) {
    std::erase_if(suggestion_.candidates, [](const Candidate& c) { return c.text[0] == ' '; });
  }
  rank::Weights weights = options_.weights;
  if (!options_.trie) weights.language_model = 1.0;
  rank::merge(weights, model_answered_, &suggestion_.candidates);
  if (options_.passed_over) discount_passed(words.caret());
  rank::order_by_gain(&suggestion_.candidates);
  note_proposals(words.caret());
  offers_.ask(words.caret().word_begin);
  if (!profile_->paused()) {
    rounds_.add(message_.text().size(), words.caret().prefix, suggestion_.candidates);
  }
  choose(words.caret());
  timing_.total_us = deadline.now_us() - begin;
  timing_.rank_us = timing_.total_us - timing_.trie_us - timing_.language_model_us;
}

void Session::propose_from_model(const Words& words, const Deadline& deadline) {
  const int before = model_->computed_tokens();
  watch();
  model_->read(message_.text());
  timing_.cached_tokens = model_->cached_tokens();
  timing_.complete = model_->catch_up(deadline);
  if (timing_.complete) {
    const lm::EndEstimate end = [this](std::string_view word) { return end_estimate(word); };
    const lm::Found found = model_->propose(end, deadline);
    model_answered_ = found.mass > 0;
    auto& candidates = suggestion_.candidates;
    if (model_answered_) {
      for (Candidate& candidate : candidates) {
        candidate.language_model =
            model_->probability(candidate.text, kUnknownToken, end) / found.mass;
      }
    }
    const std::size_t from_trie = candidates.size();
    for (const lm::Completion& completion : found.completions) {
      const auto same = std::find_if(
          candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(from_trie),
          [&](const Candidate& candidate) { return candidate.text == completion.text; });
      if (same != candidates.begin() + static_cast<std::ptrdiff_t>(from_trie)) {
        same->language_model = completion.probability;
        same->source = Source::kBoth;
      } else if (candidates.size() < from_trie + kFromModel) {
        Candidate candidate;
        candidate.text = completion.text;
        if (profile_->is_blocked(place_of(candidate, words.caret()).word)) continue;
        candidate.language_model = completion.probability;
        candidate.trie = words.probability(completion.text);
        candidate.source = Source::kLanguageModel;
        candidates.push_back(std::move(candidate));
      }
    }
  }
  timing_.computed_tokens = model_->computed_tokens() - before;
}

// What was shown and not taken is less likely by how likely the user would have taken it: with
// attention a, a candidate passed over n times keeps (1 - a)^n of its weight (Bayes' rule).
void Session::discount_passed(const context::Caret& caret) {
  const double overlooked = 1.0 - profile_->habit().attention();
  double before = 0, after = 0;
  for (Candidate& candidate : suggestion_.candidates) {
    const Place place = place_of(candidate, caret);
    const int times = offers_.times_passed(place.begin, place.word);
    before += candidate.probability;
    if (times > 0) candidate.probability *= std::pow(overlooked, times);
    candidate.probability *= 1.0 - declined(place);
    after += candidate.probability;
  }
  const double lost = before - after;
  if (lost <= 0 || lost >= 1) return;
  for (Candidate& candidate : suggestion_.candidates) {
    candidate.probability = std::min(1.0, candidate.probability / (1.0 - lost));
  }
}

void Session::choose(const context::Caret& caret) {
  auto& candidates = suggestion_.candidates;
  if (candidates.size() > static_cast<std::size_t>(options_.candidates)) {
    candidates.resize(static_cast<std::size_t>(options_.candidates));
  }
  if (candidates.empty()) return;
  const Place place = place_of(candidates.front(), caret);
  suggestion_.text = candidates.front().text;
  suggestion_.piece_ends = {suggestion_.text.size()};
  suggestion_.piece_probabilities = {candidates.front().probability};
  suggestion_.shown =
      caret.word_begin != dismissed_at_ && gate_.lets_through(candidates.front().probability);
  if (!suggestion_.shown) {
    suggestion_.text.clear();
    suggestion_.piece_ends.clear();
    suggestion_.piece_probabilities.clear();
    return;
  }
  go_on(caret, place);
  offers_.show(place.begin, place.word);
}

// No key was pressed since this was shown: a later answer may extend it, and no more.
void Session::keep(Suggestion shown) {
  const Place place = place_of(shown.candidates.front(), context::caret_of(message_));
  if (suggestion_.text.starts_with(shown.text) || profile_->is_blocked(place.word)) return;
  suggestion_ = std::move(shown);
  offers_.show(place.begin, place.word);
}

// Another session wrote something: the model reads anew.
void Session::follow_profile() {
  if (!model_) return;
  const std::uint64_t version = profile_->memory_version(options_.context);
  if (memory_read_ && memory_version_ == version) return;
  model_->restart(profile_->memory(options_.context));
  end_estimates_.clear();
  memory_version_ = version;
  memory_read_ = true;
}

Layers Session::layers() const {
  Layers layers{&profile_->trie(), profile_->own(options_.context), nullptr};
  if (!profile_->blocked().empty()) {
    layers.blocked = [this](std::string_view word) { return profile_->is_blocked(word); };
  }
  return layers;
}

double Session::end_estimate(std::string_view word) {
  std::string key(word);
  const auto known = end_estimates_.find(key);
  if (known != end_estimates_.end()) return known->second;
  if (end_estimates_.size() >= kMostEstimates) end_estimates_.clear();
  const Layers tries = layers();
  const double mass = tries.propose({}, key, false, 0).mass;
  const double whole = tries.probability({}, key);
  const double estimate = mass > 0 ? std::clamp(whole / mass, 0.02, 0.98) : 0.02;
  end_estimates_.emplace(std::move(key), estimate);
  return estimate;
}

}  // namespace foretype
