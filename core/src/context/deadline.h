// Time comes in from outside: the core has no clock of its own.
#pragma once

#include <cstdint>
#include <limits>

namespace foretype {

/// Microseconds from any fixed moment, never going back. Null where there is no clock: then no
/// deadline ever comes.
using Clock = std::int64_t (*)();

struct Deadline {
  Clock clock = nullptr;
  std::int64_t end_us = std::numeric_limits<std::int64_t>::max();

  std::int64_t now_us() const { return clock == nullptr ? 0 : clock(); }
  std::int64_t left_us() const {
    return clock == nullptr ? std::numeric_limits<std::int64_t>::max() : end_us - clock();
  }
};

}  // namespace foretype
