#include "propose/lm/watch.h"

#include <algorithm>

namespace foretype::lm {

using statistics::Signatures;

void FfnToken::take(const FfnBatch* batch, std::size_t step, std::size_t steps) {
  layer = Signatures::kNoLayer;
  if (batch == nullptr) return;
  layer = batch->layer;
  const auto row = [&](const std::vector<float>& all, std::vector<float>* one) {
    const auto width = static_cast<std::ptrdiff_t>(all.size() / steps);
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(step) * width;
    one->assign(begin, begin + width);
  };
  row(batch->input, &input);
  row(batch->activations, &activations);
}

void FfnToken::wipe() {
  layer = Signatures::kNoLayer;
  std::fill(input.begin(), input.end(), 0.0F);
  std::fill(activations.begin(), activations.end(), 0.0F);
}

void Watch::tell(Signatures* signatures) {
  signatures_ = signatures;
  if (signatures == nullptr) return;
  signatures->fit(model_->ffn_widths());
}

FfnBatch* Watch::batch() {
  batch_.layer = signatures_ == nullptr ? Signatures::kNoLayer : signatures_->layer();
  return batch_.layer == Signatures::kNoLayer ? nullptr : &batch_;
}

void Watch::read(std::int64_t index, std::size_t step, std::size_t steps) {
  const bool watched = batch_.layer != Signatures::kNoLayer && index >= seen_;
  token_.take(watched ? &batch_ : nullptr, step, steps);
  see(index, token_);
}

void Watch::see(std::int64_t index, const FfnToken& token) {
  if (index < seen_) return;
  seen_ = index + 1;
  if (signatures_ == nullptr || token.layer == Signatures::kNoLayer) return;
  signatures_->add(token.layer, model_->projection().project(token.input.data()),
                   token.activations);
}

void Watch::keep_only(std::int64_t tokens) { seen_ = std::min(seen_, tokens); }

void Watch::wipe() {
  seen_ = 0;
  token_.wipe();
  std::fill(batch_.input.begin(), batch_.input.end(), 0.0F);
  std::fill(batch_.activations.begin(), batch_.activations.end(), 0.0F);
}

}  // namespace foretype::lm
