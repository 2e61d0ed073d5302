// Lists of followers, short and long: whatever is kept beside a long one says what a look at every
// entry would say.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "propose/trie/followers.h"
#include "trie_check.h"

namespace foretype::trie {
namespace {

constexpr Day kFirstDay = 100;
const Today kToday{Decay(7, 0.4), kFirstDay + 30};

// Units of which many share their first eight bytes, or are the beginning of another.
std::vector<UnitId> make_units(Vocabulary& vocabulary) {
  std::vector<UnitId> units;
  bool made = false;
  for (int i = 0; i < 150; ++i) {
    const std::string number = std::to_string(i);
    units.push_back(vocabulary.acquire("https://" + number, &made));
    units.push_back(vocabulary.acquire("w" + number, &made));
    units.push_back(
        vocabulary.acquire("W" + number + (i % 5 == 0 ? std::string(1, '\0') : ""), &made));
  }
  units.push_back(vocabulary.acquire("https://", &made));
  return units;
}

using Counts = std::map<UnitId, Follower>;

void compare_order(const Vocabulary& vocabulary, const Followers& followers,
                   const Counts& expected) {
  expect(followers.entries.size() == expected.size(), "as many entries");
  double weight = 0;
  double types = 0;
  for (std::size_t i = 0; i < followers.entries.size(); ++i) {
    const Follower& each = followers.entries[i];
    weight += kToday.weight(each);
    types += kToday.factor(each);
    const auto found = expected.find(each.unit());
    expect(found != expected.end() && found->second.count == each.count, "its count");
    if (i == 0) continue;
    expect(vocabulary.compare(followers.entries[i - 1].unit(), each.unit()) < 0, "in order");
  }
  expect(std::abs(followers.weight - weight) < 1e-6, "the sum of weights");
  expect(std::abs(followers.types - types) < 1e-6, "the sum of types");
}

void compare_searches(const Vocabulary& vocabulary, const Followers& followers,
                      const Counts& expected, const std::vector<UnitId>& units) {
  for (const UnitId unit : units) {
    const auto found = expected.find(unit);
    const std::uint32_t count = found == expected.end() ? 0 : found->second.count;
    expect(count_of(vocabulary, followers, unit) == count, "found by unit");
  }
  for (const std::string_view prefix :
       {"", "w", "w1", "h", "https://", "https://1", "https://14", "x", "a"}) {
    const auto begins = [&](const Follower& each) {
      return vocabulary.folded_text(each.unit()).starts_with(prefix);
    };
    const auto count = std::count_if(followers.entries.begin(), followers.entries.end(), begins);
    const auto range = with_prefix(vocabulary, followers, prefix);
    expect(std::ssize(range) == count && std::all_of(range.begin(), range.end(), begins),
           "found by prefix");
    std::uint16_t most = 0;
    each_above(followers, range, [&](const Follower& each) {
      most = std::max(most, each.count);
      return std::uint32_t{most};
    });
    const auto less = [](const Follower& a, const Follower& b) { return a.count < b.count; };
    const auto best = std::max_element(range.begin(), range.end(), less);
    expect(best == range.end() || best->count == most, "the most uses are not passed over");
  }
}

void change(const Vocabulary& vocabulary, FollowerList& list, Counts& expected, UnitId unit,
            std::int64_t by, Day day) {
  list.add(vocabulary, kToday, unit, by, day);
  Follower& each = expected.try_emplace(unit, unit, Casing::kOther, false, std::uint16_t{0}, Day{0})
                       .first->second;
  each.change(by);
  if (each.count == 0) expected.erase(unit);
}

void long_lists_are_searched_like_short_ones() {
  Vocabulary vocabulary(Background::empty());
  const std::vector<UnitId> units = make_units(vocabulary);
  FollowerList list;
  Counts expected;
  std::uint32_t random = 7;
  for (int round = 0; round < 6000; ++round) {
    random = random * 1664525 + 1013904223;
    const UnitId unit = units[(random >> 8) % units.size()];
    const bool shrinks = (round / 1500) % 2 == 1;
    const int by = (random >> 28) % 3 == 0 ? (shrinks ? 1 : -2) : (shrinks ? -40 : 30);
    change(vocabulary, list, expected, unit, by, static_cast<Day>(kFirstDay + round % 40));
    if (round % 250 != 0) continue;
    const Followers followers = list.view(kToday);
    compare_order(vocabulary, followers, expected);
    compare_searches(vocabulary, followers, expected, units);
    FollowerList copy;
    copy.assign(vocabulary, list.entries());
    compare_order(vocabulary, copy.view(kToday), expected);
    compare_searches(vocabulary, copy.view(kToday), expected, units);
  }
}

void counts_stop_at_what_they_hold() {
  Vocabulary vocabulary(Background::empty());
  bool made = false;
  const UnitId unit = vocabulary.acquire("a", &made);
  FollowerList list;
  list.add(vocabulary, kToday, unit, 70000, kFirstDay);
  expect(list.entries().front().count == 65535, "no more than 16 bits");
  list.add(vocabulary, kToday, unit, -65535, 0);
  expect(list.entries().empty(), "and none below 0");
}

}  // namespace
}  // namespace foretype::trie

int main() {
  using namespace foretype::trie;
  long_lists_are_searched_like_short_ones();
  counts_stop_at_what_they_hold();
  return failures == 0 ? 0 : 1;
}
