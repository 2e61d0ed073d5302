// The profile's counts as plain tuples.
#include <nanobind/stl/vector.h>

#include <string>
#include <vector>

#include "engine.h"
#include "profile.h"
#include "propose/trie/rows.h"
#include "propose/trie/vocabulary.h"

namespace foretype::bindings {
namespace {

namespace nb = nanobind;
using namespace nb::literals;

int rung(const trie::WordRow& row) {
  trie::UnitRecord record;
  record.inside = row.inside;
  record.opening = row.opening;
  record.accepted = row.accepted;
  record.rejected = row.rejected;
  return static_cast<int>(trie::rung_of(record));
}

nb::tuple word_tuple(const trie::WordRow& row) {
  return nb::make_tuple(as_bytes(row.unit), row.inside, row.opening, row.accepted, row.rejected,
                        row.first_day, row.last_day);
}

nb::tuple ngram_tuple(const trie::NgramRow& row) {
  nb::list context;
  for (const std::string& unit : row.context) context.append(as_bytes(unit));
  return nb::make_tuple(nb::tuple(context), as_bytes(row.unit), row.count, row.day);
}

/// The trie of a context; null where there is none.
const trie::Trie* trie_of(const Profile& self, const nb::bytes& context) {
  return context.size() == 0 ? &self.trie() : self.own(view(context));
}

nb::list describe(const Profile& self, const nb::bytes& word) {
  nb::list found;
  const auto add = [&](std::string_view context, const trie::Trie& trie) {
    for (const trie::WordRow& row : trie.describe(view(word))) {
      found.append(nb::make_tuple(as_bytes(context), rung(row)) + word_tuple(row));
    }
  };
  add({}, self.trie());
  for (const auto& [name, context] : self.contexts().named()) add(name, context.trie);
  return found;
}

nb::list newest_words(const Profile& self, const nb::bytes& context, const nb::bytes& prefix,
                      bool own_only, std::size_t most) {
  nb::list found;
  const trie::Trie* trie = trie_of(self, context);
  if (trie == nullptr) return found;
  const std::string folded = trie::fold(view(prefix));
  for (const trie::WordEntry& each : trie->newest_words(folded, own_only, most)) {
    found.append(nb::make_tuple(as_bytes(each.word), each.uses, each.first_day, each.last_day));
  }
  return found;
}

std::size_t word_count(const Profile& self, const nb::bytes& context) {
  const trie::Trie* trie = trie_of(self, context);
  return trie == nullptr ? 0 : trie->words();
}

nb::list words(const Profile& self, const nb::bytes& context, std::size_t first, std::size_t most) {
  nb::list found;
  const trie::Trie* trie = trie_of(self, context);
  if (trie == nullptr) return found;
  std::size_t at = 0;
  trie->each_word([&](const trie::WordRow& row) {
    if (at >= first && at - first < most) found.append(word_tuple(row) + nb::make_tuple(rung(row)));
    ++at;
  });
  return found;
}

nb::tuple ngram_rows(const Profile& self, const nb::bytes& context, std::size_t first,
                     std::size_t most) {
  std::vector<trie::NgramRow> rows;
  const trie::Trie* trie = trie_of(self, context);
  const std::size_t next =
      trie == nullptr ? trie::Trie::kNoMoreRows : trie->ngram_rows(first, most, &rows);
  nb::list found;
  for (const trie::NgramRow& row : rows) found.append(ngram_tuple(row));
  if (next == trie::Trie::kNoMoreRows) return nb::make_tuple(found, nb::none());
  return nb::make_tuple(found, next);
}

void add_word_row(Profile& self, const nb::bytes& context, const nb::bytes& unit,
                  std::uint32_t inside, std::uint32_t opening, std::uint16_t accepted,
                  std::uint16_t rejected, trie::Day first_day, trie::Day last_day) {
  self.add(view(context), trie::WordRow{std::string(view(unit)), inside, opening, accepted,
                                        rejected, first_day, last_day});
}

void add_ngram_row(Profile& self, const nb::bytes& context, const std::vector<nb::bytes>& units,
                   const nb::bytes& unit, std::uint32_t count, trie::Day day) {
  trie::NgramRow row{{}, std::string(view(unit)), count, day};
  for (const nb::bytes& each : units) row.context.emplace_back(view(each));
  self.add(view(context), row);
}

}  // namespace

void bind_rows(nb::class_<Profile>& profile) {
  profile
      .def("describe", &describe, "word"_a,
           nb::sig("def describe(self, word: bytes) -> "
                   "list[tuple[bytes, int, bytes, int, int, int, int, int, int]]"),
           "(context, rung, unit, inside, opening, accepted, rejected, first day, last day) of "
           "each form in each context.")
      .def("newest_words", &newest_words, "context"_a, "prefix"_a, "own_only"_a, "most"_a,
           nb::sig("def newest_words(self, context: bytes, prefix: bytes, own_only: bool, "
                   "most: int) -> list[tuple[bytes, int, int, int]]"),
           "(folded word, uses, first day, last day), the newest first.")
      .def("word_count", &word_count, "context"_a, "Words in use, each in all its forms.")
      .def("words", &words, "context"_a, "first"_a, "most"_a,
           nb::sig("def words(self, context: bytes, first: int, most: int) -> "
                   "list[tuple[bytes, int, int, int, int, int, int, int]]"),
           "(unit, inside, opening, accepted, rejected, first day, last day, rung), at most `most` "
           "from number `first` on.")
      .def("ngram_rows", &ngram_rows, "context"_a, "first"_a, "most"_a,
           nb::sig("def ngram_rows(self, context: bytes, first: int, most: int) -> "
                   "tuple[list[tuple[tuple[bytes, ...], bytes, int, int]], int | None]"),
           "(context units, unit, count, day), about `most` from `first` on, which is 0 at the "
           "start; and where to go on, None at the end.")
      .def("add_word_row", &add_word_row, "context"_a, "unit"_a, "inside"_a, "opening"_a,
           "accepted"_a, "rejected"_a, "first_day"_a, "last_day"_a)
      .def("add_ngram_row", &add_ngram_row, "context"_a, "units"_a, "unit"_a, "count"_a, "day"_a);
}

}  // namespace foretype::bindings
