#include "propose/trie/text_pool.h"

#include <algorithm>

namespace foretype::trie {
std::uint32_t TextPool::add(std::string_view text) {
  const std::size_t left = blocks_.size() * kBlock - used_;
  if (left < std::max<std::size_t>(text.size(), 1)) {
    used_ += left;
    wiped_ += left;
    blocks_.emplace_back(new char[kBlock]());
  }
  const auto place = static_cast<std::uint32_t>(used_);
  std::copy(text.begin(), text.end(), blocks_.back().get() + place % kBlock);
  used_ += text.size();
  return place;
}

void TextPool::wipe(std::uint32_t place, std::size_t size) {
  overwrite(blocks_[place / kBlock].get() + place % kBlock, size);
  wiped_ += size;
}

}  // namespace foretype::trie
