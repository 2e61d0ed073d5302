#include "propose/lm/cache.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "propose/lm/forward.h"

namespace foretype::lm {

static_assert(KeyValueCache::kBatch >= kMaxBatch);

KeyValueCache::KeyValueCache(const Model& model, int chain, int nodes)
    : chain_(chain),
      head_width_(model.config().head_width),
      row_width_(model.config().kv_heads * model.config().head_width),
      smallest_ring_(std::numeric_limits<int>::max()) {
  int rows = 0;
  for (const LayerWeights& layer : model.file().layers) {
    const int needed = layer.attention_window + kBatch + kSpare;
    const bool all = layer.attention_window == 0 || needed >= chain - 1;
    layers_.push_back({rows, all ? 0 : needed});
    rows += nodes + (all ? chain : 1 + needed);
    if (!all) smallest_ring_ = std::min(smallest_ring_, needed);
  }
  keys_.resize(static_cast<std::size_t>(rows) * static_cast<std::size_t>(row_width_));
  values_.resize(keys_.size());
}

std::size_t KeyValueCache::index(int layer, int slot) const {
  const auto [first_row, ring] = layers_[static_cast<std::size_t>(layer)];
  int row = slot;
  if (ring > 0 && slot > 0) {
    row = 1 + (slot < chain_ ? place_in(ring, slot) : ring + slot - chain_);
  }
  return static_cast<std::size_t>(first_row + row) * static_cast<std::size_t>(row_width_);
}

int KeyValueCache::run(int layer, int slot, int most) const {
  const int ring = layers_[static_cast<std::size_t>(layer)].ring;
  if (ring == 0 || slot >= chain_) return most;
  return slot == 0 ? std::min(most, 1) : std::min(most, ring - place_in(ring, slot));
}

void KeyValueCache::copy(int src, int dst) {
  if (src == dst) return;
  const auto count = static_cast<std::size_t>(row_width_);
  for (int layer = 0; layer < static_cast<int>(layers_.size()); ++layer) {
    std::copy_n(key(layer, src), count, key(layer, dst));
    std::copy_n(value(layer, src), count, value(layer, dst));
  }
}

void KeyValueCache::drop(int shift, int last) {
  const auto bytes = static_cast<std::size_t>(last - shift - 1) *
                     static_cast<std::size_t>(row_width_) * sizeof(std::uint16_t);
  for (int layer = 0; layer < static_cast<int>(layers_.size()); ++layer) {
    if (layers_[static_cast<std::size_t>(layer)].ring > 0) continue;  // places stay
    std::memmove(key(layer, 1), key(layer, 1 + shift), bytes);
    std::memmove(value(layer, 1), value(layer, 1 + shift), bytes);
  }
  dropped_ += shift;
}

void KeyValueCache::turn(const Model& model, int slot, std::int64_t delta) {
  const auto half = static_cast<std::size_t>(head_width_ / 2);
  std::vector<float> cosine(half), sine(half), row(static_cast<std::size_t>(row_width_));
  model.rotation(delta, cosine.data(), sine.data());
  for (int layer = 0; layer < static_cast<int>(layers_.size()); ++layer) {
    model.kernels().from_half(key(layer, slot), row_width_, row.data());
    for (int head = 0; head < row_width_; head += head_width_) {
      rotate(row.data() + head, head_width_, cosine.data(), sine.data());
    }
    model.kernels().to_half(row.data(), row_width_, key(layer, slot));
  }
}

void KeyValueCache::wipe() {
  std::fill(keys_.begin(), keys_.end(), std::uint16_t{0});
  std::fill(values_.begin(), values_.end(), std::uint16_t{0});
}

}  // namespace foretype::lm
