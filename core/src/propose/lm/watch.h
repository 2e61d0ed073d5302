// Hands what one layer of the model did with the user's own text to the
// statistics: each token once, when it is certain that it was written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "propose/lm/forward.h"
#include "statistics/signatures.h"

namespace foretype::lm {

/// What a layer's feed-forward part read and did at one token.
struct FfnToken {
  int layer = statistics::Signatures::kNoLayer;
  std::vector<float> input;        // [width]
  std::vector<float> activations;  // [ffn_width of that layer]

  /// Step `step` of a batch of `steps`; null: nothing was watched.
  void take(const FfnBatch* batch, std::size_t step, std::size_t steps);
  void wipe();
};

/// Counts tokens from the beginning of the message: those before it are earlier messages, whose
/// tokens were counted when they were written.
class Watch {
 public:
  explicit Watch(const Model& model) : model_(&model) {}

  /// Who wants to know of the tokens from here on; null: nobody.
  void tell(statistics::Signatures* signatures);
  /// For Forward::run; null while nothing is watched.
  FfnBatch* batch();
  /// Token `index` of the message was step `step` of that batch's `steps`.
  void read(std::int64_t index, std::size_t step, std::size_t steps);
  /// It had been computed ahead.
  void adopt(std::int64_t index, const FfnToken& ahead) { see(index, ahead); }
  /// Only so many tokens of the message stayed; what comes in their place is new.
  void keep_only(std::int64_t tokens);
  void wipe();

 private:
  void see(std::int64_t index, const FfnToken& token);

  const Model* model_;
  statistics::Signatures* signatures_ = nullptr;
  FfnBatch batch_;
  FfnToken token_;
  std::int64_t seen_ = 0;  // tokens of the message that were counted or passed over
};

}  // namespace foretype::lm
