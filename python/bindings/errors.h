// Turns the core's errors into Python exceptions: the only place that does.
#pragma once

#include <nanobind/nanobind.h>

#include <utility>

#include "foretype/error.h"

namespace foretype::bindings {

/// Throws the exception that foretype.errors.from_core makes of `error`. `kind` names the class,
/// for example "ModelError".
[[noreturn]] inline void raise_error(const char* kind, const Error& error) {
  const nanobind::object from_core =
      nanobind::module_::import_("foretype.errors").attr("from_core");
  // The detail may quote bytes of a damaged file, which need not be UTF-8.
  const auto size = static_cast<Py_ssize_t>(error.detail.size());
  const auto detail = nanobind::steal(PyUnicode_DecodeUTF8(error.detail.data(), size, "replace"));
  const nanobind::object exception =
      from_core(kind, static_cast<int>(error.code), error.offset, detail);
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
  throw nanobind::python_error();
}

/// The value of `result`, or a Python exception of class `kind`.
template <typename T>
T value_or_raise(Result<T> result, const char* kind) {
  if (!result.ok()) raise_error(kind, result.error());
  return std::move(result.value());
}

}  // namespace foretype::bindings
