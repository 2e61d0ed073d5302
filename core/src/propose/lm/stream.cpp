#include "propose/lm/stream.h"

#include <algorithm>

namespace foretype::lm {

Stream::Stream(const Model& model, int window, int slide)
    : model_(&model), window_(window), slide_(slide) {
  tokens_.reserve(static_cast<std::size_t>(window));
  reset();
}

bool Stream::truncate(std::int64_t length, const KeyValueCache& cache) {
  if (length >= this->length()) return true;
  const std::int64_t left = length - dropped_;
  if (left < 1 || (dropped_ > 0 && left < 2)) return false;
  tokens_.resize(static_cast<std::size_t>(left));
  computed_ = std::min(computed_, size());
  if (!cache.holds(computed_, newest_)) computed_ = newest_ = 0;
  return true;
}

void Stream::reset() {
  tokens_.assign(1, model_->config().begin_token);
  computed_ = newest_ = 0;
  dropped_ = 0;
}

std::vector<Step> Stream::next_steps(int limit) const {
  std::vector<Step> steps;
  const int end = std::min(size(), computed_ + limit);
  for (int slot = computed_; slot < end; ++slot) {
    steps.push_back({tokens_[static_cast<std::size_t>(slot)], dropped_ + slot, slot, slot + 1, {}});
  }
  return steps;
}

void Stream::reopen_last() { computed_ = std::min(computed_, size() - 1); }

void Stream::make_room(KeyValueCache* cache) {
  if (size() < window_) return;
  tokens_.erase(tokens_.begin() + 1, tokens_.begin() + 1 + slide_);
  if (computed_ > 1 + slide_) {
    cache->drop(slide_, computed_);
    computed_ -= slide_;
    newest_ -= slide_;
  } else {
    computed_ = newest_ = std::min(computed_, 1);
  }
  if (computed_ > 0) cache->turn(*model_, 0, slide_);
  dropped_ += slide_;
}

}  // namespace foretype::lm
