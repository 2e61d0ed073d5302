// The steps of one keystroke, in order: start reading at suggest().
#include "foretype/session.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "gate/choice.h"
#include "rank/forms.h"
#include "rank/space.h"

namespace foretype {
namespace {

constexpr int kFromTrie = 8;  // candidates asked of each proposer
constexpr std::size_t kFromModel = 16;
constexpr std::size_t kMostSpacesKnown = 64;
constexpr double kLeastForSpace = 0.02;  // a word less likely is not shown for its space
constexpr std::size_t kMostSpaces = 4;   // words behind which the trie is asked for a space
constexpr double kUnknownToken = 0.3;    // probability of a token the model has not looked at
constexpr std::size_t kMostEstimates = 4096;

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t'; }

}  // namespace

Session::Place Session::place_of(const Candidate& candidate, const context::Caret& caret) const {
  const std::string word =
      candidate.text.substr(0, candidate.text.size() - (candidate.holds_space ? 1 : 0));
  std::size_t blanks = 0;
  while (blanks < candidate.text.size() && is_blank(candidate.text[blanks])) ++blanks;
  if (blanks > 0 || caret.prefix.empty()) {
    return {message_.text().size() + blanks, word.substr(blanks)};
  }
  return {caret.word_begin, caret.prefix + word};
}

Session::Session(std::shared_ptr<const Engine> engine, std::shared_ptr<Profile> profile,
                 Options options)
    : engine_(std::move(engine)),
      profile_(std::move(profile)),
      options_(std::move(options)),
      learner_(profile_.get(), options_.context),
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
  if (!hushed_ && !inside_word) {
    propose(budget_us, shown.shown ? shown : carried_);
    const bool stays = shown.shown || (!piece_began_ && suggestion_.text == carried_.text);
    if (shown.shown) keep(std::move(shown));
    if (suggestion_.shown) note_shown(!stays);
  }
  carried_ = {};
  piece_began_ = false;
  return suggestion_;
}

// `is_new`: it was not on screen before the last key, or the user has come to its next word since.
void Session::note_shown(bool is_new) {
  const Candidate& first = suggestion_.candidates.front();
  const Place place = place_of(first, context::caret_of(message_));
  offers_.show(place.begin, place.word, first.holds_space, is_new);
  rounds_.show(std::string_view(suggestion_.text).substr(0, suggestion_.piece_ends.front()));
}

bool Session::think() {
  if (!model_) return false;
  follow_forgetting();
  follow_profile();
  watch();
  model_->read(message_.text());
  std::string_view shown = suggestion_.text;
  if (shown.ends_with(' ')) shown.remove_suffix(1);
  return model_->think([this](std::string_view word) { return end_estimate(word); }, shown);
}

void Session::propose(std::int64_t budget_us, const Suggestion& before) {
  Deadline deadline{engine_->clock};
  const std::int64_t begin = deadline.now_us();
  if (budget_us >= 0 && engine_->clock != nullptr) deadline.end_us = begin + budget_us;

  Words words(layers(), message_, kFromTrie);
  if (options_.trie) suggestion_.candidates = std::move(words.candidates());
  timing_.trie_us = deadline.now_us() - begin;

  model_answered_ = false;
  if (model_) propose_from_model(words, deadline);
  timing_.language_model_us = deadline.now_us() - begin - timing_.trie_us;

  if (!options_.next_word) {
    std::erase_if(suggestion_.candidates, [](const Candidate& c) { return c.text[0] == ' '; });
  }
  rank(words);
  offers_.ask(words.caret().word_begin);
  choose(words.caret(), before);
  timing_.rank_us = deadline.now_us() - begin - timing_.trie_us - timing_.language_model_us;
  note_word_start(words.caret());
  timing_.total_us = deadline.now_us() - begin;
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
        same->space = completion.space;
        same->source = Source::kBoth;
      } else if (candidates.size() < from_trie + kFromModel) {
        Candidate candidate;
        candidate.text = completion.text;
        if (profile_->is_blocked(place_of(candidate, words.caret()).word)) continue;
        candidate.language_model = completion.probability;
        candidate.space = completion.space;
        candidate.trie = words.probability(completion.text);
        candidate.source = Source::kLanguageModel;
        candidates.push_back(std::move(candidate));
      }
    }
  }
  timing_.computed_tokens = model_->computed_tokens() - before;
}

