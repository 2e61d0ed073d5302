#include "profile_statistics.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include <span>
#include <string>

#include "engine.h"
#include "profile.h"

namespace foretype::bindings {
namespace {

namespace nb = nanobind;
using namespace nb::literals;

nb::list neighbours(const Profile& self) {
  const statistics::Neighbours& ring = self.statistics().neighbours;
  nb::list neighbours;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    nb::list ranking;
    for (std::size_t rank = 0; rank < ring.at(i).ranking.count; ++rank) {
      ranking.append(ring.at(i).ranking.words[rank]);
    }
    neighbours.append(nb::make_tuple(as_bytes(ring.at(i).state), ranking));
  }
  return neighbours;
}

}  // namespace

nb::tuple prototypes_tuple(const statistics::Prototypes& prototypes) {
  std::string centroids;
  nb::list hits, misses;
  for (const statistics::Prototype& each : prototypes.all()) {
    centroids.append(reinterpret_cast<const char*>(each.centroid.data()), sizeof(each.centroid));
    hits.append(each.hits);
    misses.append(each.misses);
  }
  return nb::make_tuple(as_bytes(centroids), hits, misses);
}

nb::list taken_list(statistics::Signatures& signatures) {
  nb::list taken;
  for (const statistics::Signature& each : signatures.take()) {
    taken.append(
        nb::make_tuple(each.layer, each.tokens, as_bytes(each.means), as_bytes(each.activity)));
  }
  return taken;
}

void bind_statistics(nb::class_<Profile>& profile) {
  profile
      .def(
          "prototypes",
          [](const Profile& self) { return prototypes_tuple(self.statistics().prototypes); },
          nb::sig("def prototypes(self) -> tuple[bytes, list[int], list[int]]"),
          "float32 [n][64] means of projected states; hits; misses.")
      .def("neighbours", &neighbours,
           nb::sig("def neighbours(self) -> list[tuple[bytes, list[int]]]"),
           "The last word starts, oldest first: projected state, float32 [64], and hashes of the "
           "proposals, best first.")
      .def(
          "take_signatures", [](Profile& self) { return taken_list(self.statistics().signatures); },
          nb::sig("def take_signatures(self) -> list[tuple[int, int, bytes, bytes]]"),
          "Finished mini-batches, which then wait no more: layer, tokens, float32 [units][64] "
          "means of activation x projected input, float32 [units] means of |activation|.")
      .def(
          "statistics_refused", [](const Profile& self) { return self.statistics().refused(); },
          "How many states and tokens were passed over since the start, for numbers that only a "
          "damaged model makes.");
}

}  // namespace foretype::bindings
