// What the bindings of engine, profile and session share.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <string>
#include <string_view>

#include "buffer.h"
#include "foretype/engine.h"

namespace foretype::bindings {

/// The engine and the buffer its model lies in.
struct PyEngine {
  std::shared_ptr<Engine> engine;
  std::shared_ptr<Buffer> model_bytes;
};

/// Text crosses as bytes: any are text to the core.
inline nanobind::bytes as_bytes(std::string_view text) {
  return nanobind::bytes(text.data(), text.size());
}

inline std::string_view view(const nanobind::bytes& bytes) { return {bytes.c_str(), bytes.size()}; }

}  // namespace foretype::bindings