// One list with one probability from what the proposers say.
void Session::rank(const Words& words) {
  auto& candidates = suggestion_.candidates;
  const auto likelier = [](const Candidate& a, const Candidate& b) {
    return a.probability > b.probability;
  };
  const double share = options_.trie ? options_.language_model_share : 1.0;
  const rank::Round round{words.caret().prefix, model_answered_, share};
  rank::mix(round, &candidates);
  rank::describe(round, &candidates);
  for (Candidate& candidate : candidates) {
    if (!options_.ranker) break;
    candidate.probability = profile_->judgement().ranker.probability(candidate.features);
  }
  std::stable_sort(candidates.begin(), candidates.end(), likelier);
  look_for_spaces(words);
  if (!options_.passed_over || (!offers_.any_passed() && declined_.empty())) return;
  discount_passed(words.caret());
  std::stable_sort(candidates.begin(), candidates.end(), likelier);
}

void Session::look_for_spaces(const Words& words) {
  std::erase_if(spaces_, [&](const KnownSpace& known) {
    return known.begin < words.caret().word_begin || spaces_.size() > kMostSpacesKnown;
  });
  std::size_t looked = 0;
  for (Candidate& candidate : suggestion_.candidates) {
    if (!options_.holds_space) {
      candidate.space = -1;
    } else if (candidate.space >= 0) {
      candidate.space = rank::space_by_language_model(candidate.space);
    } else if (looked++ < kMostSpaces && candidate.probability > kLeastForSpace) {
      candidate.space = space_by_trie(words, candidate);
    }
  }
}

// The same at every letter of a word: looked up once.
double Session::space_by_trie(const Words& words, const Candidate& candidate) {
  const Place place = place_of(candidate, words.caret());
  const auto known = std::find_if(spaces_.begin(), spaces_.end(), [&](const KnownSpace& each) {
    return each.begin == place.begin && each.word == place.word;
  });
  if (known != spaces_.end()) return known->space;
  const double space = words.space_after(candidate.text);
  if (space < 0) return space;
  spaces_.push_back({place.begin, place.word, rank::space_by_trie(space)});
  return spaces_.back().space;
}

void Session::discount_passed(const context::Caret& caret) {
  std::vector<rank::Passed> passed;
  passed.reserve(suggestion_.candidates.size());
  for (const Candidate& candidate : suggestion_.candidates) {
    const Place place = place_of(candidate, caret);
    passed.push_back({offers_.times_passed(place.begin, place.word, false),
                      offers_.times_passed(place.begin, place.word, true), 1.0 - declined(place)});
  }
  rank::discount(passed, 1.0 - profile_->habit().attention(), &suggestion_.candidates);
}

void Session::choose(const context::Caret& caret, const Suggestion& before) {
  auto& candidates = suggestion_.candidates;
  const profile::Judgement& judgement = profile_->judgement();
  std::string_view on_screen;  // of the word at the caret
  if (before.shown && !piece_began_) {
    on_screen = std::string_view(before.text).substr(0, before.piece_ends.front());
  }
  const bool worth = gate::choose(judgement.calibration, judgement.gate.price(options_.dial),
                                  on_screen, &candidates);
  if (!profile_->paused()) {
    rounds_.add(message_.text().size(), caret.prefix, candidates);
  }
  if (candidates.size() > static_cast<std::size_t>(options_.candidates)) {
    candidates.resize(static_cast<std::size_t>(options_.candidates));
  }
  if (!worth || caret.word_begin == dismissed_at_) return;
  const Candidate& best = candidates.front();
  suggestion_.shown = true;
  suggestion_.text = best.text;
  suggestion_.piece_ends = {best.text.size()};
  suggestion_.piece_probabilities = {best.probability};
  go_on(caret, place_of(best, caret));
}

// No key was pressed since this was shown: a later answer may extend it, and no more.
void Session::keep(Suggestion shown) {
  const Place place = place_of(shown.candidates.front(), context::caret_of(message_));
  if (suggestion_.text.starts_with(shown.text)) return;
  const bool blocked = profile_->is_blocked(place.word) || profile_->is_blocked(shown.text);
  if (blocked) return;
  suggestion_ = std::move(shown);
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
