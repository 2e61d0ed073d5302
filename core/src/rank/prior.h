// Made by benchmarks/ranker_prior/train.py; do not edit.
#pragma once

#include <array>

#include "rank/features.h"

namespace foretype::rank {

/// The weights with which everybody begins, in the order of `Feature`.
inline constexpr std::array<double, kFeatures> kPrior = {
    -0.526, 0.783, 0.006, 0.155,  0.085, 1.251,  0.007, -0.487,
    0.573,  0.042, 0.5,   -0.068, 0.045, -0.267, 0.065,
};

}  // namespace foretype::rank
