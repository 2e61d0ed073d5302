// The parts that gather statistics, each alone: what tests compare with their slow twins.
#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "bindings.h"
#include "engine.h"
#include "profile/encoding.h"
#include "profile_statistics.h"
#include "statistics/prototypes.h"
#include "statistics/signatures.h"

namespace foretype::bindings {
namespace {

namespace nb = nanobind;
using namespace nb::literals;
using statistics::Projection;
using statistics::Prototypes;
using statistics::Signatures;
using statistics::State;

std::vector<float> floats_of(const nb::bytes& bytes, std::size_t count) {
  if (bytes.size() != count * sizeof(float)) throw nb::value_error("not so many float32");
  std::vector<float> values(count);
  std::memcpy(values.data(), bytes.c_str(), bytes.size());
  return values;
}

State state_of(const nb::bytes& bytes) {
  const std::vector<float> values = floats_of(bytes, statistics::kDimensions);
  State state;
  std::copy(values.begin(), values.end(), state.begin());
  return state;
}

void bind_projection(nb::module_& m) {
  nb::class_<Projection>(m, "Projection", "The public projection of hidden states.")
      .def(nb::init<std::size_t>(), "width"_a)
      .def(
          "project",
          [](const Projection& self, const nb::bytes& x) {
            return as_bytes(self.project(floats_of(x, self.width()).data()));
          },
          "x"_a, "float32 [width] -> float32 [64].")
      .def_static("is_negative", &Projection::is_negative, "row"_a, "column"_a);
}

bool read_prototypes(Prototypes& self, const nb::bytes& bytes) {
  profile::Decoder decoder(view(bytes));
  return self.read(&decoder) && !decoder.failed() && decoder.at_end();
}

void bind_prototypes(nb::module_& m) {
  nb::class_<Prototypes>(m, "Prototypes", "Means of projected states, float32 [64].")
      .def(nb::init<>())
      .def(
          "add",
          [](Prototypes& self, const nb::bytes& state, bool hit) {
            return self.add(state_of(state), hit);
          },
          "state"_a, "hit"_a, "False, and nothing done, for a state that is not usable.")
      .def("hit_rate", [](const Prototypes& self,
                          const nb::bytes& state) { return self.hit_rate(state_of(state)); })
      .def("all", &prototypes_tuple, nb::sig("def all(self) -> tuple[bytes, list[int], list[int]]"))
      .def("drop_small", &Prototypes::drop_small)
      .def("write",
           [](const Prototypes& self) {
             std::string bytes;
             self.write(&bytes);
             return as_bytes(bytes);
           })
      .def("read", &read_prototypes, "bytes"_a, "False, and none, where they are damaged.");
}

void bind_signatures(nb::module_& m) {
  nb::class_<Signatures>(m, "Signatures", "Mini-batches of one layer after the other.")
      .def(nb::init<>())
      .def(
          "fit", [](Signatures& self, const std::vector<std::size_t>& units) { self.fit(units); },
          "units"_a, "For a model with so many units in each layer.")
      .def("layer", &Signatures::layer, "The one that is watched, -1 for none.")
      .def(
          "add",
          [](Signatures& self, int layer, const nb::bytes& input, const nb::bytes& activations) {
            const std::size_t units = activations.size() / sizeof(float);
            self.add(layer, state_of(input), floats_of(activations, units));
          },
          "layer"_a, "input"_a, "activations"_a)
      .def("tokens", &Signatures::tokens, "Of the mini-batch that is not finished.")
      .def("refused", &Signatures::refused)
      .def("take", &taken_list, nb::sig("def take(self) -> list[tuple[int, int, bytes, bytes]]"))
      .def("wipe", &Signatures::wipe);
}

}  // namespace

void bind_statistics(nb::module_& m) {
  bind_projection(m);
  bind_prototypes(m);
  bind_signatures(m);
}

}  // namespace foretype::bindings
