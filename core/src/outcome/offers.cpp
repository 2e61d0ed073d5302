#include "outcome/offers.h"

#include <algorithm>
#include <utility>

namespace foretype::outcome {

void Offers::ask(std::size_t begin) {
  if (asked_.empty() || asked_.back() < begin) asked_.push_back(begin);
}

void Offers::show(std::size_t begin, std::string word, bool holds_space, bool is_new) {
  const auto same = std::find_if(offers_.begin(), offers_.end(), [&](const Offer& offer) {
    return offer.begin == begin && offer.word == word && offer.holds_space == holds_space;
  });
  on_screen_ = static_cast<std::size_t>(same - offers_.begin());
  if (same == offers_.end()) offers_.push_back({begin, std::move(word), holds_space});
  if (is_new) ++offers_[on_screen_].shows;
}

void Offers::pass() {
  if (on_screen_ != kNothing) ++offers_[on_screen_].passed;
  on_screen_ = kNothing;
}

bool Offers::take() {
  if (on_screen_ == kNothing) return false;
  offers_[on_screen_].taken = true;
  on_screen_ = kNothing;
  return true;
}

void Offers::take_too(std::size_t begin, std::string word) {
  offers_.push_back({begin, std::move(word), false, 0, 0, true});
}

bool Offers::any_passed() const {
  return std::any_of(offers_.begin(), offers_.end(),
                     [](const Offer& offer) { return offer.passed > 0; });
}

int Offers::times_passed(std::size_t begin, std::string_view word, bool holds_space) const {
  for (const Offer& offer : offers_) {
    if (offer.begin == begin && offer.word == word && offer.holds_space == holds_space) {
      return offer.passed;
    }
  }
  return 0;
}

Settled Offers::settle(std::size_t begin, std::string_view word, bool learned, bool space_follows) {
  Settled settled;
  for (Offer& offer : offers_) {
    if (offer.begin > begin) continue;
    const bool same_word = offer.begin == begin && offer.word == word;
    if (!same_word || (offer.holds_space && !space_follows)) settled.wrong += offer.shows;
    if (offer.begin != begin) continue;
    if (!same_word) {
      if (offer.taken && offer.erased) settled.rejected = std::move(offer.word);
    } else if (offer.taken) {
      settled.accepted = learned;
    } else if (!offer.holds_space || space_follows) {
      settled.overlooked += offer.passed;
    }
  }
  if (settled.accepted) accepted_.push_back({begin, std::string(word)});
  const bool looked_for = std::find(asked_.begin(), asked_.end(), begin) != asked_.end();
  settled.asked = looked_for || settled.wrong > 0;
  std::erase_if(offers_, [begin](const Offer& offer) { return offer.begin <= begin; });
  std::erase_if(asked_, [begin](std::size_t word_begin) { return word_begin <= begin; });
  on_screen_ = kNothing;
  return settled;
}

int Offers::open_shows() const {
  int shows = 0;
  for (const Offer& offer : offers_) shows += offer.shows;
  return shows;
}

Erased Offers::erase_from(std::size_t begin) {
  Erased erased;
  while (!accepted_.empty() && accepted_.back().begin + accepted_.back().word.size() > begin) {
    Accepted& last = accepted_.back();
    erased.unaccepted.push_back(last.word);
    offers_.push_back(
        {last.begin, std::move(last.word), false, 0, 0, true});  // as if not settled yet
    accepted_.pop_back();
  }
  for (Offer& offer : offers_) {
    if (!offer.taken) continue;
    if (offer.begin >= begin) {
      erased.rejected.push_back(std::move(offer.word));
    } else if (offer.begin + offer.word.size() > begin) {
      offer.erased = true;
    }
  }
  std::erase_if(offers_, [begin](const Offer& offer) { return offer.begin >= begin; });
  std::erase_if(asked_, [begin](std::size_t word_begin) { return word_begin >= begin; });
  on_screen_ = kNothing;
  return erased;
}

std::vector<std::string> Offers::clear() {
  std::vector<std::string> accepted;
  for (Accepted& each : accepted_) accepted.push_back(std::move(each.word));
  accepted_.clear();
  offers_.clear();
  asked_.clear();
  on_screen_ = kNothing;
  return accepted;
}

}  // namespace foretype::outcome
