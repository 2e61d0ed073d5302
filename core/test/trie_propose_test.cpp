// What the trie offers: new words at once, case as typed, phrases whole, any bytes.
#include <algorithm>
#include <string>
#include <vector>

#include "context/units.h"
#include "propose/trie/trie.h"
#include "trie_check.h"

namespace foretype::trie {
namespace {

using Units = std::vector<std::string>;

Trie english() { return Trie(Background::parse(small_background()).value()); }

/// Learns a message as it is typed.
void learn(Trie& trie, std::string_view text) {
  Units history = {""};
  for (const context::Unit& unit : context::units(text)) {
    const std::string_view piece = context::unit_text(text, unit);
    trie.learn(History(history).last(std::min<std::size_t>(history.size(), 4)), piece);
    history.emplace_back(piece);
  }
}

std::string best(const Trie& trie, const Units& history, std::string_view prefix,
                 bool sentence_start = false) {
  const Proposal proposal = trie.propose(history, prefix, sentence_start, 1);
  return proposal.candidates.empty() ? "" : proposal.candidates.front().unit;
}

void check_best(const Trie& trie, const Units& history, std::string_view prefix,
                std::string_view expected, bool sentence_start = false) {
  const std::string got = best(trie, history, prefix, sentence_start);
  expect_equal(got, expected, "after the prefix " + std::string(prefix));
}

void english_is_known() {
  const Trie trie = english();
  check_best(trie, {"the"}, "", "meeting");
  check_best(trie, {"the"}, "Mo", "Monday");
  check_best(trie, {""}, "", "The", true);
  check_best(trie, {"x"}, "no", "now");
}

void a_new_word_comes_at_its_next_use() {
  Trie trie = english();
  learn(trie, "Ask Meena");
  check_best(trie, {"for"}, "Me", "Meena");
  learn(trie, "use wombat now");
  check_best(trie, {"for"}, "wo", "wombat");
}

void contexts_ignore_case_and_longer_ones_win() {
  Trie trie = english();
  learn(trie, "The quarterly plan. The quarterly plan. My quarterly play. My quarterly play.");
  check_best(trie, {"the", "quarterly"}, "pl", "plan");
  check_best(trie, {"MY", "Quarterly"}, "pl", "play");
  const Proposal proposal = trie.propose(Units{"my", "quarterly"}, "pl", false, 1);
  expect(proposal.candidates.at(0).order == 3 && proposal.candidates.at(0).count == 2,
         "order and count tell why");
}

void case_follows_the_typed_letters() {
  Trie trie = english();
  check_best(trie, {"x"}, "mee", "meeting");
  check_best(trie, {"x"}, "Mee", "Meeting");
  check_best(trie, {"x"}, "ME", "MEETING");
  check_best(trie, {"x"}, "mE", "");
  check_best(trie, {"x"}, "iP", "iPhone");
  learn(trie, "NATO and O'Brien");
  check_best(trie, {"x"}, "NA", "NATO");
  check_best(trie, {"x"}, "na", "nato");
  check_best(trie, {"x"}, "O'", "O'Brien");
}

void a_sentence_start_teaches_no_capital() {
  Trie trie = english();
  learn(trie, "Meeting now.");
  check_best(trie, {"x"}, "m", "meeting");
  learn(trie, "Wombat now. the wombat now.");
  check_best(trie, {"x"}, "wom", "wombat");
  learn(trie, "Zoe will. I met Zoe now.");
  check_best(trie, {"x"}, "Z", "Zoe");
}

void a_writer_without_capitals_is_followed() {
  Trie trie = english();
  for (int i = 0; i < 30; ++i) learn(trie, "no worries.");
  check_best(trie, {"x", "."}, "t", "the", true);
}

void phrases_come_whole() {
  Trie trie = english();
  for (int i = 0; i < 3; ++i) learn(trie, "Done.\n\nBest regards,\nAnna");
  const Units rest = trie.phrase(Units{"Best"});
  expect(rest == Units({"regards", ",", "\n", "Anna"}), "the sign-off");
  learn(trie, "Best wishes");
  expect(trie.phrase(Units{"Best"}).empty(), "two ways to go on");
  expect(trie.phrase(Units{"unknown"}).empty(), "no way to go on");
  for (int i = 0; i < 3; ++i) learn(trie, "ha ha ha ha ha ha ha ha");
  expect(trie.phrase(Units{"ha", "ha", "ha"}).size() < 100, "an endless phrase ends");
}

void any_bytes_are_taken() {
  Trie trie = english();
  const std::string zeros(3, '\0');
  const std::string endless(1 << 20, 'a');
  for (const std::string& unit : {std::string("\xFF\xC3"), zeros, endless, std::string()}) {
    trie.learn(Units{unit, unit}, unit);
    trie.propose(Units{unit, unit}, unit, true, 5);
    trie.probability(Units{unit}, unit);
    trie.unlearn(Units{unit, unit}, unit);
  }
  expect(trie == english(), "nothing is left of it");
  expect(trie.propose({}, "", false, -1).candidates.empty(), "no candidates below none");
}

void no_background_is_no_trouble() {
  Trie trie(nullptr);
  expect(trie.propose(Units{""}, "a", true, 3).candidates.empty(), "nothing known");
  learn(trie, "abc");
  check_best(trie, {""}, "a", "abc");
}

}  // namespace
}  // namespace foretype::trie

int main() {
  using namespace foretype::trie;
  english_is_known();
  a_new_word_comes_at_its_next_use();
  contexts_ignore_case_and_longer_ones_win();
  case_follows_the_typed_letters();
  a_sentence_start_teaches_no_capital();
  a_writer_without_capitals_is_followed();
  phrases_come_whole();
  any_bytes_are_taken();
  no_background_is_no_trouble();
  return failures == 0 ? 0 : 1;
}
