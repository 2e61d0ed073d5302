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
  offers.show(6, "meeting", false, true);
  expect(offers.times_passed(6, "meeting", false) == 0 && !offers.any_passed(), "just shown");
  offers.pass();
  expect(offers.times_passed(6, "meeting", false) == 1 && offers.any_passed(),
         "a key passed it over");
  offers.pass();
  expect(offers.times_passed(6, "meeting", false) == 1, "it was not on screen at the second key");
  offers.show(6, "meeting", false, true);
  offers.show(6, "meeting", false, false);
  offers.pass();
  expect(offers.times_passed(6, "meeting", false) == 2, "shown again, passed over again");
  expect(
      offers.times_passed(5, "meeting", false) == 0 && offers.times_passed(6, "meet", false) == 0,
      "another place or word was not");
  offers.show(6, "message", false, true);
  offers.show_nothing();
  offers.pass();
  expect(offers.times_passed(6, "message", false) == 0,
         "what was taken off the screen cannot be passed");
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
  offers.show(0, "the", false, true);
  offers.pass();
  offers.show(0, "the", false, true);
  offers.pass();
  expect(offers.settle(0, "the", true, true).overlooked == 2, "typed by hand, overlooked twice");
  offers.show(4, "end", false, true);
  expect(offers.take(), "taken");
  expect(offers.settle(4, "end", true, true).overlooked == 0, "and settled without more ado");
  offers.show(8, "of", false, true);
  offers.pass();
  expect(offers.settle(8, "off", true, true).overlooked == 0, "a wrong offer says nothing");
  expect(!offers.take(), "nothing on screen to take");
}

bool is(const Settled& settled, bool asked, int wrong) {
  return settled.asked == asked && settled.wrong == wrong;
}

void words_settle_their_offers() {
  Offers offers;
  offers.ask(0);
  offers.show(0, "there", false, true);
  offers.pass();
  offers.show(0, "then", false, true);
  offers.pass();
  offers.show(0, "the", false, true);
  expect(is(offers.settle(0, "the", true, true), true, 2), "two of three were wrong");
  expect(offers.times_passed(0, "then", false) == 0, "settled offers are gone");
  expect(is(offers.settle(0, "the", true, true), false, 0), "and are not settled twice");
  offers.ask(4);
  expect(is(offers.settle(4, "cat", true, true), true, 0), "asked for, nothing shown");
  expect(is(offers.settle(8, "pasted", true, true), false, 0), "never asked for");
  offers.show(15, "next", false, true);
  expect(is(offers.settle(15, "other", true, true), true, 1), "shown before its word began");
}

void a_space_may_be_what_was_wrong() {
  Offers offers;
  offers.show(0, "end", true, true);
  offers.pass();
  expect(offers.times_passed(0, "end", true) == 1 && offers.times_passed(0, "end", false) == 0,
         "with a space it is another offer");
  const Settled stop = offers.settle(0, "end", true, false);
  expect(stop.wrong == 1 && stop.overlooked == 0, "a full stop came instead");
  offers.show(5, "and", true, true);
  offers.pass();
  const Settled spaced = offers.settle(5, "and", true, true);
  expect(spaced.wrong == 0 && spaced.overlooked == 1, "the space came");
  offers.show(9, "then", false, true);
  offers.pass();
  offers.show(9, "then", false, false);
  offers.pass();
  offers.show(9, "then", false, true);
  expect(offers.settle(9, "so", true, true).wrong == 2, "shown, stayed, and shown again");
  offers.show(12, "next", false, true);
  expect(offers.settle(13, "word", true, true).wrong == 1, "where no word began");
}

void an_edit_voids_what_comes_after_it() {
  Offers offers;
  offers.ask(0);
  offers.show(0, "one", false, true);
  offers.pass();
  offers.ask(4);
  offers.show(4, "two", false, true);
  offers.pass();
  offers.erase_from(4);
  expect(offers.times_passed(4, "two", false) == 0 && offers.times_passed(0, "one", false) == 1,
         "from there on");
  offers.settle(0, "one", true, true);
  expect(is(offers.settle(4, "three", true, true), false, 0),
         "the word there is not asked for any more");
  offers.show(4, "two", false, true);
  offers.erase_from(9);
  offers.pass();
  expect(offers.times_passed(4, "two", false) == 0, "an edit takes the ghost text away");
  offers.show(9, "one", false, true);
  offers.pass();
  offers.clear();
  expect(offers.times_passed(9, "one", false) == 0, "cleared");
}

}  // namespace

int main() {
  keys_pass_over_what_is_shown();
  attention_is_the_share_of_right_shows_that_were_seen();
  right_offers_tell_of_attention();
  words_settle_their_offers();
  a_space_may_be_what_was_wrong();
  an_edit_voids_what_comes_after_it();
  return failures == 0 ? 0 : 1;
}
