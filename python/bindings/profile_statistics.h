// How the statistics of hidden space cross.
#pragma once

#include <nanobind/nanobind.h>

#include <span>

#include "statistics/prototypes.h"
#include "statistics/signatures.h"

namespace foretype::bindings {

inline nanobind::bytes as_bytes(std::span<const float> values) {
  return nanobind::bytes(values.data(), values.size_bytes());
}

/// (float32 [n][64], hits, misses)
nanobind::tuple prototypes_tuple(const statistics::Prototypes& prototypes);
/// (layer, tokens, float32 [units][64], float32 [units]) of each finished mini-batch.
nanobind::list taken_list(statistics::Signatures& signatures);

}  // namespace foretype::bindings
