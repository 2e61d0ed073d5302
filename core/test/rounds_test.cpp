// Labels of proposals and what is counted of them, by hand-worked sequences of keys.
#include "outcome/rounds.h"

#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "context/units.h"

namespace {

using foretype::Candidate;
using foretype::Source;
using foretype::context::units;
using foretype::outcome::Judged;
using foretype::outcome::Reaction;
using foretype::outcome::Rounds;
using foretype::statistics::Event;
using foretype::statistics::HitTable;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

constexpr std::int64_t kSecond = 1'000'000;

/// Rounds, and what came out of them.
struct Desk {
  Rounds rounds;
  std::vector<Judged> judged;
  HitTable hits;
  std::int64_t now = 0;

  Rounds::Sink sink() { return {&judged, &hits}; }

  /// The caret stands after `text`, the last word of which is `prefix`.
  void ask(std::string_view text, std::string_view prefix,
           std::initializer_list<const char*> candidates, bool show = true) {
    std::vector<Candidate> list;
    for (const char* each : candidates) {
      list.emplace_back();
      list.back().text = each;
      list.back().holds_space = list.back().text.ends_with(' ');
      list.back().probability = 0.35;
    }
    rounds.add(text.size(), prefix, list);
    if (show && !list.empty()) rounds.show(list.front().text);
  }

  /// The unit that begins here is decided.
  void settle(std::string_view text, std::size_t begin, bool learned = true) {
    for (const auto& unit : units(text)) {
      if (unit.begin == begin) rounds.settle(text, unit, learned, now, sink());
    }
  }

  std::string labels() const {
    std::string found;
    for (const Judged& each : judged) found += each.right ? '+' : '-';
    return found;
  }

  int count(Event event) const {
    std::uint32_t sum = 0;
    for (std::size_t cell = 0; cell < HitTable::kCells; ++cell) sum += hits.at(event, cell);
    return static_cast<int>(sum);
  }

