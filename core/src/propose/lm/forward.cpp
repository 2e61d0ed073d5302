#include "propose/lm/forward.h"

#include <algorithm>
#include <cmath>

namespace foretype::lm {
namespace {

std::vector<float> batch_of(int width) {
  return std::vector<float>(static_cast<std::size_t>(kMaxBatch) * static_cast<std::size_t>(width));
}

}  // namespace

Forward::Forward(const Model& model, int cache_capacity)
    : model_(&model),
      width_(model.config().width),
      query_width_(model.config().heads * model.config().head_width),
      kv_width_(model.config().kv_heads * model.config().head_width),
      score_stride_(cache_capacity + 8),
      residual_(batch_of(width_)),
      normed_(batch_of(width_)),
      query_(batch_of(query_width_)),
      key_(batch_of(kv_width_)),
      value_(batch_of(kv_width_)),
      mixed_(batch_of(std::max(query_width_, width_))),
      gate_(batch_of(model.config().ffn_width)),
      up_(batch_of(model.config().ffn_width)),
      cosine_(batch_of(model.config().head_width / 2)),
      sine_(batch_of(model.config().head_width / 2)) {
  const int group = model.config().heads / model.config().kv_heads;
  seen_.reserve(kMaxBatch + 4);  // a path of the tree, and what a ring makes of the text
  scores_.resize(static_cast<std::size_t>(group) * static_cast<std::size_t>(score_stride_));
  const int widest = std::max({width_, query_width_, model.config().ffn_width});
  q_.resize(static_cast<std::size_t>(kMaxBatch) * static_cast<std::size_t>(widest));
  scale_ = batch_of(widest / kernels::kGroup);
  sum_ = batch_of(widest / kernels::kGroup);
}

void Forward::run(std::span<const Step> steps, KeyValueCache* cache, float* hidden,
                  FfnBatch* watched) {
  const Config& config = model_->config();
  const int half = config.head_width / 2;
  const int count = static_cast<int>(steps.size());
  for (int b = 0; b < count; ++b) {
    const Step& step = steps[static_cast<std::size_t>(b)];
    model_->embed(step.token, residual_.data() + b * width_);
    model_->rotation(step.position, cosine_.data() + b * half, sine_.data() + b * half);
  }
  for (int layer = 0; layer < config.layers; ++layer) {
    const LayerWeights& weights = model_->file().layers[static_cast<std::size_t>(layer)];
    attention(weights, layer, steps, cache);
    feed_forward(weights, count, watched != nullptr && watched->layer == layer ? watched : nullptr);
  }
  for (int b = 0; b < count; ++b) {
    model_->kernels().rms_norm(residual_.data() + b * width_, model_->file().final_norm, width_,
                               config.norm_epsilon, hidden + b * width_);
  }
}

void Forward::logits(const float* hidden, int count, std::span<const HeadRows::Range> places,
                     float* out, int stride) {
  quantise(hidden, count, width_);
  for (const auto& [first, last] : places) {
    if (first >= last) continue;
    const int first_block = first / kernels::kRowBlock;
    const int last_block = (last + kernels::kRowBlock - 1) / kernels::kRowBlock;
    multiply(model_->kernels(), model_->file().head, activations_, first_block, last_block,
             out + first_block * kernels::kRowBlock, stride);
  }
}

void Forward::attention(const LayerWeights& weights, int layer, std::span<const Step> steps,
                        KeyValueCache* cache) {
  const Config& config = model_->config();
  const int count = static_cast<int>(steps.size());
  const int half = config.head_width / 2;
  normalise(weights.attention_norm, count);
  quantise(normed_.data(), count, width_);
  matmul(weights.query, query_.data());
  matmul(weights.key, key_.data());
  matmul(weights.value, value_.data());

  for (int b = 0; b < count; ++b) {
    const float* cosine = cosine_.data() + b * half;
    const float* sine = sine_.data() + b * half;
    for (int head = 0; head < config.kv_heads; ++head) {
      rotate(key_.data() + b * kv_width_ + head * config.head_width, config.head_width, cosine,
             sine);
    }
    for (int head = 0; head < config.heads; ++head) {
      rotate(query_.data() + b * query_width_ + head * config.head_width, config.head_width, cosine,
             sine);
    }
    const int slot = steps[static_cast<std::size_t>(b)].slot;
    model_->kernels().to_half(key_.data() + b * kv_width_, kv_width_, cache->key(layer, slot));
    model_->kernels().to_half(value_.data() + b * kv_width_, kv_width_, cache->value(layer, slot));
  }
  for (int b = 0; b < count; ++b) {
    attend(steps[static_cast<std::size_t>(b)], layer, cache, query_.data() + b * query_width_,
           mixed_.data() + b * query_width_);
  }
  quantise(mixed_.data(), count, query_width_);
  matmul(weights.output, mixed_.data());
  add_to_residual(mixed_.data(), count);
}

// Softmax attention of one token, one group of query heads (that share a key head) at a time.
void Forward::attend(const Step& step, int layer, KeyValueCache* cache, const float* query,
                     float* out) {
  const Config& config = model_->config();
  const kernels::Table& kernels = model_->kernels();
  const int group = config.heads / config.kv_heads;
  const float scale = 1.0F / std::sqrt(static_cast<float>(config.head_width));
  const int total = find_seen(step, layer, *cache);
  for (int kv = 0; kv < config.kv_heads; ++kv) {
    const int offset = kv * config.head_width;
    const float* q = query + kv * group * config.head_width;
    float* mix = out + kv * group * config.head_width;
    float* scores = scores_.data();
    for (const auto& [slot, count] : seen_) {
      kernels.attention_scores(q, group, cache->key(layer, slot) + offset, kv_width_, count, scores,
                               score_stride_);
      scores += count;
    }
    for (int h = 0; h < group; ++h) {
      float* row = scores_.data() + h * score_stride_;
      for (int t = 0; t < total; ++t) row[t] *= scale;
      const float sum = kernels.exp_sum(row, total, kernels.max(row, total));
      for (int t = 0; t < total; ++t) row[t] /= sum;
    }
    std::fill_n(mix, group * config.head_width, 0.0F);
    const float* weights = scores_.data();
    for (const auto& [slot, count] : seen_) {
      kernels.attention_mix(weights, score_stride_, group, cache->value(layer, slot) + offset,
                            kv_width_, count, mix);
      weights += count;
    }
  }
}

// The slots that a layer's attention sees from a step; how many they are.
int Forward::find_seen(const Step& step, int layer, const KeyValueCache& cache) {
  const int total = step.visible + static_cast<int>(step.extra.size());
  const int window = model_->file().layers[static_cast<std::size_t>(layer)].attention_window;
  const int first = window == 0 ? 0 : std::clamp(total - window, 0, step.visible);
  seen_.clear();
  if (first > 0) seen_.push_back({0, 1});  // the begin token, without which attention loses footing
  for (int slot = first; slot < step.visible; slot += seen_.back().count) {
    seen_.push_back({slot, cache.run(layer, slot, step.visible - slot)});
  }
  for (const int slot : step.extra) seen_.push_back({slot, 1});
  return total - first + (first > 0 ? 1 : 0);
}

void Forward::feed_forward(const LayerWeights& weights, int count, FfnBatch* watched) {
  const int ffn_width = weights.ffn_width();
  normalise(weights.ffn_norm, count);
  if (watched != nullptr) watched->input.assign(normed_.begin(), normed_.begin() + count * width_);
  quantise(normed_.data(), count, width_);
  matmul(weights.gate, gate_.data());
  matmul(weights.up, up_.data());
  model_->kernels().swiglu(gate_.data(), up_.data(), count * ffn_width);
  if (watched != nullptr) {
    watched->activations.assign(gate_.begin(), gate_.begin() + count * ffn_width);
  }
  quantise(gate_.data(), count, ffn_width);
  matmul(weights.down, mixed_.data());
  add_to_residual(mixed_.data(), count);
}

void Forward::normalise(const float* weight, int count) {
  for (int b = 0; b < count; ++b) {
    model_->kernels().rms_norm(residual_.data() + b * width_, weight, width_,
                               model_->config().norm_epsilon, normed_.data() + b * width_);
  }
}

void Forward::quantise(const float* x, int count, int columns) {
  const int groups = columns / kernels::kGroup;
  for (int b = 0; b < count; ++b) {
    model_->kernels().quantize(x + b * columns, columns, q_.data() + b * columns,
                               scale_.data() + b * groups, sum_.data() + b * groups);
  }
  activations_ = {count, columns, q_.data(), scale_.data(), sum_.data()};
}

/// y[count][rows] of the activations that were quantised last.
void Forward::matmul(const kernels::Matrix& w, float* y) {
  const int rows = kernels::rows_of(w);
  kernels::multiply(model_->kernels(), w, activations_, 0, rows / kernels::kRowBlock, y, rows);
}

void Forward::add_to_residual(const float* y, int count) {
  for (int i = 0; i < count * width_; ++i) residual_[static_cast<std::size_t>(i)] += y[i];
}

}  // namespace foretype::lm
