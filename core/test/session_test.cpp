// The steps of one keystroke, joined: what is shown, what an accept inserts,
// when there is silence, and what time it takes by a clock that is told.
#include "foretype/session.h"

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "random_model.h"
#include "session_options.h"

namespace {

using foretype::Engine;
using foretype::Options;
using foretype::Profile;
using foretype::Session;
using foretype::Suggestion;
using foretype::lm::testing::RandomModel;
using foretype::testing::bare;
using foretype::testing::with;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

constexpr std::int64_t kNoDeadline = -1;

std::int64_t now = 0;
std::int64_t told_clock() { return now += 300; }  // every look takes 0.3 ms

/// A session of a user who wrote some things, without a language model unless one is given.
struct Desk {
  std::shared_ptr<Engine> engine = std::make_shared<Engine>();
  std::shared_ptr<Profile> profile = std::make_shared<Profile>(nullptr);
  Session session;

  explicit Desk(std::shared_ptr<const foretype::lm::Model> model = nullptr,
                Options options = bare())
      : session(with(engine, std::move(model), &told_clock), profile, options) {
    profile->learn("please review the quarterly numbers. please review the draft");
    profile->learn("please review the quarterly report");
  }

  std::string shown(std::string_view before, std::string_view after = "") {
    session.set_text(before, after);
    return again();
  }

