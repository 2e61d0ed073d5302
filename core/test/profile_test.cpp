// The parts of a profile, by hand-worked examples: operations as bytes, what a
// context may read, and what mentions a word.
#include "foretype/profile.h"

#include <cstdio>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "profile/journal.h"
#include "profile/memory.h"
#include "profile/mention.h"

namespace {

using foretype::Profile;
using foretype::profile::Journal;
using foretype::profile::JournalReader;
using foretype::profile::Kind;
using foretype::profile::Memory;
using foretype::profile::mentions;
using foretype::profile::mentions_any;
using foretype::profile::Operation;
using foretype::profile::plain;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

std::vector<Operation> read(std::string_view bytes) {
  std::vector<Operation> operations;
  JournalReader reader(bytes);
  Operation operation;
  while (reader.next(&operation).value()) operations.push_back(operation);
  return operations;
}

using Units = std::vector<std::string>;

void a_run_of_words_takes_their_bytes_and_two_each() {
  Journal journal;
  journal.set_day(5);
  journal.learn("", Units{""}, "one");
  journal.learn("", Units{"", "one"}, "two");
  journal.learn("", Units{"", "one", "two"}, "three");
  const std::string bytes = journal.drain();
  const std::string expected("\x01\x00\x02\x05\x03\x01\x00\x03one\x04\x03two\x04\x05three", 23);
  expect(bytes == expected, "context, day, learn, learn next, learn next");
  const std::vector<Operation> operations = read(bytes);
  expect(operations.size() == 3 && operations[2].history == Units{"", "one", "two"}, "read back");
  expect(operations[2].text == "three" && operations[2].day == 5, "with its day");
}

void a_blob_stands_alone() {
  Journal journal;
  journal.set_day(7);
  journal.learn("work", Units{"a", "b", "c", "d"}, "e");
  const std::string first = journal.drain();
  journal.learn("work", Units{"b", "c", "d", "e"}, "f");
  const std::string second = journal.drain();
  expect(journal.drain().empty(), "nothing more");
  const std::vector<Operation> alone = read(second);
  expect(alone.size() == 1 && alone[0].history == Units{"b", "c", "d", "e"}, "alone");
  expect(alone[0].context == "work" && alone[0].day == 7, "with its context and day");
  expect(read(first + second).size() == 2, "joined");
}

void operations_know_their_context() {
  Journal journal;
  journal.learn("a", Units{}, "one");
  journal.learn("b", Units{"one"}, "two");
  journal.text(Kind::kMessage, "a", "one");
  journal.number(Kind::kPrivate, "b", 1);
  const std::vector<Operation> operations = read(journal.drain());
  expect(operations.size() == 4, "four");
  expect(operations[1].context == "b" && operations[1].kind == Kind::kLearn, "no run across them");
  expect(operations[2].context == "a" && operations[2].text == "one", "a message");
  expect(operations[3].context == "b" && operations[3].number == 1, "a flag");
}

void wiped_operations_are_gone() {
  Journal journal;
  journal.learn("", Units{""}, "one");
  journal.wipe();
  expect(journal.drain().empty(), "nothing is drained");
}

std::string joined(const std::deque<std::string>& messages) {
  std::string line;
  for (const std::string& each : messages) line += each + "|";
  return line;
}

void a_context_reads_its_own_messages_last() {
  Memory memory;
  memory.add("", 1, "common one");
  memory.add("work", 2, "work one");
  memory.add("home", 3, "home one");
  memory.add("", 4, "common two");
  memory.add("work", 5, "work two");
  const auto hidden = [](std::string_view context) { return context == "home"; };
  expect(joined(memory.visible("", hidden)) == "work one|work two|common one|common two|",
         "common");
  expect(joined(memory.visible("work", hidden)) == "common one|common two|work one|work two|",
         "work");
  expect(
      joined(memory.visible("home", hidden)) == "common one|work one|common two|work two|home one|",
      "a private context reads the others'");
}

void what_is_read_has_a_limit() {
  Memory memory;
  memory.add("work", 1, std::string(3000, 'w'));
  memory.add("", 1, std::string(3000, 'c'));
  const auto hidden = [](std::string_view) { return false; };
  expect(memory.visible("work", hidden).size() == 1, "its own come first");
  expect(memory.visible("work", hidden).front().front() == 'w', "and no more than fits");
  memory.add("", 1, std::string(2000, 'd'));
  expect(memory.messages().size() == 2, "the oldest of the context went");
  memory.add("", 1, "short " + std::string(4095, 'x'));
  expect(memory.messages().back().text == std::string(4095, 'x'), "of a long one the end is kept");
}

void messages_can_be_dropped() {
  Memory memory;
  memory.add("", 1, "one");
  memory.add("work", 1, "one");
  memory.add("work", 1, "two");
  expect(!memory.drop("", "two") && memory.drop("work", "one"), "one of a context");
  expect(memory.messages().size() == 2 && memory.messages().front().context.empty(), "only that");
  expect(memory.drop_if([](const auto& each) { return each.text == "two"; }) == 1, "by its text");
  expect(memory.messages().size() == 1, "one is left");
}

void mentions_are_whole_words() {
  expect(plain("  The\n É \t x ") == "the \xC3\xA9 x", "small letters, single spaces");
  for (const char* text : {"anna", "ask anna", "anna's", "anna.b@x.org", "(anna)", "x-anna-y",
                           "anna\xE2\x80\x99s", "hannah, anna"}) {
    expect(mentions(text, "anna"), text);
  }
  for (const char* text : {"hanna", "annabel", "anna2", "ann a", "anna\xC3\xA9", ""}) {
    expect(!mentions(text, "anna"), text);
  }
  expect(mentions("to john smith's", "john smith") && !mentions("john b smith", "john smith"),
         "phrases");
  expect(mentions("a :-) b", ":-)") && !mentions("anna", ""), "marks; nothing is no mention");
}

void any_of_many_words() {
  const std::set<std::string, std::less<>> words = {"anna", "o'brien", "mail-list"};
  for (const char* text : {"anna", "anna's", "o'brien", "o'brien's", "the-mail-list", "@anna"}) {
    expect(mentions_any(text, words), text);
  }
  for (const char* text : {"hanna", "o'brienne", "mail", "list", "brien", ""}) {
    expect(!mentions_any(text, words), text);
  }
  expect(!mentions_any("anna", {}), "of none");
}

void versions_follow_what_may_be_read() {
  Profile profile(nullptr);
  profile.set_private("home", true);
  const auto common = profile.memory_version("");
  const auto home = profile.memory_version("home");
  profile.learn("a secret plan", "home");
  expect(profile.memory_version("") == common, "others cannot read it");
  expect(profile.memory_version("home") != home, "its own sessions can");
  profile.learn("hello there", "work");
  expect(profile.memory_version("") != common, "what is not private is for all");
  expect(joined(profile.memory("")) == "hello there|", "and only that");
  const auto before = profile.memory_version("");
  profile.set_private("home", false);
  expect(profile.memory_version("") != before, "not private any more");
  expect(joined(profile.memory("")) == "a secret plan|hello there|", "so it is read");
}

}  // namespace

int main() {
  a_run_of_words_takes_their_bytes_and_two_each();
  a_blob_stands_alone();
  operations_know_their_context();
  wiped_operations_are_gone();
  a_context_reads_its_own_messages_last();
  what_is_read_has_a_limit();
  messages_can_be_dropped();
  mentions_are_whole_words();
  any_of_many_words();
  versions_follow_what_may_be_read();
  return failures == 0 ? 0 : 1;
}
