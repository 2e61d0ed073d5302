// Made by benchmarks/ranker_prior/train.py; do not edit.
#pragma once

#include <array>

#include "rank/features.h"

namespace foretype::rank {

/// The weights with which everybody begins, in the order of `Feature`.
inline constexpr std::array<double, kFeatures> kPrior = {
    -0.4127, 0.8268, 0.0061, 0.1551,  0.0866, 1.2152,  0.0058,  -0.4515,
    0.5557,  0.0571, 0.4294, -0.0662, 0.0361, -0.2274, -0.0524,
};

}  // namespace foretype::rank
