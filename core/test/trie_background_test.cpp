// Reading a background: what is in it is found, what contradicts the format is refused.
#include <cmath>

#include "propose/trie/background.h"
#include "trie_check.h"

namespace foretype::trie {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::shared_ptr<const Background> parsed(const Bytes& bytes) {
  auto result = Background::parse(bytes);
  expect(result.ok(), "a good file is read");
  return result.ok() ? result.value() : Background::empty();
}

void check_refused(const Bytes& bytes, ErrorCode code, std::string_view what) {
  const auto result = Background::parse(bytes);
  expect(!result.ok(), what);
  if (!result.ok()) expect(result.error().code == code, std::string(what) + ": the code");
}

bool close(double a, double b) { return std::abs(a - b) < 1e-9; }

void words_are_found() {
  const auto background = parsed(small_background());
  for (WordId word = 0; word < background->words(); ++word) {
    expect(background->find(background->text(word)) == word, "each word is found");
  }
  expect(background->find("MEETING") == kNoWord, "another case is another word");
  expect(background->find("meetings") == kNoWord, "a longer word is another word");
  const WordRange will = background->forms("will");
  expect(will.end - will.begin == 2, "two forms of one word");
}

void prefixes() {
  const auto background = parsed(small_background());
  const auto size = [&](std::string_view prefix) {
    const WordRange range = background->with_prefix(prefix);
    return range.end - range.begin;
  };
  expect(size("") == 10, "all words");
  expect(size("m") == 2, "two words under m");
  expect(size("al-qaida") == 1, "eight letters");
  expect(size("al-qaidas") == 0, "nine letters");
  expect(size(std::string_view("m\0", 2)) == 0, "a NUL is a letter");
  expect(size("zz") == 0, "none");
}

void probabilities() {
  const auto background = parsed(small_background());
  const auto at = [](Casing casing) { return static_cast<std::size_t>(casing); };
  const CasingSums all = background->unigram_sums(background->with_prefix(""));
  expect(close(all[at(Casing::kLower)], 0.25 + 3 / 32.0), "small words");
  expect(close(all[at(Casing::kTitle)], 1 / 64.0 + 1 / 128.0), "titled words");
  const Background::Row row = background->row("the");
  expect(close(row.mass, 0.25 + 0.125), "a row's mass");
  expect(close(background->bigram(row, background->find("Monday")), 0.125), "a pair");
  expect(background->bigram(row, background->find("now")) == 0, "no pair");
  const Background::Row under_mo = background->within(row, background->with_prefix("mo"));
  expect(under_mo.end - under_mo.begin == 1, "part of a row");
  expect(background->row("THE").mass == 0, "rows are found by the folded form");
  std::vector<WordId> best;
  background->best_unigrams(background->with_prefix("m"), 1, best);
  expect(best.size() == 1 && background->text(best[0]) == "meeting", "the best word");
  background->best_bigrams(row, 1, best);
  expect(best.size() == 1 && background->text(best[0]) == "meeting", "the best pair");
}

void damage_is_refused() {
  const Bytes good = small_background();
  check_refused({}, ErrorCode::kTruncated, "nothing");
  check_refused({good.begin(), good.begin() + 31}, ErrorCode::kTruncated, "half a header");
  check_refused({good.begin(), good.end() - 1}, ErrorCode::kTruncated, "a byte short");
  Bytes longer = good;
  longer.push_back(0);
  check_refused(longer, ErrorCode::kCorrupt, "a byte too many");
  Bytes other = good;
  other[0] = 'X';
  check_refused(other, ErrorCode::kWrongFormat, "another magic");
  Bytes newer = good;
  newer[8] = 2;
  check_refused(newer, ErrorCode::kWrongVersion, "another version");
  for (std::size_t at = 12; at < good.size(); ++at) {
    Bytes flipped = good;
    flipped[at] ^= 0x10;
    expect(!Background::parse(flipped).ok(), "a flipped bit");
  }
}

void check_contradiction(const std::vector<SmallWord>& words, std::string_view what) {
  check_refused(background_file(words), ErrorCode::kCorrupt, what);
}

void contradictions_are_refused() {
  check_contradiction({{"b", 1, {}}, {"a", 2, {}}}, "words out of order");
  check_contradiction({{"a", 1, {}}, {"a", 2, {}}}, "a word twice");
  check_contradiction({{std::string("a\0b", 3), 1, {}}}, "a NUL in a word");
  check_contradiction({{std::string(65, 'a'), 1, {}}}, "too long a word");
  check_contradiction({{"a", 1, {{1, 1}}}}, "a follower that is no word");
  check_contradiction({{"a", 2, {{1, 2}, {0, 2}}}, {"b", 2, {}}}, "followers that fall");
  check_contradiction({{"a", 0, {}}, {"b", 0, {}}}, "unigrams above 1");
  check_contradiction({{"a", 2, {{0, 0}, {1, 0}}}, {"b", 2, {}}}, "a row above 1");
}

void check_overwritten(std::size_t at, std::uint8_t value, std::string_view what) {
  Bytes bytes = small_background();
  bytes[at] = value;
  seal(bytes);
  check_refused(bytes, ErrorCode::kCorrupt, what);
}

void sealed_damage_is_refused() {
  constexpr std::size_t kTexts = kBackgroundHeaderBytes + 4 * kLevels;
  constexpr std::size_t kRows = kTexts + 4 * 11;
  check_overwritten(kBackgroundHeaderBytes + 3, 0xFF, "a level that is no number");
  check_overwritten(kBackgroundHeaderBytes + 3, 0xBF, "a negative level");
  check_overwritten(kBackgroundHeaderBytes + 7, 0x40, "a level above 1");
  check_overwritten(kTexts, 1, "text that starts late");
  check_overwritten(kTexts + 5, 0x7F, "text beyond the end");
  check_overwritten(kRows, 1, "rows that start late");
  check_overwritten(kRows + 7, 0x7F, "a row beyond the end");
  check_overwritten(28, 1, "a header field that must be 0");
}

}  // namespace
}  // namespace foretype::trie

int main() {
  using namespace foretype::trie;
  words_are_found();
  prefixes();
  probabilities();
  damage_is_refused();
  contradictions_are_refused();
  sealed_damage_is_refused();
  return failures == 0 ? 0 : 1;
}
