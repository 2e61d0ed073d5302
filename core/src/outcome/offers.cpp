#include "outcome/offers.h"

#include <algorithm>
#include <utility>

namespace foretype::outcome {

void Offers::ask(std::size_t begin) {
  if (asked_.empty() || asked_.back() < begin) asked_.push_back(begin);
}

void Offers::show(std::size_t begin, std::string word) {
  for (std::size_t i = 0; i < offers_.size(); ++i) {
    if (offers_[i].begin == begin && offers_[i].word == word) {
      on_screen_ = i;
      return;
    }
  }
  on_screen_ = offers_.size();
  offers_.push_back({begin, std::move(word)});
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
  offers_.push_back({begin, std::move(word), 0, true});
}

int Offers::times_passed(std::size_t begin, std::string_view word) const {
  for (const Offer& offer : offers_) {
    if (offer.begin == begin && offer.word == word) return offer.passed;
  }
  return 0;
}

Settled Offers::settle(std::size_t begin, std::string_view word, bool learned) {
  Settled settled;
  for (Offer& offer : offers_) {
    if (offer.begin != begin) continue;
    if (offer.word != word) {
      ++settled.wrong;
      if (offer.taken && offer.erased) settled.rejected = std::move(offer.word);
    } else if (offer.taken) {
      settled.accepted = learned;
    } else {
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

Erased Offers::erase_from(std::size_t begin) {
  Erased erased;
  while (!accepted_.empty() && accepted_.back().begin + accepted_.back().word.size() > begin) {
    Accepted& last = accepted_.back();
    erased.unaccepted.push_back(last.word);
    offers_.push_back({last.begin, std::move(last.word), 0, true});  // as if not settled yet
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
