// The trie's units as continuations at the caret: where spaces stand, whole
// words only, and probabilities that agree with each other.
#include "propose/words.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "foretype/profile.h"

namespace {

using foretype::Candidate;
using foretype::history_of;
using foretype::Layers;
using foretype::Profile;
using foretype::Source;
using foretype::Words;
using foretype::context::Message;
using foretype::trie::Trie;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

Profile learned(std::string_view text) {
  Profile profile(nullptr);
  profile.learn(text);
  return profile;
}

Message written(std::string_view text) {
  Message message;
  message.set(text);
  return message;
}

/// The texts of the candidates after `text`, best first, between bars.
std::string shown(const Trie& trie, std::string_view text, int limit = 8) {
  const Message message = written(text);
  Words words(Layers{&trie}, message, limit);
  std::string line = "|";
  for (const Candidate& candidate : words.candidates()) line += candidate.text + "|";
  return line;
}

void expect_shown(const Trie& trie, std::string_view text, std::string_view expected) {
  const std::string found = shown(trie, text);
  expect(found == expected, "after \"" + std::string(text) + "\": " + found);
}

void continuations() {
  const Profile user = learned("see the board minutes. see the board room (the board) at noon");
  expect_shown(user.trie(), "see the bo", "|ard|");
  expect(shown(user.trie(), "see the ").starts_with("|board|"), "after a space no space");
  expect(shown(user.trie(), "see the").starts_with("| board|"),
         "a complete word, a space and the next");
  expect(shown(user.trie(), "see the board minutes.").starts_with("| see|"),
         "after a mark a space");
  expect(shown(user.trie(), "noon (").starts_with("|the|"), "after a bracket none");
  expect(shown(user.trie(), "see the board\n").find(' ') == std::string::npos, "nor on a new line");
  expect_shown(user.trie(), "xyz", "|");
  expect_shown(user.trie(), "see the board.x", "|");
}

void marks_alone_are_not_proposed() {
  const Profile user = learned("well, yes, no, well, yes!\nwell, no");
  for (const char* text : {"well", "yes", "", "no,", "well, "}) {
    const Message message = written(text);
    Words words(Layers{&user.trie()}, message, 20);
    for (const Candidate& candidate : words.candidates()) {
      expect(candidate.text.find_first_of("abcdefghijklmnopqrstuvwxyzNWY") != std::string::npos,
             "a word in \"" + candidate.text + "\"");
    }
  }
}

void probabilities_agree() {
  const Profile user = learned(
      "the theme of the day is the weather, then the other theme. They say the day is there. "
      "Then there is the weather theme and the day");
  for (const char* text :
       {"", "t", "th", "the", "the ", "the d", "the day is", "is the", "say t"}) {
    const Message message = written(text);
    Words words(Layers{&user.trie()}, message, 50);
    double sum = 0, last = 2;
    for (const Candidate& candidate : words.candidates()) {
      expect(candidate.trie > 0 && candidate.trie <= last, "best first");
      last = candidate.trie;
      sum += candidate.trie;
      expect(candidate.source == Source::kTrie, "of the trie");
      // In the middle of a sentence: a first capital is asked for in another way.
      if (words.caret().sentence_start) continue;
      expect(std::abs(words.probability(candidate.text) - candidate.trie) < 1e-9,
             "asked for alone: " + std::string(text) + candidate.text);
    }
    expect(sum <= 1 + 1e-9, "of all that may follow");
  }
}

void only_single_words_have_a_probability() {
  const Profile user = learned("the day is the day");
  const Message message = written("the");
  const Words words(Layers{&user.trie()}, message, 4);
  expect(words.probability("") == 0 && words.probability(" ") == 0, "no word");
  expect(words.probability(" day is") == 0 && words.probability("\nday") == 0, "no single word");
  expect(words.probability(" day") > 0 && words.probability(" xyz") == 0, "known and unknown");
  const Message ended = written("the day.");
  const Words after(Layers{&user.trie()}, ended, 4);
  expect(after.probability("the") == 0 && after.probability(" the") > 0, "a space is needed");
}

void counts_tell_why() {
  const Profile user = learned("send the slides. send the slides. send the rest");
  const Message message = written("we send the s");
  Words words(Layers{&user.trie()}, message, 4);
  const Candidate& best = words.candidates().front();
  expect(best.text == "lides" && best.count == 2 && best.order == 3, "twice after both words");
}

void long_words_are_no_trouble() {
  const Profile user = learned("a plain text");
  expect(shown(user.trie(), std::string(200000, 'a')) == "|", "nothing fits");
  expect(!shown(user.trie(), std::string(200000, 'a') + " ").empty(),
         "after it there is an answer");
}

void histories() {
  const Message message = written("one two three four five");
  const auto expect_history = [&](std::size_t before, const std::vector<std::string>& expected) {
    expect(history_of(message, before) == expected, "history of " + std::to_string(before));
  };
  expect_history(0, {""});
  expect_history(2, {"", "one", "two"});
  expect_history(4, {"one", "two", "three", "four"});
  expect_history(5, {"two", "three", "four", "five"});
}

}  // namespace

int main() {
  continuations();
  marks_alone_are_not_proposed();
  probabilities_agree();
  only_single_words_have_a_probability();
  counts_tell_why();
  long_words_are_no_trouble();
  histories();
  return failures == 0 ? 0 : 1;
}
