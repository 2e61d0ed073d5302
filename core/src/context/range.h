// A part of a text.
#pragma once

#include <cstddef>

namespace foretype::context {

/// Bytes [begin, end) of a text.
struct Range {
  std::size_t begin;
  std::size_t end;

  bool operator==(const Range&) const = default;
};

}  // namespace foretype::context
