#include "propose/lm/cache.h"

#include <algorithm>
#include <cstring>

namespace foretype::lm {

KeyValueCache::KeyValueCache(const Config& config, int capacity)
    : layers_(config.layers),
      capacity_(capacity),
      head_width_(config.head_width),
      row_width_(config.kv_heads * config.head_width),
      keys_(index(layers_, 0)),
      values_(index(layers_, 0)) {}

void KeyValueCache::copy(int src, int dst) {
  if (src == dst) return;
  const auto count = static_cast<std::size_t>(row_width_);
  for (int layer = 0; layer < layers_; ++layer) {
    std::copy_n(key(layer, src), count, key(layer, dst));
    std::copy_n(value(layer, src), count, value(layer, dst));
  }
}

void KeyValueCache::drop(int first, int shift, int last) {
  const auto bytes = static_cast<std::size_t>(last - shift - first) *
                     static_cast<std::size_t>(row_width_) * sizeof(std::uint16_t);
  for (int layer = 0; layer < layers_; ++layer) {
    std::memmove(key(layer, first), key(layer, first + shift), bytes);
    std::memmove(value(layer, first), value(layer, first + shift), bytes);
  }
}

void KeyValueCache::turn(const Model& model, int slot, std::int64_t delta) {
  const auto half = static_cast<std::size_t>(head_width_ / 2);
  std::vector<float> cosine(half), sine(half), row(static_cast<std::size_t>(row_width_));
  model.rotation(delta, cosine.data(), sine.data());
  for (int layer = 0; layer < layers_; ++layer) {
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
