#include "profile/judgement.h"

#include <nanobind/stl/array.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <tuple>
#include <vector>

#include "bindings.h"
#include "engine.h"

namespace foretype::bindings {
namespace {

namespace nb = nanobind;
using namespace nb::literals;
using profile::Judgement;
using rank::Features;

// (text, trie, language model, source, order, count)
using Proposed = std::tuple<nb::bytes, double, double, int, int, int>;

std::vector<Features> features(const nb::bytes& prefix, bool language_model_answered, double share,
                               const std::vector<Proposed>& proposed) {
  std::vector<Candidate> candidates;
  for (const auto& [text, trie, model, source, order, count] : proposed) {
    Candidate& candidate = candidates.emplace_back();
    candidate.text = view(text);
    candidate.trie = trie;
    candidate.language_model = model;
    candidate.source = static_cast<Source>(source);
    candidate.order = order;
    candidate.count = count;
  }
  const rank::Round round{view(prefix), language_model_answered, share};
  rank::mix(round, &candidates);
  rank::describe(round, &candidates);
  std::vector<Features> all;
  for (const Candidate& candidate : candidates) all.push_back(candidate.features);
  return all;
}

std::array<double, rank::kFeatures> weights(const Judgement& self) {
  std::array<double, rank::kFeatures> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = self.ranker.weight(i);
  return all;
}

}  // namespace

void bind_judgement(nb::module_& m) {
  m.def("features", &features, "prefix"_a, "language_model_answered"_a, "share"_a, "proposed"_a,
        "Of proposals (text, trie, language model, source, order, count) of one round.");
  nb::class_<Judgement>(m, "Judgement", "What outcomes taught: ranker, calibration, gate.")
      .def(nb::init<>())
      .def("weights", &weights)
      .def("probability",
           [](const Judgement& self, const Features& x) { return self.ranker.probability(x); })
      .def("learn",
           [](Judgement& self, const Features& x, bool right) { self.ranker.learn(x, right); })
      .def("calibrated",
           [](const Judgement& self, double p) { return self.calibration.calibrated(p); })
      .def("calibrate",
           [](Judgement& self, double p, bool right) { self.calibration.learn(p, right); })
      .def("price", [](const Judgement& self, double dial) { return self.gate.price({dial}); })
      .def("finished_word", [](Judgement& self, double dial,
                               int wrong_shows) { self.gate.finished_word({dial}, wrong_shows); })
      .def("save", [](const Judgement& self) { return as_bytes(self.save()); })
      .def("load", [](Judgement& self, const nb::bytes& bytes) { return self.load(view(bytes)); });
}

}  // namespace foretype::bindings
