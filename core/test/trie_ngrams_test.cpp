// The stores under the trie: ids, contexts and their followers come and go without a trace.
#include <cstddef>

#include "propose/trie/ngrams.h"
#include "propose/trie/recent.h"
#include "trie_check.h"

namespace foretype::trie {
namespace {

constexpr Day kDay = 100;
const Today kToday{Decay(0, 0), kDay};

UnitId acquire(Vocabulary& vocabulary, std::string_view text) {
  bool made = false;
  return vocabulary.acquire(text, &made);
}

void units_come_and_go() {
  Vocabulary vocabulary(Background::empty());
  const UnitId nato = acquire(vocabulary, "NATO");
  expect(vocabulary.size() == 2, "the folded form is a unit too");
  expect_equal(vocabulary.folded_text(nato), "nato", "folded form");
  const UnitId small = acquire(vocabulary, "nato");
  expect(vocabulary[nato].folded == small, "one id a text");
  vocabulary.release(small);
  expect(vocabulary.find("nato") == small, "held by the form that folds to it");
  vocabulary.release(nato);
  expect(vocabulary.size() == 0, "gone with the last reference");
  expect(vocabulary.find("nato") == kNoUnit, "not found any more");
}

void many_units() {
  constexpr int kUnits = 5000;
  Vocabulary vocabulary(Background::empty());
  for (int i = 0; i < kUnits; ++i) acquire(vocabulary, "Word" + std::to_string(i));
  for (int i = 0; i < kUnits; i += 2) {
    vocabulary.release(vocabulary.find("Word" + std::to_string(i)));
  }
  for (int i = 0; i < kUnits; ++i) {
    const UnitId id = vocabulary.find("Word" + std::to_string(i));
    expect((id == kNoUnit) == (i % 2 == 0), "every other unit is left");
    if (id != kNoUnit) expect_equal(vocabulary.text(id), "Word" + std::to_string(i), "its text");
  }
}

void forms_stand_in_a_ring() {
  Vocabulary vocabulary(Background::empty());
  const UnitId first = acquire(vocabulary, "it");
  acquire(vocabulary, "It");
  const UnitId last = acquire(vocabulary, "IT");
  vocabulary.release(vocabulary.find("It"));
  expect(vocabulary[first].next_form == last && vocabulary[last].next_form == first,
         "a ring of two");
}

void followers_are_counted() {
  Vocabulary vocabulary(Background::empty());
  Ngrams ngrams;
  bool made = false;
  const UnitId the = acquire(vocabulary, "the");
  const auto context = ngrams.find_or_make(Ngrams::kRoot, the, &made);
  expect(made && ngrams.is_spent(context), "a new context is empty");
  std::vector<UnitId> units;
  for (const char* text : {"report", "plan", "Report", "zebra", "plane"}) {
    units.push_back(acquire(vocabulary, text));
    expect(ngrams.add(vocabulary, kToday, context, units.back(), 1, kDay) == 1, "a first use");
  }
  expect(ngrams.add(vocabulary, kToday, context, units[1], 1, kDay) == 0, "a second use");
  const Followers followers = ngrams.followers(context, kToday);
  expect(followers.weight == 6 && followers.entries.size() == 5, "six uses of five units");
  expect(count_of(vocabulary, followers, units[1]) == 2, "counted twice");
  const auto under_pla = with_prefix(vocabulary, followers, "pla");
  expect(under_pla.size() == 2 && under_pla[0].unit() == units[1], "two begin with pla");
  expect(ngrams.add(vocabulary, kToday, context, units[1], -1, kDay) == 0, "one use is left");
  for (const UnitId unit : units) {
    expect(ngrams.add(vocabulary, kToday, context, unit, -1, kDay) == -1, "the last use is taken");
  }
  expect(ngrams.is_spent(context) && ngrams.ngrams() == 0, "nothing is left");
  expect(ngrams.drop(context) == Ngrams::kRoot, "its parent");
  expect(ngrams.find(Ngrams::kRoot, the) == Ngrams::kNone, "gone");
}

void a_context_waits_for_longer_ones() {
  Vocabulary vocabulary(Background::empty());
  Ngrams ngrams;
  bool made = false;
  const UnitId unit = acquire(vocabulary, "of");
  const auto parent = ngrams.find_or_make(Ngrams::kRoot, unit, &made);
  const auto child = ngrams.find_or_make(parent, unit, &made);
  expect(!ngrams.is_spent(parent), "a longer context needs it");
  expect(ngrams.drop(child) == parent && ngrams.is_spent(parent), "now it is spent");
}

void recent_units_slide() {
  Vocabulary vocabulary(Background::empty());
  const UnitId a = acquire(vocabulary, "a");
  const UnitId b = acquire(vocabulary, "b");
  Recent recent(2);
  for (const UnitId unit : {a, a, b}) recent.push(vocabulary, kToday, unit);
  const auto count = [&](UnitId unit) {
    return count_of(vocabulary, recent.followers(kToday), unit);
  };
  expect(count(a) == 1 && count(b) == 1, "the window holds two");
  recent.remove(vocabulary, kToday, b);
  expect(count(a) == 2 && count(b) == 0, "what had left comes back");
}

}  // namespace
}  // namespace foretype::trie

int main() {
  using namespace foretype::trie;
  units_come_and_go();
  many_units();
  forms_stand_in_a_ring();
  followers_are_counted();
  a_context_waits_for_longer_ones();
  recent_units_slide();
  return failures == 0 ? 0 : 1;
}
