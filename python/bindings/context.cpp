#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings.h"
#include "context/secrets.h"

namespace foretype::bindings {
namespace {

std::string_view view(const nanobind::bytes& bytes) { return {bytes.c_str(), bytes.size()}; }

std::vector<std::pair<std::size_t, std::size_t>> secret_ranges(const nanobind::bytes& text) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (const context::Range& range : context::secret_ranges(view(text))) {
    found.emplace_back(range.begin, range.end);
  }
  return found;
}

std::size_t undecided_from(const nanobind::bytes& text) {
  return context::undecided_from(view(text));
}

}  // namespace

void bind_context(nanobind::module_& m) {
  using nanobind::arg;
  m.def("secret_ranges", &secret_ranges, arg("text"),
        "(begin, end) of what must not be learned, in bytes: core/src/context/secrets.h.");
  m.def("undecided_from", &undecided_from, arg("text"),
        "Where the part begins, in bytes, that more typing could still make secret.");
}

}  // namespace foretype::bindings
