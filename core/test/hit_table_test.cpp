// The hit table: where things are counted, and its bytes.
#include "statistics/hit_table.h"

#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>

#include "statistics/window.h"

namespace {

using foretype::Source;
using foretype::profile::Decoder;
using foretype::profile::put_number;
using foretype::statistics::Event;
using foretype::statistics::HitTable;
using foretype::statistics::Window;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

void cells_are_in_order() {
  expect(HitTable::cell_of(1, 0, 0, Source::kTrie) == 0, "the first");
  expect(HitTable::cell_of(1, 0, 0, Source::kBoth) == 2, "sources are next to each other");
  expect(HitTable::cell_of(1, 0, 1, Source::kTrie) == 3, "then letters typed");
  expect(HitTable::cell_of(1, 0.1, 0, Source::kTrie) == 12, "then deciles");
  expect(HitTable::cell_of(2, 0, 0, Source::kTrie) == 120, "then ranks");
  expect(HitTable::cell_of(5, 1, 9, Source::kBoth) == HitTable::kCells - 1, "the last");
}

void any_number_has_a_cell() {
  const std::size_t zero = HitTable::cell_of(1, 0, 0, Source::kTrie);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  expect(HitTable::cell_of(1, nan, 0, Source::kTrie) == zero, "no number");
  expect(HitTable::cell_of(1, -1, -5, Source::kTrie) == zero, "below");
  expect(HitTable::cell_of(1, infinity, 0, Source::kTrie) ==
             HitTable::cell_of(1, 0.95, 0, Source::kTrie),
         "above");
  expect(HitTable::cell_of(0, 0.5, 0, Source::kTrie) == HitTable::kNoCell &&
             HitTable::cell_of(6, 0.5, 0, Source::kTrie) == HitTable::kNoCell,
         "ranks 1 to 5");
  HitTable table;
  table.count(Event::kShown, HitTable::kNoCell);
  expect(table == HitTable(), "others are not counted");
}

std::string body(std::initializer_list<std::uint64_t> numbers) {
  std::string out;
  for (const std::uint64_t each : numbers) put_number(each, &out);
  return out;
}

HitTable read(const std::string& bytes, bool* ok) {
  Decoder decoder(bytes);
  HitTable table;
  table.read(&decoder);
  *ok = !decoder.failed() && decoder.at_end();
  return table;
}

void bytes_there_and_back() {
  HitTable table;
  for (int i = 0; i < 300; ++i) table.count(Event::kShown, 7);
  table.count(Event::kRetained, HitTable::kCells - 1);
  std::string bytes;
  table.write(&bytes);
  expect(bytes == body({2, 7, 299, 2991, 0}), "gaps and counts");
  bool ok = false;
  expect(read(bytes, &ok) == table && ok, "read back");
  expect(read(body({1, 0, 0xFFFFFFFE}), &ok).at(Event::kShown, 0) == 0xFFFFFFFF && ok, "the most");
  HitTable full = read(body({1, 0, 0xFFFFFFFE}), &ok);
  full.count(Event::kShown, 0);
  expect(full.at(Event::kShown, 0) == 0xFFFFFFFF, "and no more");
}

void refuses_damage() {
  bool ok = true;
  read(body({1, 3000, 0}), &ok);
  expect(!ok, "a cell too far");
  read(body({2, 2999, 0, 0, 0}), &ok);
  expect(!ok, "a second one too far");
  read(body({1, 0, 0xFFFFFFFF}), &ok);
  expect(!ok, "a count too high");
  read(body({3001}), &ok);
  expect(!ok, "too many cells");
  read(body({1, 0}), &ok);
  expect(!ok, "cut off");
}

void a_section_there_and_back() {
  Window window;
  window.hits.count(Event::kMissed, 5);
  const std::string bytes = window.save();
  expect(Window::load(bytes).value().hits == window.hits, "read back");
  expect(Window::load("").value().hits == HitTable(), "an empty section");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    expect(!Window::load(damaged).ok(), "any damage is seen");
    expect(i == 0 || !Window::load(bytes.substr(0, i)).ok(), "and any end");
  }
}

}  // namespace

int main() {
  cells_are_in_order();
  any_number_has_a_cell();
  bytes_there_and_back();
  refuses_damage();
  a_section_there_and_back();
  return failures == 0 ? 0 : 1;
}
