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
constexpr std::size_t kBlank = static_cast<std::size_t>(-1);

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
      options_(options),
      learner_(profile_.get()),
      gate_(options.dial),
      forgotten_(profile_->forgotten()) {
  if (engine_->model != nullptr && options_.language_model) {
    model_.emplace(*engine_->model, options_.effort);
  }
}

void Session::set_text(std::string_view before, std::string_view after) {
  follow_forgetting();
  after_ = after;
  const std::size_t size = message_.text().size();
  const std::size_t same = message_.set(before);
  if (same < size) {
    offers_.drop_from(same == 0 ? 0 : same - 1);
    erased_ = same == before.size();
    if (same <= dismissed_at_) dismissed_at_ = kBlank;
  } else if (same < before.size()) {
    offers_.pass();
    erased_ = false;
  }
  if (same < std::max(size, before.size())) suggestion_ = {};
  settled_units_ = std::min(settled_units_, message_.unchanged());
  written_paused_ = !before.empty() && (written_paused_ || profile_->paused());
  if (written_paused_) {
    learner_.undo();
  } else {
    learner_.follow(message_);
  }
  settle_offers(message_.settled());
}

const Suggestion& Session::suggest(std::int64_t budget_us) {
  suggestion_ = {};
  timing_ = {};
  offers_.show_nothing();
  follow_forgetting();
  follow_profile();
  const bool inside_word =
      !after_.empty() && lm::is_word_byte(static_cast<unsigned char>(after_[0]));
  if (erased_ || inside_word) return suggestion_;
  propose(budget_us);
  return suggestion_;
}

bool Session::think() {
  follow_forgetting();
  if (!model_) return false;
  follow_profile();
  model_->read(message_.text());
  return model_->think([this](std::string_view word) { return end_estimate(word); });
}

void Session::propose(std::int64_t budget_us) {
  Deadline deadline{engine_->clock};
  const std::int64_t begin = deadline.now_us();
  if (budget_us >= 0 && engine_->clock != nullptr) deadline.end_us = begin + budget_us;

  Words words(profile_->trie(), message_, kFromTrie);
  if (options_.trie) suggestion_.candidates = std::move(words.candidates());
  timing_.trie_us = deadline.now_us() - begin;

  model_answered_ = false;
  if (model_) propose_from_model(words, deadline);
  timing_.language_model_us = deadline.now_us() - begin - timing_.trie_us;

  if (!options_.next_word) {
    std::erase_if(suggestion_.candidates, [](const Candidate& c) { return c.text[0] == ' '; });
  }
  rank::Weights weights = options_.weights;
  if (!options_.trie) weights.language_model = 1.0;
  rank::merge(weights, model_answered_, &suggestion_.candidates);
  if (options_.passed_over) discount_passed(words.caret());
  rank::order_by_gain(&suggestion_.candidates);
  offers_.ask(words.caret().word_begin);
  choose(words.caret());
  timing_.total_us = deadline.now_us() - begin;
}

void Session::propose_from_model(const Words& words, const Deadline& deadline) {
  const int before = model_->computed_tokens();
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
  suggestion_.shown =
      caret.word_begin != dismissed_at_ && gate_.lets_through(candidates.front().probability);
  if (!suggestion_.shown) {
    suggestion_.text.clear();
    suggestion_.piece_ends.clear();
    return;
  }
  extend(caret, place);
  offers_.show(place.begin, place.word);
}

// Words that follow the first one with near certainty, from the user's own phrases.
void Session::extend(const context::Caret& caret, const Place& first) {
  const bool next_word = first.begin > message_.text().size();
  std::vector<std::string> history =
      history_of(message_, next_word && !caret.prefix.empty() ? caret.history + 1 : caret.history);
  history.push_back(first.word);
  for (const std::string& unit : profile_->trie().phrase(history)) {
    if (context::needs_space(history.back(), unit)) suggestion_.text += ' ';
    suggestion_.text += unit;
    suggestion_.piece_ends.push_back(suggestion_.text.size());
    history.push_back(unit);
  }
}

std::string Session::accept(int pieces) {
  follow_forgetting();
  if (!suggestion_.shown || pieces == 0) return {};
  const auto& ends = suggestion_.piece_ends;
  const std::size_t last =
      pieces < 0 ? ends.size() : std::min(static_cast<std::size_t>(pieces), ends.size());
  const std::string taken = suggestion_.text.substr(0, ends[last - 1]);
  if (offers_.take()) profile_->saw();
  suggestion_ = {};
  const std::string after = after_;
  set_text(message_.text() + taken, after);
  return taken;
}

void Session::dismiss() {
  const context::Caret caret = context::caret_of(message_);
  dismissed_at_ = caret.word_begin;
  offers_.show_nothing();
  suggestion_ = {};
}

void Session::finish() {
  follow_forgetting();
  const std::string text = message_.text();
  const bool learn = !profile_->paused() && !written_paused_;
  if (learn) learner_.finish(message_);
  learner_.release();
  settle_offers(message_.units().size());
  offers_.clear();
  suggestion_ = {};
  after_.clear();
  dismissed_at_ = kBlank;
  settled_units_ = 0;
  erased_ = written_paused_ = false;
  follow_profile();
  if (learn && !text.empty()) {
    profile_->remember(text);
    memory_version_ = profile_->memory_version();
    if (model_) model_->finish(text);
  }
  message_.set("");
}

// Units up to here are finished and settle what was offered for them.
void Session::settle_offers(std::size_t until) {
  for (; settled_units_ < until; ++settled_units_) {
    const std::string unit = message_.unit(settled_units_);
    if (!context::is_word(unit)) continue;
    const std::size_t begin = message_.units()[settled_units_].begin;
    const outcome::Settled settled = offers_.settle(begin, unit);
    for (int i = 0; i < settled.overlooked; ++i) profile_->overlooked();
    if (settled.asked) gate_.finished_word(settled.wrong);
  }
}

// Everything was forgotten: so is what this session made of it. The text in the field is still
// there, and is learned anew when it changes.
void Session::follow_forgetting() {
  if (forgotten_ == profile_->forgotten()) return;
  forgotten_ = profile_->forgotten();
  learner_.release();
  offers_.clear();
  gate_ = gate::Gate(options_.dial);
  suggestion_ = {};
  end_estimates_.clear();
  if (model_) model_->wipe();
  memory_read_ = false;
}

// Another session wrote something: the model reads anew.
void Session::follow_profile() {
  if (!model_) return;
  if (memory_read_ && memory_version_ == profile_->memory_version()) return;
  model_->restart(profile_->memory());
  memory_version_ = profile_->memory_version();
  memory_read_ = true;
}

double Session::end_estimate(std::string_view word) {
  std::string key(word);
  const auto known = end_estimates_.find(key);
  if (known != end_estimates_.end()) return known->second;
  if (end_estimates_.size() >= kMostEstimates) end_estimates_.clear();
  const double mass = profile_->trie().propose({}, key, false, 0).mass;
  const double whole = profile_->trie().probability({}, key);
  const double estimate = mass > 0 ? std::clamp(whole / mass, 0.02, 0.98) : 0.02;
  end_estimates_.emplace(std::move(key), estimate);
  return estimate;
}

}  // namespace foretype
