#include "propose/trie/trie.h"

#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings.h"
#include "buffer.h"
#include "context/units.h"
#include "errors.h"

namespace foretype::bindings {
namespace {

namespace nb = nanobind;
using namespace nb::literals;

std::shared_ptr<const trie::Background> parse_background(nb::handle object) {
  const Buffer buffer(object);
  return value_or_raise(trie::Background::parse(buffer.bytes()), "BackgroundError");
}

std::vector<std::string> cut_units(const std::string& text) {
  std::vector<std::string> result;
  for (const context::Unit& unit : context::units(text)) {
    result.emplace_back(context::unit_text(text, unit));
  }
  return result;
}

void make_trie(trie::Trie* place, std::shared_ptr<const trie::Background> background,
               const std::optional<trie::Weights>& weights) {
  new (place) trie::Trie(std::move(background), weights.value_or(trie::Weights{}));
}

trie::Trie load_trie(nb::handle object, std::shared_ptr<const trie::Background> background,
                     const std::optional<trie::Weights>& weights) {
  const Buffer buffer(object);
  return value_or_raise(
      trie::Trie::load(buffer.bytes(), std::move(background), weights.value_or(trie::Weights{})),
      "ProfileError");
}

nb::bytes save_trie(const trie::Trie& self) {
  const std::string bytes = self.save();
  return nb::bytes(bytes.data(), bytes.size());
}

void bind_weights(nb::module_& m) {
  nb::class_<trie::Weights>(m, "TrieWeights", "The numbers of the trie's probability.")
      .def(nb::init<>())
      .def_rw("discount", &trie::Weights::discount)
      .def_rw("strength", &trie::Weights::strength)
      .def_rw("background_bigrams", &trie::Weights::background_bigrams)
      .def_rw("recent", &trie::Weights::recent)
      .def_rw("recent_units", &trie::Weights::recent_units)
      .def_rw("to_title", &trie::Weights::to_title)
      .def_rw("to_upper", &trie::Weights::to_upper)
      .def_rw("to_lower", &trie::Weights::to_lower)
      .def_rw("shout_uses", &trie::Weights::shout_uses)
      .def_rw("opening_capitals", &trie::Weights::opening_capitals)
      .def_rw("opening_smalls", &trie::Weights::opening_smalls)
      .def_rw("context_unigrams", &trie::Weights::context_unigrams)
      .def_rw("half_life_days", &trie::Weights::half_life_days)
      .def_rw("faded", &trie::Weights::faded)
      .def_rw("offered", &trie::Weights::offered)
      .def_rw("phrase_uses", &trie::Weights::phrase_uses)
      .def_rw("phrase_share", &trie::Weights::phrase_share);
}

void bind_rows(nb::module_& m) {
  nb::class_<trie::WordRow>(m, "WordRow",
                            "One unit in use, in one case form. Days from 1970-01-01.")
      .def(nb::init<std::string, std::uint32_t, std::uint32_t, std::uint16_t, std::uint16_t,
                    trie::Day, trie::Day>(),
           "unit"_a, nb::kw_only(), "inside"_a = 0, "opening"_a = 0, "accepted"_a = 0,
           "rejected"_a = 0, "first_day"_a = 0, "last_day"_a = 0)
      .def_ro("unit", &trie::WordRow::unit)
      .def_ro("inside", &trie::WordRow::inside)
      .def_ro("opening", &trie::WordRow::opening)
      .def_ro("accepted", &trie::WordRow::accepted)
      .def_ro("rejected", &trie::WordRow::rejected)
      .def_ro("first_day", &trie::WordRow::first_day)
      .def_ro("last_day", &trie::WordRow::last_day);

  nb::class_<trie::NgramRow>(m, "NgramRow", "One n-gram of order 2 to 5; context oldest first.")
      .def(nb::init<std::vector<std::string>, std::string, std::uint32_t, trie::Day>(), "context"_a,
           "unit"_a, nb::kw_only(), "count"_a, "day"_a = 0)
      .def_ro("context", &trie::NgramRow::context)
      .def_ro("unit", &trie::NgramRow::unit)
      .def_ro("count", &trie::NgramRow::count)
      .def_ro("day", &trie::NgramRow::day);
}

std::vector<trie::WordRow> words_of(const trie::Trie& self) {
  std::vector<trie::WordRow> rows;
  self.each_word([&](const trie::WordRow& row) { rows.push_back(row); });
  return rows;
}

std::pair<std::vector<trie::NgramRow>, std::optional<std::size_t>> ngrams_of(const trie::Trie& self,
                                                                             std::size_t start,
                                                                             std::size_t most) {
  std::vector<trie::NgramRow> rows;
  const std::size_t next = self.ngram_rows(start, most, &rows);
  if (next == trie::Trie::kNoMoreRows) return {std::move(rows), std::nullopt};
  return {std::move(rows), next};
}

}  // namespace

void bind_trie(nb::module_& m) {
  m.def("cut_units", &cut_units, "text"_a, "The units of a text: words, marks, line ends.");
  m.def(
      "fold_case", [](const std::string& text) { return trie::fold(text); }, "text"_a,
      "Every letter small, in the trie's sense: the number of bytes stays.");

  nb::class_<trie::Background>(m, "Background", "English unigrams and bigrams, read-only.")
      .def_static("parse", &parse_background, "buffer"_a,
                  nb::sig("def parse(buffer: collections.abc.Buffer) -> Background"),
                  "Check and take a background file. Raises foretype.errors.BackgroundError.")
      .def_prop_ro("words", &trie::Background::words);

  nb::class_<trie::Candidate>(m, "TrieCandidate", "A unit that fits, with its probability.")
      .def_ro("unit", &trie::Candidate::unit)
      .def_ro("probability", &trie::Candidate::probability)
      .def_ro("order", &trie::Candidate::order)
      .def_ro("count", &trie::Candidate::count);

  nb::class_<trie::Proposal>(m, "TrieProposal", "Candidates, best first, and the prefix's mass.")
      .def_ro("candidates", &trie::Proposal::candidates)
      .def_ro("mass", &trie::Proposal::mass)
      .def_ro("rest", &trie::Proposal::rest);

  bind_weights(m);
  bind_rows(m);

  nb::enum_<trie::Base>(m, "TrieBase", "What a trie stands on.")
      .value("BACKGROUND", trie::Base::kBackground, "English.")
      .value("NOTHING", trie::Base::kNothing, "Another trie, which gets the rest.");

  using Units = std::vector<std::string>;
  nb::class_<trie::Trie>(m, "Trie", "The user's n-grams of orders 1 to 5, on a background.")
      .def("__init__", &make_trie, "background"_a.none() = nb::none(), "weights"_a = nb::none())
      .def(
          "learn",
          [](trie::Trie& self, const Units& history, const std::string& unit) {
            self.learn(history, unit);
          },
          "history"_a, "unit"_a, "One more use of `unit` after `history` (oldest first).")
      .def(
          "unlearn",
          [](trie::Trie& self, const Units& history, const std::string& unit) {
            self.unlearn(history, unit);
          },
          "history"_a, "unit"_a, "The exact inverse of learn().")
      .def("set_today", &trie::Trie::set_today, "day"_a, "The day, counted from 1970-01-01.")
      .def("accepted", &trie::Trie::accepted, "unit"_a, "change"_a = 1,
           "Suggestions of `unit` that were taken and kept: so many more.")
      .def("rejected", &trie::Trie::rejected, "unit"_a, "change"_a = 1,
           "Suggestions of `unit` that were taken and then erased: so many more.")
      .def(
          "propose",
          [](const trie::Trie& self, const Units& history, const std::string& prefix,
             bool sentence_start, int limit, trie::Base base) {
            return self.propose(history, prefix, sentence_start, limit, base);
          },
          "history"_a, "prefix"_a, nb::kw_only(), "sentence_start"_a = false, "limit"_a = 5,
          "base"_a = trie::Base::kBackground,
          "Units that begin with `prefix`, at most `limit`, most probable first.")
      .def(
          "probability",
          [](const trie::Trie& self, const Units& history, const std::string& unit,
             bool sentence_start,
             trie::Base base) { return self.probability(history, unit, sentence_start, base); },
          "history"_a, "unit"_a, nb::kw_only(), "sentence_start"_a = false,
          "base"_a = trie::Base::kBackground,
          "P(unit | history) of one unit, as it would be shown.")
      .def(
          "rest", [](const trie::Trie& self, const Units& history) { return self.rest(history); },
          "history"_a, "The share of P that a trie on NOTHING leaves to the one below.")
      .def(
          "phrase",
          [](const trie::Trie& self, const Units& history) { return self.phrase(history); },
          "history"_a, "The units that follow `history` with near certainty.")
      .def("words", &words_of, "Every unit in use.")
      .def("ngram_rows", &ngrams_of, "start"_a = 0, "most"_a = 4096,
           "About `most` n-grams of order 2 and more, and where to go on; None at the end.")
      .def("describe", &trie::Trie::describe, "word"_a, "Every form of a word that is in use.")
      .def("add", nb::overload_cast<const trie::WordRow&, int>(&trie::Trie::add), "row"_a,
           "sign"_a = 1)
      .def("add", nb::overload_cast<const trie::NgramRow&, int>(&trie::Trie::add), "row"_a,
           "sign"_a = 1, "Add the counts of a row (sign 1) or take them away (sign -1).")
      .def("add_all", &trie::Trie::add_all, "other"_a, "sign"_a = 1,
           "The same for every row of another trie.")
      .def("forget_word", &trie::Trie::forget_word, "word"_a,
           "Forget a word in every case form; the number of n-grams that went.")
      .def(
          "forget_phrase",
          [](trie::Trie& self, const Units& units) { return self.forget_phrase(units); }, "units"_a,
          "Forget the n-grams that hold neighbouring units of a phrase.")
      .def("prune", &trie::Trie::prune, "most_ngrams"_a,
           "Drop what is least useful until at most so many n-grams are left.")
      .def("save", &save_trie, "Everything as bytes: docs/formats/profile.md, trie section.")
      .def_static("load", &load_trie, "buffer"_a, "background"_a.none() = nb::none(),
                  "weights"_a = nb::none(),
                  nb::sig("def load(buffer: collections.abc.Buffer, background: Background | None "
                          "= None, weights: TrieWeights | None = None) -> Trie"),
                  "The trie that save() made bytes of. Raises foretype.errors.ProfileError.")
      .def_prop_ro("ngrams", &trie::Trie::ngrams)
      .def_prop_ro("memory_bytes", &trie::Trie::memory_bytes)
      .def(
          "__eq__", [](const trie::Trie& self, const trie::Trie& other) { return self == other; },
          nb::is_operator());
}

}  // namespace foretype::bindings
