#include "propose/trie/background_walk.h"

#include <algorithm>

namespace foretype::trie {
namespace {

// How fold(text) compares with `folded`. Plain letters need no copy.
int compare_folded(std::string_view text, std::string_view folded) {
  const std::size_t shared = std::min(text.size(), folded.size());
  for (std::size_t i = 0; i < shared; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x80) return fold(text).compare(folded);
    const bool is_capital = byte >= 'A' && byte <= 'Z';
    const int difference = byte + (is_capital ? 32 : 0) - static_cast<unsigned char>(folded[i]);
    if (difference != 0) return difference;
  }
  return text.size() < folded.size() ? -1 : static_cast<int>(text.size() > folded.size());
}

}  // namespace

void BackgroundWalk::go_to(std::string_view folded) {
  WordId word = twins_.end;
  int order = -1;
  while (word < background_.words() &&
         (order = compare_folded(background_.text(word), folded)) < 0) {
    ++word;
  }
  twins_ = {word, word};
  while (twins_.end < background_.words() &&
         compare_folded(background_.text(twins_.end), folded) == 0) {
    ++twins_.end;
  }
}

WordId BackgroundWalk::find(std::string_view text) const {
  for (WordId word = twins_.begin; word < twins_.end; ++word) {
    if (background_.text(word) == text) return word;
  }
  return kNoWord;
}

}  // namespace foretype::trie
