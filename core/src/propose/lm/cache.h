// Keys and values of tokens already computed, in numbered slots.
//
// Slots are only storage: which of them a token attends to is said by the
// caller (forward.h), and the rotary position is already in the key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "propose/lm/model.h"

namespace foretype::lm {

class KeyValueCache {
 public:
  KeyValueCache(const Config& config, int capacity);

  int capacity() const { return capacity_; }
  int row_width() const { return row_width_; }  // kv_heads * head_width

  std::uint16_t* key(int layer, int slot) { return keys_.data() + index(layer, slot); }
  std::uint16_t* value(int layer, int slot) { return values_.data() + index(layer, slot); }

  /// dst's keys and values become those of src.
  void copy(int src, int dst);
  /// Slots [first + shift, last) move down to [first, last - shift).
  void drop(int first, int shift, int last);
  /// Turns the keys of a slot by `delta` positions.
  void turn(const Model& model, int slot, std::int64_t delta);
  /// Forgets: all bytes become zero.
  void wipe();

 private:
  std::size_t index(int layer, int slot) const {
    return (static_cast<std::size_t>(layer) * static_cast<std::size_t>(capacity_) +
            static_cast<std::size_t>(slot)) *
           static_cast<std::size_t>(row_width_);
  }

  int layers_;
  int capacity_;
  int head_width_;
  int row_width_;
  std::vector<std::uint16_t> keys_;  // binary16 [layers][capacity][row_width]
  std::vector<std::uint16_t> values_;
};

}  // namespace foretype::lm
