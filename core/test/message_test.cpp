// The message in step with its text: whatever the edits, its units are those of
// the text cut at once, and those called settled stay.
#include "context/message.h"

#include <algorithm>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using foretype::context::Caret;
using foretype::context::caret_after_word;
using foretype::context::caret_of;
using foretype::context::Message;
using foretype::context::needs_space;
using foretype::context::Unit;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

bool same(const std::vector<Unit>& a, const std::vector<Unit>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Unit& one, const Unit& other) {
    return one.begin == other.begin && one.end == other.end &&
           one.space_before == other.space_before;
  });
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? "\\n" : std::string(1, c);
  return out;
}

const char* const kPieces[] = {"the",     " ",  "meeting", "in",           "a",        "'s",
                               "\n",      ". ", "U.S.",    "\x80",         "\xC3\xA9", "\r",
                               "http://", "  ", "...",     "\xF0\x9F",     "\t",       "@",
                               "#1",      "-",  "\n \n",   "\xE2\x80\x83", ",",        "\""};

std::string some_text(std::mt19937* random, std::size_t most) {
  std::string text;
  for (std::size_t i = (*random)() % (most + 1); i > 0; --i) {
    text += kPieces[(*random)() % std::size(kPieces)];
  }
  return text;
}

std::string edited(std::string text, std::mt19937* random) {
  const std::size_t at = (*random)() % (text.size() + 1);
  switch ((*random)() % 6) {
    case 0:
      return text.insert(at, some_text(random, 2));
    case 1:
      return text.erase(at, 1 + (*random)() % 6);
    case 2:
      return text.substr(0, at);
    case 3:
      return (*random)() % 4 == 0 ? some_text(random, 6) : text;
    default:
      return text + some_text(random, 2);
  }
}

void edits_come_to_the_same() {
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    std::mt19937 random(seed);
    Message message;
    std::string text;
    for (int step = 0; step < 40; ++step) {
      const std::string before = text;
      const std::vector<Unit> units_before = message.units();
      text = edited(text, &random);
      const std::size_t kept = message.set(text);
      const std::size_t common = static_cast<std::size_t>(
          std::mismatch(
              before.begin(),
              before.begin() + static_cast<std::ptrdiff_t>(std::min(before.size(), text.size())),
              text.begin())
              .first -
          before.begin());
      expect(kept == common && message.text() == text, "length of what stayed");
      const bool right = same(message.units(), foretype::context::units(text));
      expect(right, "units after \"" + escaped(before) + "\" -> \"" + escaped(text) + "\"");
      if (!right) break;
      expect(message.unchanged() <= std::min(units_before.size(), message.units().size()),
             "unchanged units exist");
      for (std::size_t i = 0; i < message.unchanged(); ++i) {
        expect(message.units()[i].end == units_before[i].end, "unchanged units are as they were");
      }
    }
  }
}

void settled_units_stay() {
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    std::mt19937 random(seed);
    Message message;
    std::string text = some_text(&random, 8);
    message.set(text);
    const std::size_t settled = message.settled();
    std::vector<std::string> units;
    for (std::size_t i = 0; i < settled; ++i) units.push_back(message.unit(i));
    message.set(text + some_text(&random, 4));
    expect(message.settled() >= settled, "they stay settled");
    for (std::size_t i = 0; i < settled; ++i) {
      expect(message.unit(i) == units[i], "and as they are: " + escaped(text));
    }
  }
}

struct CaretCase {
  std::string_view text, prefix;
  std::size_t word_begin, history;
  bool space_needed, sentence_start;
};

void carets() {
  const CaretCase cases[] = {
      {"", "", 0, 0, false, true},
      {"Hel", "Hel", 0, 0, false, true},
      {"Hello ", "", 6, 1, false, false},
      {"Hello the", "the", 6, 1, false, false},
      {"Hello.", "", 7, 2, true, true},
      {"Hello. ", "", 7, 2, false, true},
      {"Hello,", "", 7, 2, true, false},
      {"Hello (", "", 7, 2, false, false},
      {"Hello (a", "a", 7, 2, false, false},
      {"Hello\n", "", 6, 2, false, true},
      {"Hello\nt", "t", 6, 2, false, true},
      {"  ", "", 2, 0, false, true},
      {"don't", "don't", 0, 0, false, true},
      {"well-kn", "well-kn", 0, 0, false, true},
      {"at 5 p.m.", "p.m.", 5, 2, false, false},
  };
  for (const CaretCase& each : cases) {
    Message message;
    message.set(each.text);
    const Caret caret = caret_of(message);
    const std::string name(each.text);
    expect(caret.prefix == each.prefix, "prefix of \"" + name + "\": " + caret.prefix);
    expect(caret.word_begin == each.word_begin, "word begins in \"" + name + "\"");
    expect(caret.history == each.history, "history of \"" + name + "\"");
    expect(caret.space_needed == each.space_needed, "space after \"" + name + "\"");
    expect(caret.sentence_start == each.sentence_start, "sentence start in \"" + name + "\"");
  }
  Message message;
  message.set("see the");
  const Caret after = caret_after_word(message);
  expect(after.prefix.empty() && after.history == 2 && after.word_begin == 8 && after.space_needed,
         "after the word");
}

void spaces_between() {
  expect(needs_space("the", "cat") && needs_space(",", "and") && needs_space("is", "("), "space");
  expect(!needs_space("the", ",") && !needs_space("(", "the") && !needs_space("\n", "The") &&
             !needs_space("Regards", "\n") && !needs_space("\"", "the") && !needs_space("a", ")"),
         "no space");
}

}  // namespace

int main() {
  edits_come_to_the_same();
  settled_units_stay();
  carets();
  spaces_between();
  return failures == 0 ? 0 : 1;
}
