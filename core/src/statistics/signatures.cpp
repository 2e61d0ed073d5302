#include "statistics/signatures.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace foretype::statistics {
namespace {

void clear(Signature* signature) {
  std::fill(signature->means.begin(), signature->means.end(), 0.0F);
  std::fill(signature->activity.begin(), signature->activity.end(), 0.0F);
  signature->tokens = 0;
}

}  // namespace

void Signatures::fit(int layers, std::size_t units) {
  if (layers == layers_ && units == units_) return;
  *this = {};
  layers_ = layers;
  units_ = units;
  if (layers > 0) current_.layer = layer_of_turn();
}

int Signatures::watched() const { return std::min(kWatched, layers_); }

int Signatures::layer_of_turn() const { return (2 * turn_ + 1) * layers_ / (2 * watched()); }

int Signatures::layer() const {
  return layers_ > 0 && waiting_.size() < kMostWaiting ? current_.layer : kNoLayer;
}

void Signatures::add(int layer, const State& input, std::span<const float> activations) {
  if (layer == kNoLayer || layer != this->layer() || activations.size() != units_) return;
  if (!usable(input) || !usable(activations)) {
    ++refused_;
    return;
  }
  current_.means.resize(units_ * kDimensions);
  current_.activity.resize(units_);
  for (std::size_t unit = 0; unit < units_; ++unit) {
    const float activation = activations[unit];
    float* sums = current_.means.data() + unit * kDimensions;
    for (std::size_t i = 0; i < kDimensions; ++i) sums[i] += activation * input[i];
    current_.activity[unit] += std::fabs(activation);
  }
  if (++current_.tokens == kTokens) finish();
}

void Signatures::finish() {
  constexpr float kShare = 1.0F / kTokens;
  for (float& value : current_.means) value *= kShare;
  for (float& value : current_.activity) value *= kShare;
  waiting_.push_back(std::exchange(current_, {}));
  turn_ = (turn_ + 1) % watched();
  current_.layer = layer_of_turn();
}

std::vector<Signature> Signatures::take() { return std::exchange(waiting_, {}); }

void Signatures::wipe() {
  clear(&current_);
  for (Signature& each : waiting_) clear(&each);
  waiting_.clear();
}

}  // namespace foretype::statistics
