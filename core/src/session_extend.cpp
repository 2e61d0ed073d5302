// Ghost text beyond its first word: what follows, how far it is worth showing, and how it stays
// on screen while the user goes along it.
#include <algorithm>
#include <string>
#include <utility>

#include "foretype/session.h"
#include "rank/space.h"

namespace foretype {
namespace {

constexpr std::size_t kMostPieces = 24;
constexpr int kFromTrie = 3;           // units asked of the trie
constexpr std::size_t kFromModel = 3;  // and of the language model
// A word with this probability in no context is as likely complete where a token ends as not.
constexpr double kRareWord = 2e-5;

constexpr double kSpace = 0.3;  // keys: the space would come with the next word's accept at times

std::string_view without_held_space(std::string_view text) {
  return text.ends_with(' ') ? text.substr(0, text.size() - 1) : text;
}

std::string without_blanks(std::string_view text) {
  text = without_held_space(text);
  return std::string(text.substr(std::min(text.find_first_not_of(' '), text.size())));
}

}  // namespace

// The units before the second piece of what is shown.
std::vector<std::string> Session::units_before(const context::Caret& caret,
                                               const Place& first) const {
  const bool next_word = first.begin > message_.text().size();
  std::vector<std::string> history =
      history_of(message_, next_word && !caret.prefix.empty() ? caret.history + 1 : caret.history);
  history.push_back(first.word);
  return history;
}

// False, and nothing done, where a space stands already and none should.
bool Session::append(std::string_view before, const Unit& unit) {
  const bool spaced = suggestion_.text.ends_with(' ');
  const bool needs_space = context::needs_space(before, unit.text);
  if (spaced && !needs_space) return false;
  if (needs_space && !spaced) suggestion_.text += ' ';
  suggestion_.text += unit.text;
  suggestion_.piece_ends.push_back(suggestion_.text.size());
  suggestion_.piece_probabilities.push_back(unit.probability);
  return true;
}

// Behind the last of several pieces, where it is worth the risk to all of them.
void Session::hold_last_space(const std::vector<std::string>& history) {
  const auto pieces = static_cast<double>(suggestion_.piece_ends.size());
  if (!options_.holds_space || pieces < 2 || suggestion_.text.ends_with(' ')) return;
  if (!context::is_word(history.back())) return;
  const double space = rank::space_by_trie(space_after(layers(), history));
  if (space * pieces < pieces - 1 + kSpace) return;
  suggestion_.text += ' ';
  suggestion_.piece_ends.back() += 1;
  suggestion_.piece_probabilities.back() *= space;
}

// Behind the first word at once: what stood there before the key, or a phrase of the user's own.
void Session::go_on(const context::Caret& caret, const Place& first) {
  const Suggestion& carried = carried_;
  if (carried.shown && carried.text.substr(0, carried.piece_ends[0]) == suggestion_.text) {
    for (std::size_t i = 1; i < carried.piece_ends.size(); ++i) {
      const std::size_t begin = carried.piece_ends[i - 1];
      const std::string piece = carried.text.substr(begin, carried.piece_ends[i] - begin);
      if (profile_->is_blocked(without_blanks(piece))) return;
      suggestion_.text += piece;
      suggestion_.piece_ends.push_back(suggestion_.text.size());
      suggestion_.piece_probabilities.push_back(carried.piece_probabilities[i]);
    }
    return;
  }
  std::vector<std::string> history = units_before(caret, first);
  const Layers tries = layers();
  for (const std::string& unit : tries.phrase(history)) {
    if (!append(history.back(), {unit, tries.probability(history, unit)})) break;
    history.push_back(unit);
  }
  hold_last_space(history);
}

// Of the text on screen the user typed or took this: the rest may stay.
void Session::carry(std::string_view inserted, bool at_end) {
  if (suggestion_.shown) carried_ = std::move(suggestion_);
  suggestion_ = {};
  if (!at_end || !carried_.shown || carried_.text.size() <= inserted.size() ||
      !carried_.text.starts_with(inserted)) {
    carried_ = {};
    return;
  }
  carried_.text.erase(0, inserted.size());
  auto& ends = carried_.piece_ends;
  const auto whole = std::upper_bound(ends.begin(), ends.end(), inserted.size()) - ends.begin();
  piece_began_ = piece_began_ || whole > 0;
  ends.erase(ends.begin(), ends.begin() + whole);
  carried_.piece_probabilities.erase(carried_.piece_probabilities.begin(),
                                     carried_.piece_probabilities.begin() + whole);
  for (std::size_t& end : ends) end -= inserted.size();
}

Session::Unit Session::likeliest_after(const std::vector<std::string>& history,
                                       const std::string& shown) {
  const Layers tries = layers();
  const std::string& last = history.back();
  const bool opens = !context::is_word(last) && context::starts_sentence(message_.text() + shown);
  // Frequent words are tokens of their own: other words do not begin with their token.
  const lm::EndEstimate end = [&](std::string_view word) {
    const double whole = tries.probability({}, word);
    return whole / (whole + kRareWord);
  };
  std::vector<lm::Completion> of_model;
  if (model_) of_model = model_->next_after(without_held_space(shown), end);
  const double share =
      of_model.empty() ? 0.0 : (options_.trie ? options_.language_model_share : 1.0);
  const auto of_trie = tries.propose(history, {}, opens, kFromTrie).candidates;
  Unit best{{}, 0};
  const auto consider = [&](std::string unit, double lm, double trie) {
    const double p = share * lm + (1 - share) * trie;
    if (p > best.probability) best = {std::move(unit), p};
  };
  const auto spaced = [&](const std::string& unit) {
    return context::needs_space(last, unit) ? " " + unit : unit;
  };
  for (const trie::Candidate& unit : of_trie) {
    const std::string text = spaced(unit.unit);
    const auto same = std::find_if(of_model.begin(), of_model.end(),
                                   [&](const lm::Completion& each) { return each.text == text; });
    consider(unit.unit, same != of_model.end() ? same->probability : 0.0, unit.probability);
  }
  std::size_t asked = 0;
  std::stable_sort(of_model.begin(), of_model.end(),
                   [](const auto& a, const auto& b) { return a.probability > b.probability; });
  for (const lm::Completion& each : of_model) {
    if (asked++ >= kFromModel) break;
    std::string unit = without_blanks(each.text);
    if (unit[0] == '\n' || spaced(unit) != each.text || profile_->is_blocked(unit)) continue;
    consider(unit, each.probability, tries.probability(history, unit, opens));
  }
  if (model_ && of_model.empty() && best.probability < options_.phrases.certain) return {{}, 0};
  return best;
}

// The length at which what an accept of the whole saves, one key for each piece but the first
// times the probability that all are right, is greatest.
bool Session::extend() {
  follow_forgetting();
  if (!suggestion_.shown) return false;
  const context::Caret caret = context::caret_of(message_);
  std::vector<std::string> history =
      units_before(caret, place_of(suggestion_.candidates.front(), caret));
  const std::size_t shown = suggestion_.piece_ends.size();
  const auto worth = [this](double right, std::size_t pieces) {
    return (right - options_.phrases.read) * static_cast<double>(pieces - 1);
  };
  double all = 1;
  for (std::size_t i = 1; i < shown; ++i) {
    all *= suggestion_.piece_probabilities[i];
    const std::size_t begin = suggestion_.piece_ends[i - 1];
    history.push_back(
        without_blanks(suggestion_.text.substr(begin, suggestion_.piece_ends[i] - begin)));
  }
  const std::size_t size = suggestion_.text.size();
  const double price = profile_->judgement().gate.price(options_.dial);
  Suggestion best = suggestion_;
  std::vector<std::string> best_history = history;
  double best_value = worth(all, shown);
  while (suggestion_.piece_ends.size() < kMostPieces) {
    const Unit next = likeliest_after(history, suggestion_.text);
    if (next.probability < options_.phrases.least) break;
    if (gate::Gate::value(next.probability, 1, price, false) <= 0) break;
    if (!append(history.back(), next)) break;
    history.push_back(next.text);
    all *= next.probability;
    const double value = worth(all, suggestion_.piece_ends.size());
    if (value > best_value) {
      best_value = value;
      best = suggestion_;
      best_history = history;
    }
  }
  suggestion_ = std::move(best);
  hold_last_space(best_history);
  return suggestion_.text.size() > size;
}

// Who takes all where all is right says by taking less that it is not.
void Session::note_taken(std::size_t taken) {
  const auto& ends = suggestion_.piece_ends;
  if (ends.size() < 2) return;
  if (taken == ends.size()) {
    ++wholes_taken_;
    return;
  }
  const std::size_t begin = ends[taken - 1];
  const std::string next = suggestion_.text.substr(begin, ends[taken] - begin);
  const std::string word = without_blanks(next);
  Declined declined{message_.text().size() + begin, suggestion_.text.substr(begin),
                    next.find_first_not_of(' '), word, 1};
  for (std::size_t i = taken + 1; i < ends.size(); ++i) {
    declined.rest *= suggestion_.piece_probabilities[i];
  }
  declined_.push_back(std::move(declined));
}

// What came of it: text that was right as a whole and was not taken as one.
void Session::settle_declined() {
  const std::string& text = message_.text();
  std::erase_if(declined_, [&](const Declined& each) {
    if (text.size() < each.begin) return true;
    const std::string_view written = std::string_view(text).substr(each.begin);
    if (each.text.starts_with(written)) return false;
    if (!written.starts_with(each.text)) return true;
    const auto next = static_cast<unsigned char>(written[each.text.size()]);
    if (each.text.ends_with(' ') || !lm::is_word_byte(next)) ++wholes_missed_;
    return true;
  });
}

// P(this word is not what the user writes | they took what stood before it and not all).
double Session::declined(const Place& place) const {
  if (!options_.phrases.declined) return 0;
  constexpr double kPrior = 1.0;
  const double takes_all = (wholes_taken_ + kPrior) / (wholes_taken_ + wholes_missed_ + 2 * kPrior);
  for (const Declined& each : declined_) {
    if (each.begin + each.blanks == place.begin && each.word == place.word) {
      return takes_all * each.rest;
    }
  }
  return 0;
}

}  // namespace foretype
