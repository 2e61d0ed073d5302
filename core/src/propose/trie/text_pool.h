// The bytes of units, in blocks that never move. Whatever is given back is
// overwritten at once, and so is the whole pool before its memory is freed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "propose/trie/wipe.h"

namespace foretype::trie {

class TextPool {
 public:
  /// Copies a text of at most kBlock bytes; the place to find it at.
  std::uint32_t add(std::string_view text);
  std::string_view view(std::uint32_t place, std::size_t size) const {
    return {blocks_[place / kBlock].get() + place % kBlock, size};
  }
  void wipe(std::uint32_t place, std::size_t size);

  /// True if most of the pool was wiped: time to copy the rest into a new one.
  bool is_worn() const { return wiped_ > kBlock && wiped_ * 2 > used_; }
  std::size_t memory_bytes() const {
    return blocks_.size() * kBlock + blocks_.capacity() * sizeof(blocks_[0]);
  }

 private:
  static constexpr std::size_t kBlock = 8192;

  std::vector<std::unique_ptr<char[], WipingDelete<char, kBlock>>> blocks_;
  std::size_t used_ = 0;   // bytes up to here are taken, the ends of blocks included
  std::size_t wiped_ = 0;  // of them given back
};

}  // namespace foretype::trie
