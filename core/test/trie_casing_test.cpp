// Case forms keep their length, and name how a unit uses capitals.
#include "propose/trie/casing.h"
#include "trie_check.h"

namespace foretype::trie {
namespace {

void check_forms(std::string_view text, std::string_view folded, std::string_view titled,
                 std::string_view uppered) {
  expect_equal(fold(text), folded, text);
  expect_equal(title(text), titled, text);
  expect_equal(upper(text), uppered, text);
}

void forms() {
  check_forms("", "", "", "");
  check_forms("Meeting", "meeting", "Meeting", "MEETING");
  check_forms("o'brien", "o'brien", "O'brien", "O'BRIEN");
  check_forms("3pm", "3pm", "3pm", "3PM");
  check_forms("É\u00D7\u00F7", "é\u00D7\u00F7", "É\u00D7\u00F7", "É\u00D7\u00F7");
  check_forms("ÿŸ", "ÿÿ", "ŸŸ", "ŸŸ");
  check_forms("Ώμέγα", "ώμέγα", "Ώμέγα", "ΏΜΈΓΑ");
  check_forms("Ёж", "ёж", "Ёж", "ЁЖ");
  // Other scripts, and letters whose capital has another length, stay as they are.
  check_forms("ıſŉß", "ıſŉß", "ıſŉß", "ıſŉß");
  check_forms("会議🎉", "会議🎉", "会議🎉", "会議🎉");
}

void broken_bytes_stay() {
  for (const std::string_view text : {"\xC3", "a\xC3", "\xC3\xC3\x89", "\xFF\x80z", "\xE2\x82"}) {
    expect(fold(text).size() == text.size(), "fold keeps the length");
    expect(upper(text).size() == text.size(), "upper keeps the length");
  }
  expect_equal(fold("\xC3\xC3\x89"), "\xC3\xC3\xA9", "a stray lead byte hides nothing");
}

void every_character_goes_round() {
  for (int point = 0x80; point < 0x800; ++point) {
    const std::string text = {static_cast<char>(0xC0 | (point >> 6)),
                              static_cast<char>(0x80 | (point & 0x3F))};
    const std::string small = fold(text);
    if (small == text) continue;
    expect_equal(upper(small), text, "upper undoes fold");
    expect_equal(fold(small), small, "fold is done once");
  }
}

void casings() {
  const std::pair<const char*, Casing> cases[] = {
      {"meeting", Casing::kLower}, {"i'm", Casing::kLower},      {"Meeting", Casing::kTitle},
      {"I", Casing::kTitle},       {"Q4", Casing::kTitle},       {"NATO", Casing::kUpper},
      {"4A", Casing::kUpper},      {"iPhone", Casing::kMixed},   {"O'Brien", Casing::kMixed},
      {"3pm", Casing::kOther},     {",", Casing::kOther},        {"", Casing::kOther},
      {"Ёж", Casing::kTitle},      {"al-Qaida", Casing::kMixed}, {"会議", Casing::kOther}};
  for (const auto& [text, casing] : cases) expect(casing_of(text) == casing, text);
}

void keys_sort_like_bytes() {
  expect(order_key("a") < order_key("ab"), "a shorter form sorts first");
  expect(order_key("z") < order_key("é"), "bytes beyond ASCII sort last");
  expect(order_key("abcdefgh") == order_key("abcdefghi"), "eight bytes count");
}

}  // namespace
}  // namespace foretype::trie

int main() {
  using namespace foretype::trie;
  forms();
  broken_bytes_stay();
  every_character_goes_round();
  casings();
  keys_sort_like_bytes();
  return failures == 0 ? 0 : 1;
}