  std::string again() {
    const Suggestion& suggestion = session.suggest(kNoDeadline);
    return suggestion.shown ? suggestion.text : "";
  }
};

void shows_the_users_own_words() {
  Desk desk;
  expect(desk.shown("please rev").starts_with("iew the"), "and the phrase that follows them");
  const Suggestion& suggestion = desk.session.suggestion();
  expect(
      suggestion.piece_ends.front() == 3 && suggestion.piece_ends.back() == suggestion.text.size(),
      "cut into pieces");
  expect(desk.shown("zzz").empty(), "nothing fits");
  expect(desk.session.accept(1).empty(), "so nothing can be taken");
}

void takes_a_word_or_all() {
  Desk one, all, none;
  one.shown("please rev");
  expect(one.session.accept(1) == "iew" && one.session.before() == "please review", "a word");
  expect(one.session.accept(1).empty(), "only what is shown can be taken");
  expect(one.again().starts_with(" the"), "the rest is proposed again");
  const std::string text = all.shown("please rev");
  expect(all.session.accept(-1) == text && all.session.before() == "please rev" + text, "all");
  none.shown("please rev");
  expect(none.session.accept(0).empty() && none.session.before() == "please rev", "no word");
  expect(none.session.accept(99) == text, "more than there is");
}

void a_space_that_is_as_good_as_certain_comes_along() {
  Desk desk(nullptr, Options{});
  for (int i = 0; i < 20; ++i) desk.profile->learn("we ship it by night. The night, then.");
  expect(desk.shown("we ship i").starts_with("t "), "a space always followed");
  expect(desk.session.accept(1) == "t " && desk.session.before() == "we ship it ", "in one key");
  expect(desk.again().starts_with("by"), "and the next word needs none");
  const std::string night = desk.shown("we ship it by nig");
  expect(night.starts_with("ht") && !night.starts_with("ht "), "a full stop or a comma always did");
}

void outcomes_move_the_judgement_and_the_price() {
  Options quiet = bare();
  quiet.dial.wrong_per_100_words = 10;
  Desk desk(nullptr, quiet);
  const std::string before = desk.profile->judgement().save();
  desk.shown("please rev");
  desk.shown("please reverse the ");
  expect(desk.profile->judgement().save() != before, "a word is done");
  desk.profile->pause(true);
  const std::string paused = desk.profile->judgement().save();
  desk.shown("please reverse the quart");
  desk.shown("please reverse the quartz ");
  desk.session.finish();
  expect(desk.profile->judgement().save() == paused, "nothing while paused");
  desk.profile->pause(false);
  desk.profile->forget_all();
  expect(desk.profile->judgement().save() == foretype::profile::Judgement().save(), "forgotten");
}

// For measuring what a label for everything is worth: the ranker as it would be without them.
void reactions_alone_teach_of_what_was_shown() {
  // The version, and two numbers for each feature.
  constexpr std::size_t kOfRanker = 1 + 2 * foretype::rank::kFeatures * sizeof(double);
  const auto sums_after = [](bool show, bool accept) {
    Options options = bare();
    options.learns_from_shown = true;
    if (!show) options.dial.wrong_per_100_words = 1;
    Desk desk(nullptr, options);
    for (int i = 0; i < 100; ++i) desk.profile->judgement().gate.finished_word(options.dial, 10);
    desk.shown("please review the ");
    const std::string first = desk.session.suggestion().candidates.front().text;
    if (accept) desk.session.accept(1);
    desk.session.set_text("please review the " + first + " ", "");
    return desk.profile->judgement().save().substr(0, kOfRanker);
  };
  const std::string nothing = foretype::profile::Judgement().save().substr(0, kOfRanker);
  expect(sums_after(false, false) == nothing, "what was not on screen teaches nothing");
  const std::string passed = sums_after(true, false), taken = sums_after(true, true);
  expect(passed != nothing && taken != nothing, "what was, does");
  expect(passed != taken, "right is what was accepted, not what was typed");
}

void ghost_text_is_of_the_text_it_was_made_for() {
  Desk desk;
  desk.shown("please rev");
  desk.session.set_text("please revi", "");
  expect(desk.session.accept(1).empty(), "a key was typed since");
  desk.shown("please rev");
  desk.session.set_text("please re", "");
  expect(desk.session.accept(1).empty(), "a letter was erased since");
  desk.session.set_text("please rev", "");
  desk.again();
  desk.session.set_text("please rev", "");
  expect(desk.session.accept(1) == "iew", "nothing has changed");
}

void is_silent_after_an_erase_until_a_letter() {
  Desk desk;
  desk.shown("please revi");
  expect(desk.shown("please rev").empty() && desk.again().empty(), "erased");
  expect(!desk.shown("please revi").empty(), "a letter");
  expect(desk.shown("please quart") != "" && desk.shown("please ").empty(), "erased a word");
  desk.session.finish();
  expect(!desk.again().empty(), "a new message is a new beginning");
}

void is_silent_after_a_paste_or_when_told_until_a_letter() {
  Desk desk;
  desk.shown("please rev");
  desk.session.paste("iew the quart");
  expect(desk.again().empty() && desk.session.accept(1).empty(), "pasted");
  expect(!desk.shown("please review the quarte").empty(), "a letter");
  desk.session.hush();
  expect(desk.session.accept(1).empty() && desk.again().empty(), "told");
  expect(desk.shown("please review the quarte ").empty(), "a space is no letter");
  expect(desk.shown("please review the quarte re").empty() == false, "a letter");
  desk.session.hush();
  desk.session.finish();
  expect(!desk.again().empty(), "a new message is a new beginning");
}

void what_is_shown_stays_until_a_key() {
  Desk desk;
  const std::string shown = desk.shown("please review the quarterly ");
  expect(shown == "numbers" || shown == "report", "two words are as good");
  for (int i = 0; i < 9; ++i) {
    desk.profile->learn(shown == "report" ? "quarterly numbers" : "quarterly report");
  }
  expect(desk.again() == shown, "what is learned elsewhere changes nothing on screen");
  expect(desk.session.accept(1) == shown, "and what is on screen is what is taken");
  desk.session.set_text("please review the quarterly", "");
  expect(desk.shown("please review the quarterly r").starts_with("eport"), "the next key may");

  desk.shown("please rev");
  desk.profile->block("review");
  expect(desk.again().empty(), "but what its owner wants no more goes at once");
}

void a_later_answer_extends() {
  Desk desk;
  const std::string shown = desk.shown("please rev");
  for (int i = 0; i < 9; ++i) desk.profile->learn("please review the quarterly numbers again");
  const std::string later = desk.again();
  expect(later.starts_with(shown) && later.size() > shown.size(), "with what is certain by now");
}

void saved_keys_and_words_are_counted() {
  Desk desk;
  const auto& counted = desk.profile->statistics();
  desk.shown("please rev");
  desk.session.accept(1);
  expect(counted.keys_saved == 2 && counted.words == 0, "iew by one key");
  desk.profile->learn("na\xC3\xAFvet\xC3\xA9");
  desk.shown("please review na");
  expect(counted.words == 1, "a word is done; the one before it was not asked for");
  desk.session.accept(1);
  expect(counted.keys_saved == 6, "characters, not bytes");
  desk.profile->pause(true);
  desk.shown("please review naivet\xC3\xA9 please rev");
  desk.session.accept(-1);
  desk.session.finish();
  expect(counted.keys_saved == 6 && counted.words == 1, "nothing while paused");
}

void is_silent_inside_a_word() {
  Desk desk;
  expect(desk.shown("please rev", "iew").empty(), "a letter follows");
  expect(!desk.shown("please rev", " it").empty(), "a space follows");
  expect(!desk.shown("please rev", "\nBest").empty(), "a line end follows");
}

void a_dismissed_word_stays_silent() {
  Desk desk;
  desk.shown("please re");
  desk.session.dismiss();
  expect(desk.session.accept(1).empty() && desk.again().empty(), "it is gone");
  expect(desk.shown("please rev").empty() && desk.shown("please revi").empty(), "in this word");
  expect(!desk.shown("please review ").empty(), "not in the next");
  desk.session.dismiss();
  expect(desk.again().empty(), "dismissed between words");
  desk.session.set_text("", "");
  expect(!desk.shown("please review ").empty(), "another text, another word");
}

void what_was_passed_over_steps_back() {
  Options options = bare();
  options.passed_over = false;
  for (const bool rule : {true, false}) {
    Desk other(nullptr, rule ? bare() : options);
    other.profile->learn("a red rose. red rose, red rose! red rose? red rock. red rock, a");
    const bool back = other.shown("red ") == "rose" && other.shown("red r") == "ock";
    expect(back == rule, "by the rule only");
  }
}

void another_session_knows_at_once() {
  Desk desk;
  Session second(desk.engine, desk.profile, Options{});
  desk.session.set_text("the Zanzibar file ", "");
  second.set_text("the Zan", "");
  expect(second.suggest(kNoDeadline).text.starts_with("zibar"), "even before it is sent");
  desk.session.set_text("", "");
  second.set_text("the Zanz", "");
  expect(!second.suggest(kNoDeadline).shown, "and no more when it is taken back");
}

std::size_t known(const Desk& desk) { return desk.profile->trie().ngrams(); }

void nothing_is_learned_while_paused() {
  Desk desk;
  const std::size_t before = known(desk);
  desk.profile->pause(true);
  desk.session.set_text("the Zanzibar file ", "");
  expect(known(desk) == before, "not while it is typed");
  desk.profile->learn("other words");
  desk.session.finish();
  expect(known(desk) == before && desk.profile->messages().size() == 2, "nor sent");
  desk.session.set_text("the Zanzibar file ", "");
  desk.profile->pause(false);
  desk.session.set_text("the Zanzibar file is new ", "");
  expect(desk.profile->trie().describe("zanzibar").empty(), "nor later, of what stood there");
  expect(desk.profile->trie().describe("new").size() == 1, "what is typed then is");
  desk.session.finish();
  expect(desk.profile->messages().back().text == "is new ", "and remembered");
  desk.session.set_text("the Zanzibar file ", "");
  expect(desk.profile->trie().describe("zanzibar").size() == 1, "the next message is learned");
  desk.profile->pause(true);
  desk.session.set_text("the Zanzibar file i", "");
  expect(desk.profile->trie().describe("zanzibar").empty(), "pausing takes back what is not sent");
}

void forgotten_is_forgotten() {
  const RandomModel random_model(1);
  for (const bool with_model : {false, true}) {
    Desk desk(with_model ? random_model.model : nullptr);
    desk.shown("please rev");
    desk.profile->forget_all();
    expect(desk.again().find("iew the") == std::string::npos, "nor does it stay on screen");
    expect(desk.session.accept(1).empty(), "ghost text of a forgotten word is not inserted");
    const std::size_t ngrams = known(desk);
    desk.session.set_text("", "");
    expect(ngrams == 0 && known(desk) == 0, "nothing is known");

    desk.session.set_text("one two three ", "");
    desk.profile->forget_all();
    desk.session.set_text("one two three ", "");
    Session other(desk.engine, std::make_shared<Profile>(nullptr), Options{});
    other.set_text("one two three ", "");
    other.suggest(kNoDeadline);
    desk.again();
    expect(known(desk) == 0, "what stands in the field is not learned again");
    desk.session.set_text("one two ", "three four five ");
    desk.session.set_text("one two three four five ", "");
    expect(desk.profile->trie().describe("three").empty(), "nor when the caret was elsewhere");
    expect(desk.profile->trie().describe("five").size() == 1, "what is typed then is learned");
    desk.session.finish();
    expect(desk.profile->messages().size() == 1 &&
               desk.profile->messages().front().text == "four five ",
           "and remembered without it");
  }
}

void pasted_text_is_no_typing() {
  Options quiet = bare();
  quiet.dial.wrong_per_100_words = 10;
  Desk pasted(nullptr, quiet), free;
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "please review the ";
  for (Desk* desk : {&pasted, &free}) {
    desk->session.set_text(text, "");
    desk->session.finish();
    desk->profile->learn("a red rose and a red rock and a red rag");
  }
  expect(!free.shown("a red ").empty(), "with no dial an uncertain word is shown");
  expect(pasted.shown("a red ").empty(), "6,000 words without a wrong show lower no threshold");
}

void keeps_its_deadline() {
  const RandomModel random_model(2);
  Desk desk(random_model.model);
  desk.session.set_text("please review the quarterly numbers in the morning, and then rev", "");
  const Suggestion& at_once = desk.session.suggest(0);
  expect(at_once.shown && at_once.text.starts_with("iew"), "the trie's answer needs no time");
  expect(!desk.session.timing().complete && desk.session.timing().computed_tokens == 0, "nothing");
  int calls = 0;
  do {
    const std::int64_t begin = now;
    desk.session.suggest(2000);
    expect(now - begin < 2000 + 3000, "about in time");
  } while (!desk.session.timing().complete && ++calls < 200);
  expect(desk.session.timing().complete && calls > 0, "complete in the end");
  desk.session.suggest(kNoDeadline);
  expect(desk.session.timing().complete && desk.session.timing().cached_tokens > 20, "and cached");
}

void thinking_changes_no_text() {
  const RandomModel random_model(3);
  Desk desk(random_model.model);
  desk.session.set_text("please review the ", "");
  int steps = 0;
  while (desk.session.think() && ++steps < 500) continue;
  expect(steps > 1 && steps < 500, "it comes to an end");
  desk.session.suggest(0);
  expect(desk.session.timing().complete, "the next key finds the work done");
  expect(desk.session.before() == "please review the ", "the text is as it was");
  Desk without;
  expect(!without.session.think(), "without a model there is nothing to do");
}

void any_bytes_are_text() {
  const RandomModel random_model(4);
  Desk desk(random_model.model);
  for (const std::string& text :
       {std::string("\x00\x00", 2), std::string("\xFF\xFE"), std::string("a\xE2\x82"),
        std::string("\xED\xA0\x80"), std::string(5000, '\xF0'), std::string(3000, '\n')}) {
    desk.shown(text);
    desk.session.accept(-1);
    desk.shown(desk.session.before() + " re", text);
    desk.session.finish();
  }
  desk.session.dismiss();
  desk.session.finish();
  expect(desk.session.before().empty(), "still there");
}

}  // namespace

int main() {
  shows_the_users_own_words();
  takes_a_word_or_all();
  a_space_that_is_as_good_as_certain_comes_along();
  outcomes_move_the_judgement_and_the_price();
  reactions_alone_teach_of_what_was_shown();
  ghost_text_is_of_the_text_it_was_made_for();
  is_silent_after_an_erase_until_a_letter();
  is_silent_after_a_paste_or_when_told_until_a_letter();
  what_is_shown_stays_until_a_key();
  a_later_answer_extends();
  saved_keys_and_words_are_counted();
  is_silent_inside_a_word();
  a_dismissed_word_stays_silent();
  what_was_passed_over_steps_back();
  another_session_knows_at_once();
  nothing_is_learned_while_paused();
  forgotten_is_forgotten();
  pasted_text_is_no_typing();
  keeps_its_deadline();
  thinking_changes_no_text();
  any_bytes_are_text();
  return failures == 0 ? 0 : 1;
}
