#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings.h"
#include "context/field.h"
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

void bind_field(nanobind::module_& m) {
  using context::Field;
  using nanobind::arg;
  nanobind::class_<Field>(m, "Field", "What is known about a text field: core/src/context/field.h.")
      .def(nanobind::init<>())
      .def_rw("type", &Field::type)
      .def_rw("autocomplete", &Field::autocomplete)
      .def_rw("name", &Field::name)
      .def_rw("id", &Field::id)
      .def_rw("label", &Field::label)
      .def_rw("ever_password", &Field::ever_password)
      .def_rw("private_window", &Field::private_window)
      .def_rw("terminal", &Field::terminal)
      .def_rw("read_only", &Field::read_only)
      .def_rw("writing_suggestions", &Field::writing_suggestions);
  m.def(
      "refusal_of",
      [](const Field& field) { return context::sentence(context::refusal_of(field)); },
      arg("field"), "Why nothing is shown in the field, a sentence; empty if nothing is refused.");
  m.def(
      "may_read", [](const Field& field) { return context::may_read(context::refusal_of(field)); },
      arg("field"), "True if the field's text may be read and learned.");
}

}  // namespace

void bind_context(nanobind::module_& m) {
  using nanobind::arg;
  bind_field(m);
  m.def("secret_ranges", &secret_ranges, arg("text"),
        "(begin, end) of what must not be learned, in bytes: core/src/context/secrets.h.");
  m.def("undecided_from", &undecided_from, arg("text"),
        "Where the part begins, in bytes, that more typing could still make secret.");
}

}  // namespace foretype::bindings
