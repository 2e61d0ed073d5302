// Which tokens and words of a session statistics see: each once, the user's own only.
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "propose/lm/language_model.h"
#include "random_model.h"
#include "statistics/word_starts.h"

namespace {

using foretype::Deadline;
using foretype::lm::Effort;
using foretype::lm::LanguageModel;
using foretype::lm::testing::RandomModel;
using foretype::statistics::hash_of;
using foretype::statistics::Neighbours;
using foretype::statistics::Ranking;
using foretype::statistics::Signatures;
using foretype::statistics::State;
using foretype::statistics::WordStarts;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

double half(std::string_view) { return 0.5; }

/// A reader that looks ahead a lot, so that much of what is written was computed before.
struct Reader {
  RandomModel random_model{3};
  Signatures signatures;
  LanguageModel model{
      *random_model.model,
      Effort{.window = 256, .slide = 64, .tokens_a_thought = 16, .smallest_thought = 0}};

  Reader() { model.tell(&signatures); }

  void read(std::string_view text) {
    model.read(text);
    model.catch_up(Deadline{});
    model.propose(half, Deadline{});
    for (int i = 0; i < 40; ++i) model.think(half);
  }

  void type(std::string_view text) {
    for (std::size_t i = 1; i <= text.size(); ++i) read(text.substr(0, i));
  }

  int tokens_of(std::string_view text) const {
    std::vector<foretype::lm::Token> tokens;
    random_model.model->tokenizer().encode(text, &tokens);
    return static_cast<int>(tokens.size());
  }
};

constexpr std::string_view kText = "the man in the train";  // its last word is no token yet
constexpr std::string_view kWhole = "the man in the";

void each_token_counts_once() {
  Reader at_once, typed;
  at_once.read(kText);
  typed.type(kText);
  expect(at_once.signatures.tokens() == at_once.tokens_of(kWhole), "every token read");
  expect(typed.signatures.tokens() == at_once.signatures.tokens(), "computed ahead or not");
  typed.read(kText);
  expect(typed.signatures.tokens() == at_once.signatures.tokens(), "nothing new, nothing counted");
}

void what_is_typed_anew_counts_anew() {
  Reader reader;
  reader.type(kText);
  const int before = reader.signatures.tokens();
  reader.read("the man ");
  reader.read(kText);
  const int again = reader.tokens_of(kWhole) - reader.tokens_of("the");
  expect(reader.signatures.tokens() <= before + again, "what stayed does not count again");
  expect(reader.signatures.tokens() > before, "what was erased and written again does");
}

void earlier_messages_do_not_count() {
  Reader reader;
  reader.model.restart({"on the way in the train", "at the other one"});
  reader.read("");
  expect(reader.signatures.tokens() == 0, "what was written before was counted then");
  reader.type(kText);
  reader.model.finish(kText);
  const int written = reader.signatures.tokens();
  reader.read("");
  reader.model.restart({std::string(kText)});
  reader.read("");
  expect(reader.signatures.tokens() == written, "nor when it is read again");
}

void what_nobody_wants_to_know_is_passed_over() {
  Reader reader;
  reader.model.tell(nullptr);
  reader.type("the man in");
  reader.model.tell(&reader.signatures);
  reader.read("the man in ");
  expect(reader.signatures.tokens() <= 1, "not told later either");
  reader.type(kText);
  expect(reader.signatures.tokens() > 0, "the rest is told");
}

void where_the_caret_stands_is_the_same_however_it_came_there() {
  Reader at_once, typed;
  at_once.read("the man in ");
  typed.type("the man in ");
  expect(at_once.model.state() == typed.model.state(), "bit for bit");
  typed.read("the man on ");
  expect(at_once.model.state() != typed.model.state(), "another text, another state");
}

void word_starts_are_settled_once() {
  WordStarts starts;
  State state{};
  state[0] = 1;
  Ranking ranking;
  ranking.add("one");
  starts.add(4, state, ranking);
  expect(starts.has(4) && !starts.has(5), "known by its byte");
  starts.add(4, State{}, Ranking{});
  starts.add(9, state, Ranking{});
  starts.erase_from(4);
  expect(!starts.has(9) && starts.has(4), "erased as far as to 4, where the first stays");
  const auto settled = starts.settle(4, "one");
  expect(settled && settled->hit && settled->state == state, "a hit");
  expect(!starts.settle(4, "one"), "and gone");
  starts.add(12, state, Ranking{});
  const auto empty = starts.settle(12, "one");
  expect(empty && !empty->hit, "no proposal is no hit");
}

void the_ring_keeps_the_last() {
  Neighbours ring;
  State state{};
  for (int i = 0; i < 300; ++i) {
    state[0] = static_cast<float>(i);
    Ranking ranking;
    ranking.add(std::to_string(i));
    ring.add(state, ranking);
  }
  expect(ring.size() == Neighbours::kMost, "full");
  expect(ring.at(0).state[0] == 44 && ring.at(255).state[0] == 299, "from the oldest on");
  expect(ring.at(255).ranking.words[0] == hash_of("299"), "with its ranking");
  ring.wipe();
  expect(ring.size() == 0, "wiped");
}

}  // namespace

int main() {
  each_token_counts_once();
  what_is_typed_anew_counts_anew();
  earlier_messages_do_not_count();
  what_nobody_wants_to_know_is_passed_over();
  where_the_caret_stands_is_the_same_however_it_came_there();
  word_starts_are_settled_once();
  the_ring_keeps_the_last();
  return failures == 0 ? 0 : 1;
}
