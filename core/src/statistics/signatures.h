// What the FFN units of the language model do with the user's text: for each unit
// of one layer the mean, over a mini-batch of tokens, of its activation times the
// projected input. From these Python tells which units changed places.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "statistics/projection.h"

namespace foretype::statistics {

/// A finished mini-batch.
struct Signature {
  int layer = 0;
  int tokens = 0;
  std::vector<float> means;     // [units][64]: mean over tokens of activation x projected input
  std::vector<float> activity;  // [units]: mean of |activation|
};

/// One layer is watched at a time, the next after each mini-batch: kWatched of them in turn, evenly
/// spread over the model, so that each is seen often enough to be compared with itself. While
/// kMostWaiting finished ones wait to be taken, none is: who never asks pays nothing.
class Signatures {
 public:
  static constexpr int kTokens = 256;  // of a mini-batch
  static constexpr std::size_t kMostWaiting = 2;
  static constexpr int kWatched = 6;
  static constexpr int kNoLayer = -1;

  /// For a model with so many units in each of its layers. Others than before: everything begins
  /// anew.
  void fit(std::span<const std::size_t> units);
  /// The layer to watch now, or kNoLayer.
  int layer() const;
  /// One token of the user: what this layer's units did, and their input, projected. Passed over
  /// where another layer is watched now, or where numbers are not usable().
  void add(int layer, const State& input, std::span<const float> activations);
  int tokens() const { return current_.tokens; }
  /// How many tokens were passed over for numbers that a damaged model made.
  std::uint64_t refused() const { return refused_; }

  const std::vector<Signature>& waiting() const { return waiting_; }
  /// The finished ones, oldest first; they wait no more.
  std::vector<Signature> take();
  /// Nothing is known of any token; the same layer goes on.
  void wipe();

 private:
  void finish();
  int layers() const { return static_cast<int>(units_.size()); }
  int watched() const;
  int layer_of_turn() const;

  int turn_ = 0;
  std::vector<std::size_t> units_;  // [layers]
  Signature current_;               // sums; without memory before the first token
  std::vector<Signature> waiting_;
  std::uint64_t refused_ = 0;
};

}  // namespace foretype::statistics
