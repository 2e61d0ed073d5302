// A growable array in blocks that never move: it grows without copying, keeps no
// spare half, and leaves no copies of plain values behind.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "propose/trie/wipe.h"

namespace foretype::trie {

template <typename T>
class Blocks {
 public:
  std::size_t size() const { return size_; }
  T& operator[](std::size_t at) { return blocks_[at / kBlock][at % kBlock]; }
  const T& operator[](std::size_t at) const { return blocks_[at / kBlock][at % kBlock]; }

  T& push_back(T value) {
    if (size_ == blocks_.size() * kBlock) blocks_.emplace_back(new T[kBlock]());
    T& place = (*this)[size_++];
    place = std::move(value);
    return place;
  }

  std::size_t memory_bytes() const {
    return blocks_.size() * kBlock * sizeof(T) + blocks_.capacity() * sizeof(blocks_[0]);
  }

 private:
  static constexpr std::size_t kBlock = 512;

  std::vector<std::unique_ptr<T[], WipingDelete<T, kBlock>>> blocks_;
  std::size_t size_ = 0;
};

}  // namespace foretype::trie
