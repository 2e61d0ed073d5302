// Python objects that lend their bytes: bytes, bytearray, memoryview, mmap.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <span>

namespace foretype::bindings {

/// Holds a contiguous buffer for as long as it lives. Its owner cannot close or resize it then.
class Buffer {
 public:
  explicit Buffer(nanobind::handle object) {
    if (PyObject_GetBuffer(object.ptr(), &view_, PyBUF_SIMPLE) != 0) {
      throw nanobind::python_error();
    }
  }
  ~Buffer() { PyBuffer_Release(&view_); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  std::span<const std::uint8_t> bytes() const {
    return {static_cast<const std::uint8_t*>(view_.buf), static_cast<std::size_t>(view_.len)};
  }

 private:
  Py_buffer view_{};
};

}  // namespace foretype::bindings
