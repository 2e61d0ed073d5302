// Looking through the words of a trie: the newest first, by prefix, without English.
#include <string>
#include <vector>

#include "propose/trie/rows.h"
#include "propose/trie/trie.h"
#include "trie_check.h"

namespace foretype::trie {
namespace {

constexpr std::size_t kAll = SIZE_MAX;

std::string joined(const std::vector<WordEntry>& entries) {
  std::string words;
  for (const WordEntry& each : entries) words += each.word + " ";
  return words;
}

// "the" is English, marks are no words; the rest was learned on three days, Farolux in two forms on
// two of them.
Trie taught() {
  Trie trie(Background::parse(background_file({{"", 255, {}}, {"the", 20, {}}})).value());
  trie.set_today(1);
  for (const char* unit : {"the", "Farolux", ",", "Quenby", "\n"}) trie.learn({}, unit);
  trie.set_today(2);
  for (const char* unit : {"Tavenport", "farolux"}) trie.learn({}, unit);
  trie.set_today(3);
  trie.learn({}, "Quenby");
  return trie;
}

void the_newest_stand_first() {
  const Trie trie = taught();
  expect_equal(joined(trie.newest_words("", true, kAll)), "tavenport quenby farolux ", "order");
  expect_equal(joined(trie.newest_words("", true, 1)), "tavenport ", "at most so many");
  expect_equal(joined(trie.newest_words("", false, kAll)), "tavenport quenby farolux the ",
               "English too");
}

void a_prefix_chooses() {
  const Trie trie = taught();
  expect_equal(joined(trie.newest_words("fa", true, kAll)), "farolux ", "one begins so");
  expect(trie.newest_words("x", false, kAll).empty(), "none begins so");
}

void forms_count_as_one_word() {
  const Trie trie = taught();
  expect(trie.words() == 4, "four words");
  const std::vector<WordEntry> found = trie.newest_words("farolux", true, kAll);
  expect(found == std::vector<WordEntry>{{"farolux", 2, 1, 2}}, "uses and days of both forms");
}

void what_is_unlearned_is_not_listed() {
  Trie trie = taught();
  trie.unlearn({}, "Tavenport");
  expect_equal(joined(trie.newest_words("", true, kAll)), "quenby farolux ", "gone");
  expect(trie.words() == 3, "three are left");
}

}  // namespace
}  // namespace foretype::trie

int main() {
  using namespace foretype::trie;
  the_newest_stand_first();
  a_prefix_chooses();
  forms_count_as_one_word();
  what_is_unlearned_is_not_listed();
  return failures == 0 ? 0 : 1;
}
