// The transformer: a batch of tokens in, their last hidden states out.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "propose/lm/cache.h"
#include "propose/lm/model.h"

namespace foretype::lm {

inline constexpr int kMaxBatch = 32;

/// One token to compute: where it stands and what it sees. Its own keys and values are written
/// to `slot` before anything of the batch attends, so `extra` may name slots of the same batch.
struct Step {
  Token token;
  std::int64_t position;
  int slot;
  int visible;                 // attends to slots [0, visible) ...
  std::span<const int> extra;  // ... and to these, its own among them unless below `visible`
};

/// What one layer's feed-forward part read and did in a run, for who watches it.
struct FfnBatch {
  int layer = 0;
  std::vector<float> input;        // [steps][width], after the norm
  std::vector<float> activations;  // [steps][ffn_width of that layer], silu(gate) * up
};

/// Scratch memory of the forward pass; one for each session.
class Forward {
 public:
  Forward(const Model& model, int cache_capacity);

  /// hidden[steps][width] after the final norm. At most kMaxBatch steps. `watched`, where there is
  /// one, names a layer and is filled.
  void run(std::span<const Step> steps, KeyValueCache* cache, float* hidden,
           FfnBatch* watched = nullptr);

  /// logits[count][text_rows rounded up to 16] of hidden states [count][width], at some places of
  /// the output head; the rows of partly covered blocks are computed too, the rest is left as it
  /// was. count <= kMaxBatch.
  void logits(const float* hidden, int count, std::span<const HeadRows::Range> places, float* out,
              int stride);

 private:
  void attention(const LayerWeights& weights, int layer, std::span<const Step> steps,
                 KeyValueCache* cache);
  void attend(const Step& step, int layer, KeyValueCache* cache, const float* query, float* out);
  int find_seen(const Step& step, int layer, const KeyValueCache& cache);
  void feed_forward(const LayerWeights& weights, int count, FfnBatch* watched);
  void normalise(const float* weight, int count);
  void quantise(const float* x, int count, int columns);
  void matmul(const kernels::Matrix& w, float* y);
  void add_to_residual(const float* y, int count);

  const Model* model_;
  int width_, query_width_, kv_width_, score_stride_;
  std::vector<float> residual_, normed_, query_, key_, value_, mixed_, gate_, up_;
  struct Slots {
    int first, count;
  };
  std::vector<Slots> seen_;           // by one layer's attention, in order
  std::vector<float> scores_;         // [heads of a group][capacity]
  std::vector<float> cosine_, sine_;  // [kMaxBatch][head_width / 2]
  std::vector<std::int8_t> q_;        // quantised activations [kMaxBatch][widest]
  std::vector<float> scale_, sum_;    // [kMaxBatch][widest / 32]
  kernels::Activations activations_;
};

}  // namespace foretype::lm
