#include "propose/trie/text_pool.h"

#include <algorithm>

namespace foretype::trie {
namespace {

// Writes that no compiler leaves out, though nothing reads the memory before it is freed.
void overwrite(char* bytes, std::size_t size) {
  volatile char* at = bytes;
  for (std::size_t i = 0; i < size; ++i) at[i] = 0;
}

}  // namespace

TextPool::~TextPool() {
  for (const auto& block : blocks_) overwrite(block.get(), kBlock);
}

std::uint32_t TextPool::add(std::string_view text) {
  const std::size_t left = blocks_.size() * kBlock - used_;
  if (left < std::max<std::size_t>(text.size(), 1)) {
    used_ += left;
    wiped_ += left;
    blocks_.push_back(std::make_unique<char[]>(kBlock));
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

void TextPool::swap(TextPool& other) noexcept {
  std::swap(blocks_, other.blocks_);
  std::swap(used_, other.used_);
  std::swap(wiped_, other.wiped_);
}

}  // namespace foretype::trie
