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

void Signatures::fit(std::span<const std::size_t> units) {
  if (std::equal(units.begin(), units.end(), units_.begin(), units_.end())) return;
  *this = {};
  units_.assign(units.begin(), units.end());
  if (layers() > 0) current_.layer = layer_of_turn();
}

int Signatures::watched() const { return std::min(kWatched, layers()); }

int Signatures::layer_of_turn() const { return (2 * turn_ + 1) * layers() / (2 * watched()); }

int Signatures::layer() const {
  return layers() > 0 && waiting_.size() < kMostWaiting ? current_.layer : kNoLayer;
}

void Signatures::add(int layer, const State& input, std::span<const float> activations) {
  if (layer == kNoLayer || layer != this->layer()) return;
  const std::size_t units = units_[static_cast<std::size_t>(layer)];
  if (activations.size() != units) return;
  if (!usable(input) || !usable(activations)) {
    ++refused_;
    return;
  }
  current_.means.resize(units * kDimensions);
  current_.activity.resize(units);
  for (std::size_t unit = 0; unit < units; ++unit) {
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
