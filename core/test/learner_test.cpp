// Learning while typing: whatever was typed and erased on the way, the trie
// holds what the text says now, and nothing of a text that was taken back.
#include "outcome/learner.h"

#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "context/message.h"
#include "foretype/profile.h"

namespace {

using foretype::Profile;
using foretype::context::Message;
using foretype::outcome::Learner;
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

/// A profile that knows some words, for others to be learned beside them.
Profile begun() {
  return learned("The meeting is at nine. Thanks for the meeting in the morning.");
}

bool gives_the_same(const Profile& one_profile, const Profile& other_profile,
                    std::string_view what) {
  const Trie& a = one_profile.trie();
  const Trie& b = other_profile.trie();
  bool same = a == b;
  expect(same, "the same counts: " + std::string(what));
  const std::vector<std::string> probes[] = {{""}, {"the"}, {"in", "the"}, {".", "Thanks"}, {"at"}};
  for (const auto& history : probes) {
    for (const char* prefix : {"", "t", "M"}) {
      const auto one = a.propose(history, prefix, prefix[0] == 'M', 12);
      const auto other = b.propose(history, prefix, prefix[0] == 'M', 12);
      bool equal = one.candidates.size() == other.candidates.size() &&
                   std::abs(one.mass - other.mass) < 1e-9;
      for (const auto& candidate : one.candidates) {
        equal = equal && std::abs(candidate.probability -
                                  b.probability(history, candidate.unit, prefix[0] == 'M')) < 1e-9;
      }
      expect(equal, "the same proposals: " + std::string(what));
      same = same && equal;
    }
  }
  return same;
}

const char* const kPieces[] = {"the",  " ",   "meeting ", "in ",  "at", "'s",
                               "\n",   ". ",  "Thanks",   "the ", " ",  "\x80",
                               "U.S.", "...", "The ",     "  ",   ", ", "\xC3\xA9"};

std::string edited(std::string text, std::mt19937* random) {
  const auto piece = [random] { return kPieces[(*random)() % std::size(kPieces)]; };
  const std::size_t at = (*random)() % (text.size() + 1);
  switch ((*random)() % 8) {
    case 0:
      return text.insert(at, piece());
    case 1:
      return text.erase(at, 1 + (*random)() % 6);
    case 2:
      return text.substr(0, text.size() - std::min<std::size_t>(text.size(), 3));
    default:
      return text + piece();
  }
}

void erased_is_unlearned() {
  for (std::uint32_t seed = 0; seed < 150; ++seed) {
    std::mt19937 random(seed);
    Profile profile = begun();
    Message message;
    Learner learner(&profile);
    std::string text;
    for (int step = 0; step < 30; ++step) {
      text = edited(text, &random);
      message.set(text);
      learner.follow(message);
    }
    message.set("");
    learner.follow(message);
    expect(learner.decided() == 0, "nothing of the message is learned");
    if (!gives_the_same(profile, begun(), "erased, seed " + std::to_string(seed))) return;
  }
}

void finished_is_learned() {
  for (std::uint32_t seed = 0; seed < 150; ++seed) {
    std::mt19937 random(seed);
    Profile profile = begun();
    Message message;
    Learner learner(&profile);
    std::string text;
    for (int step = 0; step < 30; ++step) {
      text = edited(text, &random);
      message.set(text);
      learner.follow(message);
    }
    learner.finish(message);
    Profile at_once = begun();
    at_once.learn(text);
    if (!gives_the_same(profile, at_once, "finished, seed " + std::to_string(seed))) return;
  }
}

void undone_is_unlearned() {
  Profile profile = begun();
  Message message;
  Learner learner(&profile);
  message.set("Thanks for the report, see you at the meeting tomorrow ");
  learner.follow(message);
  expect(learner.decided() == message.settled() && !(profile.trie() == begun().trie()),
         "learned while it is typed");
  learner.undo();
  gives_the_same(profile, begun(), "undone");
  learner.follow(message);
  learner.release();
  learner.undo();
  expect(!(profile.trie() == begun().trie()), "what was let go of stays");
}

// A word counts only when it is finished: the letters on the way are not words.
void half_words_are_not_learned() {
  Profile profile(nullptr);
  Message message;
  Learner learner(&profile);
  const std::string text = "see the report";
  for (std::size_t end = 1; end <= text.size(); ++end) {
    message.set(text.substr(0, end));
    learner.follow(message);
  }
  expect(learner.decided() == 2, "two words are settled");
  expect(profile.trie().propose({}, "re", false, 5).candidates.empty(),
         "the third is not known yet");
  learner.finish(message);
  expect(profile.trie().propose({}, "re", false, 5).candidates.size() == 1, "now it is");
  gives_the_same(profile, learned(text), "as the text at once");
}

// A new word can be used again in the same message.
void learned_words_are_offered_at_once() {
  Profile profile(nullptr);
  Message message;
  Learner learner(&profile);
  message.set("the Kestrel plan and the Ke");
  learner.follow(message);
  const std::vector<std::string> history = {"and", "the"};
  const auto found = profile.trie().propose(history, "Ke", false, 1).candidates;
  expect(found.size() == 1 && found[0].unit == "Kestrel", "the word is known");
}

}  // namespace

int main() {
  erased_is_unlearned();
  finished_is_learned();
  undone_is_unlearned();
  half_words_are_not_learned();
  learned_words_are_offered_at_once();
  return failures == 0 ? 0 : 1;
}
