// What was shown and what became of it, by hand-worked sequences of keys.
#include "outcome/offers.h"

#include <cmath>
#include <cstdio>
#include <string_view>

#include "profile/habit.h"

namespace {

using foretype::outcome::Offers;
using foretype::outcome::Settled;
using foretype::profile::Habit;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

bool near(double a, double b) { return std::abs(a - b) < 1e-12; }

// A new user is taken to look five times in six.
constexpr double kAtFirst = 5.0 / 6;

void keys_pass_over_what_is_shown() {
  Offers offers;
  offers.show(6, "meeting");
  expect(offers.times_passed(6, "meeting") == 0, "just shown");
  offers.pass();
  expect(offers.times_passed(6, "meeting") == 1, "a key passed it over");
  offers.pass();
  expect(offers.times_passed(6, "meeting") == 1, "it was not on screen at the second key");
  offers.show(6, "meeting");
  offers.show(6, "meeting");
  offers.pass();
  expect(offers.times_passed(6, "meeting") == 2, "shown again, passed over again");
  expect(offers.times_passed(5, "meeting") == 0 && offers.times_passed(6, "meet") == 0,
         "another place or word was not");
  offers.show(6, "message");
  offers.show_nothing();
  offers.pass();
  expect(offers.times_passed(6, "message") == 0, "what was taken off the screen cannot be passed");
}

void attention_is_the_share_of_right_shows_that_were_seen() {
  Habit habit;
  expect(near(habit.attention(), kAtFirst), "before anything is known");
  habit.overlooked();
  habit.overlooked();
  expect(near(habit.attention(), 5.0 / 8), "overlooked twice");
  habit.saw();
  expect(near(habit.attention(), 6.0 / 9), "seen once");
  expect(near(Habit(1, 2).attention(), 6.0 / 9), "the same, told at once");
}

void right_offers_tell_of_attention() {
  Offers offers;
  offers.show(0, "the");
  offers.pass();
  offers.show(0, "the");
  offers.pass();
  expect(offers.settle(0, "the", true).overlooked == 2, "typed by hand, overlooked twice");
  offers.show(4, "end");
  expect(offers.take(), "taken");
  expect(offers.settle(4, "end", true).overlooked == 0, "and settled without more ado");
  offers.show(8, "of");
  offers.pass();
  expect(offers.settle(8, "off", true).overlooked == 0, "a wrong offer says nothing");
  expect(!offers.take(), "nothing on screen to take");
}

bool is(const Settled& settled, bool asked, int wrong) {
  return settled.asked == asked && settled.wrong == wrong;
}

void words_settle_their_offers() {
  Offers offers;
  offers.ask(0);
  offers.show(0, "there");
  offers.pass();
  offers.show(0, "then");
  offers.pass();
  offers.show(0, "the");
  expect(is(offers.settle(0, "the", true), true, 2), "two of three were wrong");
  expect(offers.times_passed(0, "then") == 0, "settled offers are gone");
  expect(is(offers.settle(0, "the", true), false, 0), "and are not settled twice");
  offers.ask(4);
  expect(is(offers.settle(4, "cat", true), true, 0), "asked for, nothing shown");
  expect(is(offers.settle(8, "pasted", true), false, 0), "never asked for");
  offers.show(15, "next");
  expect(is(offers.settle(15, "other", true), true, 1), "shown before its word began");
}

void an_edit_voids_what_comes_after_it() {
  Offers offers;
  offers.ask(0);
  offers.show(0, "one");
  offers.pass();
  offers.ask(4);
  offers.show(4, "two");
  offers.pass();
  offers.erase_from(4);
  expect(offers.times_passed(4, "two") == 0 && offers.times_passed(0, "one") == 1, "from there on");
  expect(is(offers.settle(4, "three", true), false, 0), "the word there is not asked for any more");
  offers.show(4, "two");
  offers.erase_from(9);
  offers.pass();
  expect(offers.times_passed(4, "two") == 0, "an edit takes the ghost text away");
  offers.clear();
  expect(offers.times_passed(0, "one") == 0, "cleared");
}

}  // namespace

int main() {
  keys_pass_over_what_is_shown();
  attention_is_the_share_of_right_shows_that_were_seen();
  right_offers_tell_of_attention();
  words_settle_their_offers();
  an_edit_voids_what_comes_after_it();
  return failures == 0 ? 0 : 1;
}
