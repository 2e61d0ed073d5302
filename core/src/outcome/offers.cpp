#include "outcome/offers.h"

#include <algorithm>

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

int Offers::times_passed(std::size_t begin, std::string_view word) const {
  for (const Offer& offer : offers_) {
    if (offer.begin == begin && offer.word == word) return offer.passed;
  }
  return 0;
}

Settled Offers::settle(std::size_t begin, std::string_view word) {
  Settled settled;
  for (const Offer& offer : offers_) {
    if (offer.begin != begin) continue;
    if (offer.word != word) {
      ++settled.wrong;
    } else if (!offer.taken) {
      settled.overlooked += offer.passed;
    }
  }
  const bool looked_for = std::find(asked_.begin(), asked_.end(), begin) != asked_.end();
  settled.asked = looked_for || settled.wrong > 0;
  std::erase_if(offers_, [begin](const Offer& offer) { return offer.begin <= begin; });
  std::erase_if(asked_, [begin](std::size_t word_begin) { return word_begin <= begin; });
  on_screen_ = kNothing;
  return settled;
}

void Offers::drop_from(std::size_t begin) {
  std::erase_if(offers_, [begin](const Offer& offer) { return offer.begin >= begin; });
  std::erase_if(asked_, [begin](std::size_t word_begin) { return word_begin >= begin; });
  on_screen_ = kNothing;
}

void Offers::clear() {
  offers_.clear();
  asked_.clear();
  on_screen_ = kNothing;
}

}  // namespace foretype::outcome