  /// Counts of shown, accepted, typed through, missed, retained.
  bool counted(int shown, int accepted, int typed, int missed, int retained) const {
    return count(Event::kShown) == shown && count(Event::kAccepted) == accepted &&
           count(Event::kTypedThrough) == typed && count(Event::kMissed) == missed &&
           count(Event::kRetained) == retained;
  }
};

void every_candidate_gets_its_label() {
  Desk desk;
  desk.ask("me", "me", {"et", "eting", " too", "ss"});
  desk.ask("mee", "mee", {"t", "ting"});
  desk.settle("meeting ", 0);
  expect(desk.labels() == "-+---+", "shown or not, in the order of rounds and ranks");
  expect(desk.judged[1].rank == 2 && desk.judged[1].typed == 2, "with its rank and letters typed");
  expect(desk.judged[2].typed == 0, "a next word has none typed");
  expect(desk.judged[0].shown() && !desk.judged[1].shown(), "with what was on screen");
  expect(desk.rounds.open() == 0, "and is gone");
  expect(desk.counted(1, 0, 0, 1, 0), "'meet' is one wrong show over two keys; 'meeting' missed");
}

void a_word_in_two_rounds_is_counted_once() {
  Desk desk;
  desk.ask("me", "me", {"eting"});
  desk.ask("mee", "mee", {"ting"});
  desk.ask("meet", "meet", {"ing"});
  desk.settle("meeting ", 0);
  expect(desk.labels() == "+++" && desk.counted(1, 0, 1, 0, 0), "typed through");
  const std::size_t cell = HitTable::cell_of(1, 0.35, 2, Source::kTrie);
  expect(desk.hits.at(Event::kTypedThrough, cell) == 1, "where it first came on screen");
}

void the_word_or_the_next_one() {
  Desk desk;
  desk.ask("meet", "meet", {" you", "ing", " me"}, false);
  desk.settle("meet you ", 0);
  expect(desk.labels() == "-", "the word did not go on");
  desk.ask("meet ", "", {"you", "me"}, false);
  desk.settle("meet you ", 5);
  expect(desk.labels() == "-+-+-", "the rest waits for the next word");
  expect(desk.counted(0, 0, 0, 1, 0), "the same word, with and without its space");
}

void a_next_word_needs_its_space() {
  Desk desk;
  desk.ask("meet", "meet", {" you", " ing"}, false);
  desk.settle("meeting ", 0);
  expect(desk.labels() == "--", "no word begins there");
  desk.ask("meeting", "meeting", {" you"}, false);
  desk.settle("meeting. you ", 7);
  expect(desk.labels() == "--", "a mark decides nothing");
  desk.settle("meeting. you ", 9);
  expect(desk.labels() == "---", "the word after it does");
}

void a_held_space_is_part_of_the_claim() {
  Desk desk;
  desk.ask("the e", "e", {"nd ", "nd"});
  desk.settle("the end. ", 4);
  expect(desk.labels() == "-+", "a full stop came");
  expect(desk.judged[0].right_word && desk.judged[1].right_word, "the word was right in both");
  Desk other;
  other.ask("the e", "e", {"nd ", "nd"});
  other.settle("the end of ", 4);
  expect(other.labels() == "++" && other.counted(1, 0, 1, 0, 0), "the space came");
}

void a_part_of_a_word_is_wrong() {
  Desk desk;
  desk.ask("do", "do", {"n", "n't"}, false);
  desk.settle("don't ", 0);
  expect(desk.labels() == "-+", "up to the end of the unit");
}

void what_is_not_learned_labels_nothing() {
  Desk desk;
  desk.ask("pa", "pa", {"ss"});
  desk.ask("pass", "pass", {" on", "ing"});
  desk.settle("pass 1234 ", 0, false);
  expect(desk.judged.empty() && desk.rounds.open() == 1, "its own proposals go");
  desk.settle("pass 1234 ", 5, false);
  expect(desk.judged.empty() && desk.rounds.open() == 0 && desk.counted(0, 0, 0, 0, 0),
         "all of it");
}

void erased_text_voids_its_rounds() {
  Desk desk;
  desk.ask("me", "me", {"eting"});
  desk.ask("mex", "mex", {"ico"});
  desk.rounds.erase_from(2, desk.now, desk.sink());
  expect(desk.rounds.open() == 1 && desk.judged.empty(), "a letter was wrong");
  desk.settle("meeting ", 0);
  expect(desk.labels() == "+", "what stood before it stands");
}

void accepted_and_retained() {
  Desk desk;
  desk.ask("me", "me", {"eting"});
  desk.rounds.take(true, desk.now);
  desk.settle("meeting ", 0);
  expect(desk.labels() == "+" && desk.judged[0].reaction == Reaction::kTaken, "taken");
  expect(desk.counted(1, 1, 0, 0, 0), "not retained yet");
  desk.now += 30 * kSecond;
  desk.settle("meeting one ", 8);
  expect(desk.counted(1, 1, 0, 0, 1), "after half a minute");
  desk.rounds.erase_from(0, desk.now, desk.sink());
  desk.rounds.finish("", desk.sink());
  expect(desk.counted(1, 1, 0, 0, 1), "and it stays so");
}

void accepted_and_sent() {
  Desk desk;
  desk.ask("me", "me", {"eting"});
  desk.rounds.take(false, desk.now);
  desk.settle("meeting ", 0);
  desk.rounds.finish("meeting ", desk.sink());
  expect(desk.judged[0].reaction == Reaction::kTakenInPart && desk.counted(1, 1, 0, 0, 1),
         "a finished message retains");
}

void accepted_and_regretted() {
  for (const bool soon : {true, false}) {
    Desk desk;
    desk.ask("me", "me", {"eting"});
    desk.rounds.take(true, desk.now);
    desk.now += (soon ? 29 : 30) * kSecond;
    desk.rounds.erase_from(2, desk.now, desk.sink());
    desk.settle("metal ", 0);
    expect(desk.labels() == "-", "another word was meant");
    expect(desk.judged[0].reaction == (soon ? Reaction::kErased : Reaction::kTaken), "erased soon");
    expect(desk.counted(1, 1, 0, 0, soon ? 0 : 1), "or after it had stood");
  }
}

void accepted_and_erased_as_a_whole() {
  Desk desk;
  desk.ask("a me", "me", {"eting"});
  desk.rounds.take(true, desk.now);
  desk.rounds.erase_from(2, desk.now, desk.sink());
  expect(desk.labels() == "-" && desk.judged[0].reaction == Reaction::kErased, "labelled wrong");
  expect(desk.counted(1, 1, 0, 0, 0) && desk.rounds.open() == 0, "counted");

  Desk settled;
  settled.ask("me", "me", {"eting"});
  settled.rounds.take(true, settled.now);
  settled.settle("meeting ", 0);
  settled.rounds.erase_from(3, settled.now + 29 * kSecond, settled.sink());
  settled.rounds.finish("mee", settled.sink());
  expect(settled.counted(1, 1, 0, 0, 0), "not retained");
}

void dismissed() {
  Desk desk;
  desk.ask("me", "me", {"eting"});
  desk.rounds.dismiss();
  desk.settle("meeting ", 0);
  expect(desk.judged[0].reaction == Reaction::kDismissed && desk.counted(1, 0, 1, 0, 0),
         "and written by hand");
}

void asked_again_at_the_same_place() {
  Desk desk;
  desk.ask("me", "me", {"eting", "et"});
  desk.ask("me", "me", {"ss", "eting"}, false);
  desk.rounds.show("eting");
  desk.rounds.take(true, desk.now);
  desk.settle("meeting ", 0);
  expect(desk.labels() == "-+" && desk.counted(1, 1, 0, 0, 0), "the last answer counts");

  Desk other;
  other.ask("me", "me", {"eting"});
  other.ask("me", "me", {"ss"}, false);
  other.settle("meeting ", 0);
  expect(other.labels() == "-+" && other.counted(1, 0, 1, 0, 0), "with what was on screen");
}

void nothing_follows_a_sent_message() {
  Desk desk;
  desk.ask("meeting", "meeting", {"s", " you"});
  desk.settle("meeting", 0);
  expect(desk.labels() == "-", "the word is done");
  desk.rounds.finish("meeting", desk.sink());
  expect(desk.labels() == "--", "nor was there another");
}

void leaving_labels_nothing() {
  Desk desk;
  desk.ask("me", "me", {"eting"});
  desk.rounds.leave();
  desk.settle("meeting ", 0);
  desk.rounds.finish("meeting ", desk.sink());
  expect(desk.judged.empty() && desk.counted(0, 0, 0, 0, 0), "the caret went elsewhere");
}

void is_bounded() {
  Desk desk;
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    text += 'a';
    desk.ask(text, text, {"b", "c", "d", "e", "f", "g", "h", "i", "j", "k"});
  }
  expect(desk.rounds.open() == Rounds::kMostRounds, "the oldest go");
  desk.settle(text + " ", 0);
  expect(desk.judged.size() == Rounds::kMostRounds * Rounds::kMostProposals, "the best are kept");
}

}  // namespace

int main() {
  every_candidate_gets_its_label();
  a_word_in_two_rounds_is_counted_once();
  the_word_or_the_next_one();
  a_next_word_needs_its_space();
  a_held_space_is_part_of_the_claim();
  a_part_of_a_word_is_wrong();
  what_is_not_learned_labels_nothing();
  erased_text_voids_its_rounds();
  accepted_and_retained();
  accepted_and_sent();
  accepted_and_regretted();
  accepted_and_erased_as_a_whole();
  dismissed();
  asked_again_at_the_same_place();
  nothing_follows_a_sent_message();
  leaving_labels_nothing();
  is_bounded();
  return failures == 0 ? 0 : 1;
}
