// Forgotten bytes are nowhere in the memory that a trie holds: every live block of this program's
// heap is searched, in every case form.
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "propose/trie/casing.h"
#include "propose/trie/trie.h"
#include "trie_check.h"

namespace {

struct Block {
  const char* begin;
  std::size_t size;
};

// Every block that operator new gave out and did not get back. In plain memory, so that keeping
// the list makes no blocks itself.
constexpr std::size_t kMostBlocks = 1 << 16;
Block blocks[kMostBlocks];
std::size_t block_count = 0;

}  // namespace

void* operator new(std::size_t size) {
  void* place = std::calloc(1, size == 0 ? 1 : size);
  if (place == nullptr || block_count == kMostBlocks) std::abort();
  blocks[block_count++] = {static_cast<const char*>(place), size};
  return place;
}

void operator delete(void* place) noexcept {
  for (std::size_t i = block_count; i-- > 0;) {
    if (blocks[i].begin != place) continue;
    blocks[i] = blocks[--block_count];
    break;
  }
  std::free(place);
}

void operator delete(void* place, std::size_t) noexcept { operator delete(place); }
// Under sanitizers those of arrays are not made of these.
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete[](void* place) noexcept { operator delete(place); }
void operator delete[](void* place, std::size_t) noexcept { operator delete(place); }

namespace foretype::trie {
namespace {

// Looked for as two halves, so that the test itself does not hold the word.
struct Needle {
  std::string_view first, second;
};

char small(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
}

bool matches(const char* at, std::string_view text) {
  return std::equal(text.begin(), text.end(), at,
                    [](char wanted, char found) { return wanted == small(found); });
}

std::size_t blocks_with(const Needle& needle) {
  const std::size_t size = needle.first.size() + needle.second.size();
  return static_cast<std::size_t>(std::count_if(blocks, blocks + block_count, [&](const Block& in) {
    for (std::size_t at = 0; at + size <= in.size; ++at) {
      if (matches(in.begin + at, needle.first) &&
          matches(in.begin + at + needle.first.size(), needle.second)) {
        return true;
      }
    }
    return false;
  }));
}

constexpr Needle kWord = {"zor",
                          "blattingations"};  // longer than its order key, and than small strings

std::string word_in(const Needle& needle, int form) {
  std::string word = std::string(needle.first) + std::string(needle.second);
  return form == 0 ? word : form == 1 ? title(word) : form == 2 ? upper(word) : "x" + title(word);
}

void learn_text(Trie& trie, int rounds) {
  std::vector<std::string> history = {""};
  for (int i = 0; i < rounds; ++i) {
    std::string unit = i % 7 == 3 ? word_in(kWord, i % 3) : "word" + std::to_string(i * i % 331);
    trie.learn(std::span(history).last(std::min<std::size_t>(history.size(), 4)), unit);
    history.push_back(std::move(unit));
  }
}

void a_forgotten_word_is_nowhere() {
  Trie trie(nullptr);
  learn_text(trie, 3000);
  expect(blocks_with(kWord) > 0, "the word is in memory while it is known");
  expect(trie.forget_word(word_in(kWord, 2)) > 0, "n-grams go");
  expect(blocks_with(kWord) == 0, "no block holds the word");
  const Needle key = {"zor", "blatt"};  // as far as an order key goes
  expect(blocks_with(key) == 0, "no block holds its first eight bytes");
  const Needle backwards = {"ttal", "broz"};  // an order key in memory, low byte first
  expect(blocks_with(backwards) == 0, "nor turned around");
}

void what_is_pruned_or_unlearned_is_nowhere() {
  Trie trie(nullptr);
  learn_text(trie, 60);
  trie.prune(0);
  expect(trie.ngrams() == 0 && blocks_with(kWord) == 0, "pruned");
  const std::string word = word_in(kWord, 0);
  const std::vector<std::string> history = {""};
  trie.learn(history, word);
  trie.unlearn(history, word);
  expect(blocks_with(kWord) == 1, "only the text that this test itself holds");
}

void a_moved_text_leaves_no_copy() {
  Trie trie(nullptr);
  learn_text(trie, 3000);
  const std::vector<std::string> history = {""};
  for (int i = 0; i < 4000; ++i) trie.learn(history, "passing" + std::to_string(i));
  for (int i = 0; i < 4000; ++i) trie.unlearn(history, "passing" + std::to_string(i));
  expect(trie.describe(word_in(kWord, 0)).size() == 3, "still known after its text moved");
  trie.forget_word(word_in(kWord, 0));
  expect(blocks_with(kWord) == 0, "no block holds the word");
}

void a_phrase_is_forgotten_in_any_case() {
  Trie trie(nullptr);
  const std::vector<std::vector<std::string>> uses = {
      {"", "Kind"}, {"kind", "Regards"}, {"KIND", "regards", "Mira"}, {"regards", "kind"}};
  for (const auto& units : uses) {
    trie.learn(std::span(units).first(units.size() - 1), units.back());
  }
  const std::size_t before = trie.ngrams();
  const std::vector<std::string> phrase = {"kInd", "reGards"};
  expect(trie.forget_phrase(phrase) == 2, "kind Regards, and KIND regards Mira");
  expect(trie.ngrams() == before - 2, "regards Mira and regards kind stay");
  expect(trie.describe("kind").size() == 2, "its words stay");
}

}  // namespace
}  // namespace foretype::trie

int main() {
  using namespace foretype::trie;
  a_forgotten_word_is_nowhere();
  what_is_pruned_or_unlearned_is_nowhere();
  a_moved_text_leaves_no_copy();
  a_phrase_is_forgotten_in_any_case();
  return failures == 0 ? 0 : 1;
}
