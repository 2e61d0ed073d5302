#include "foretype/session.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bindings.h"
#include "engine.h"

namespace foretype::bindings {
namespace {

namespace nb = nanobind;
using namespace nb::literals;

nb::tuple candidate_tuple(const Candidate& candidate) {
  return nb::make_tuple(as_bytes(candidate.text), static_cast<int>(candidate.source),
                        candidate.probability, candidate.trie, candidate.language_model,
                        candidate.order, candidate.count,
                        std::vector<float>(candidate.features.begin(), candidate.features.end()),
                        candidate.holds_space, candidate.space);
}

nb::tuple suggestion_tuple(const Suggestion& suggestion) {
  nb::list candidates;
  for (const Candidate& candidate : suggestion.candidates) {
    candidates.append(candidate_tuple(candidate));
  }
  return nb::make_tuple(suggestion.shown, as_bytes(suggestion.text), suggestion.piece_ends,
                        candidates);
}

nb::tuple timing_tuple(const Timing& timing) {
  return nb::make_tuple(timing.total_us, timing.trie_us, timing.language_model_us, timing.rank_us,
                        timing.computed_tokens, timing.cached_tokens, timing.complete);
}

nb::list judged_list(std::span<const outcome::Judged> judged) {
  nb::list labels;
  for (const outcome::Judged& each : judged) {
    const auto* features = reinterpret_cast<const char*>(each.features.data());
    labels.append(nb::make_tuple(each.right, each.rank, each.typed, static_cast<int>(each.source),
                                 static_cast<int>(each.reaction), each.probability,
                                 nb::bytes(features, sizeof(each.features))));
  }
  return labels;
}

using Span = std::pair<std::size_t, std::size_t>;

// A session keeps the engine's buffer alive.
struct PySession {
  std::shared_ptr<Buffer> model_bytes;
  Session session;
};

PySession make_session(const PyEngine& engine, std::shared_ptr<Profile> profile,
                       const nb::bytes& context, const context::Field& field, bool trie,
                       bool language_model, double wrong_per_100_words, const nb::dict& tuning) {
  Options options;
  options.context = view(context);
  options.refusal = context::refusal_of(field);
  options.trie = trie;
  options.language_model = language_model;
  options.dial.wrong_per_100_words = wrong_per_100_words;
  for (auto [key, value] : tuning) {
    const std::string name = nb::cast<std::string>(key);
    if (name == "next_word") options.next_word = nb::cast<double>(value) != 0;
    if (name == "phrase_least") options.phrases.least = nb::cast<double>(value);
    if (name == "phrase_certain") options.phrases.certain = nb::cast<double>(value);
    if (name == "phrase_read") options.phrases.read = nb::cast<double>(value);
    if (name == "phrase_declined") options.phrases.declined = nb::cast<double>(value) != 0;
    if (name == "passed_over") options.passed_over = nb::cast<double>(value) != 0;
    if (name == "statistics") options.statistics = nb::cast<double>(value) != 0;
    if (name == "candidates") options.candidates = static_cast<int>(nb::cast<double>(value));
    if (name == "rounds") options.effort.rounds = static_cast<int>(nb::cast<double>(value));
    if (name == "tokens_a_round")
      options.effort.tokens_a_round = static_cast<int>(nb::cast<double>(value));
    if (name == "smallest_share") options.effort.smallest_share = nb::cast<double>(value);
    if (name == "tokens_a_thought")
      options.effort.tokens_a_thought = static_cast<int>(nb::cast<double>(value));
    if (name == "smallest_thought") options.effort.smallest_thought = nb::cast<double>(value);
    if (name == "window") options.effort.window = static_cast<int>(nb::cast<double>(value));
    if (name == "memory_tokens")
      options.effort.memory_tokens = static_cast<int>(nb::cast<double>(value));
    if (name == "language_model") options.language_model_share = nb::cast<double>(value);
    if (name == "ranker") options.ranker = nb::cast<double>(value) != 0;
    if (name == "learns_judgement") options.learns_judgement = nb::cast<double>(value) != 0;
    if (name == "learns_from_shown") options.learns_from_shown = nb::cast<double>(value) != 0;
    if (name == "holds_space") options.holds_space = nb::cast<double>(value) != 0;
  }
  return {engine.model_bytes, Session(engine.engine, std::move(profile), options)};
}

}  // namespace

void bind_session(nb::module_& m) {
  nb::class_<PySession>(m, "Session")
      .def(
          "set_text",
          [](PySession& self, const nb::bytes& before, const nb::bytes& after,
             const std::optional<std::vector<Span>>& untyped) {
            if (!untyped) return self.session.set_text(view(before), view(after));
            std::vector<context::Range> ranges;
            for (const auto& [begin, end] : *untyped) ranges.push_back({begin, end});
            self.session.set_text(view(before), view(after), ranges);
          },
          "before"_a, "after"_a, "untyped"_a = nb::none(),
          "`untyped`: (begin, end) of bytes of before + after that the user did not type.")
      .def("paste", [](PySession& self, const nb::bytes& text) { self.session.paste(view(text)); })
      .def("refused", [](const PySession& self) { return self.session.refused(); })
      .def("before", [](const PySession& self) { return as_bytes(self.session.before()); })
      .def("suggest",
           [](PySession& self, std::int64_t budget_us) {
             return suggestion_tuple(self.session.suggest(budget_us));
           })
      .def(
          "extended",
          [](PySession& self) -> std::optional<nb::tuple> {
            if (!self.session.extend()) return std::nullopt;
            return suggestion_tuple(self.session.suggestion());
          },
          "What is shown, if it grew since it was last asked for; else None.")
      .def("timing", [](const PySession& self) { return timing_tuple(self.session.timing()); })
      .def("accept",
           [](PySession& self, int pieces) { return as_bytes(self.session.accept(pieces)); })
      .def(
          "judged", [](const PySession& self) { return judged_list(self.session.judged()); },
          nb::sig("def judged(self) -> list[tuple[bool, int, int, int, int, float, bytes]]"),
          "The labels that the last change of the text gave: (right, rank, letters typed, source, "
          "reaction, probability, features as float32) of each proposal. Reactions: 0 not on "
          "screen, 1 passed, 2 dismissed, 3 taken, 4 taken in part, 5 erased.")
      .def("think", [](PySession& self) { return self.session.think(); })
      .def("dismiss", [](PySession& self) { self.session.dismiss(); })
      .def("hush", [](PySession& self) { self.session.hush(); })
      .def("finish", [](PySession& self) { self.session.finish(); });
  m.def("make_session", &make_session);
}

}  // namespace foretype::bindings
