// Keys and values of tokens already computed, in numbered slots: of the chain of tokens that is
// the text, and behind these of the nodes of the tree.
//
// Slots are only storage: which of them a token attends to is said by the caller (forward.h), and
// the rotary position is already in the key. A layer that sees only the newest tokens keeps only
// these of the chain, and slot 0, in a ring: a slot's place goes round with the token's number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "propose/lm/model.h"

namespace foretype::lm {

class KeyValueCache {
 public:
  /// What a ring keeps beyond its layer's window: slots of one batch, and of what may be cut off
  /// the chain before keys are lost that will be seen again.
  static constexpr int kBatch = 32, kSpare = 96;

  KeyValueCache(const Model& model, int chain, int nodes);

  int row_width() const { return row_width_; }  // kv_heads * head_width
  std::size_t bytes() const { return 2 * sizeof(std::uint16_t) * keys_.size(); }

  std::uint16_t* key(int layer, int slot) { return keys_.data() + index(layer, slot); }
  std::uint16_t* value(int layer, int slot) { return values_.data() + index(layer, slot); }
  /// How many slots from this one on, at most `most`, lie side by side.
  int run(int layer, int slot, int most) const;

  /// Whether all that will be seen from slot `from` on is still there, when the chain has been
  /// computed up to slot `newest`.
  bool holds(int from, int newest) const {
    return newest <= smallest_ring_ || newest - from <= kSpare;
  }

  /// dst's keys and values become those of src.
  void copy(int src, int dst);
  /// Slots [1 + shift, last) of the chain move down to [1, last - shift).
  void drop(int shift, int last);
  /// Turns the keys of a slot by `delta` positions.
  void turn(const Model& model, int slot, std::int64_t delta);
  /// Forgets: all bytes become zero.
  void wipe();

 private:
  struct Layer {
    int first_row;
    int ring;  // slots of the chain beside slot 0 that are kept, if not all; else 0
  };

  /// Of a slot of the chain but slot 0.
  int place_in(int ring, int slot) const { return static_cast<int>((dropped_ + slot - 1) % ring); }
  std::size_t index(int layer, int slot) const;

  int chain_;
  int head_width_;
  int row_width_;
  int smallest_ring_;
  std::int64_t dropped_ = 0;
  std::vector<Layer> layers_;
  std::vector<std::uint16_t> keys_;  // binary16 [rows of all layers][row_width]
  std::vector<std::uint16_t> values_;
};

}  // namespace foretype::lm
