// Keys that tell what they are by how they begin.
#pragma once

#include <string_view>

namespace foretype::context {

/// True if `chunk` (text without white space) holds such a key: the beginning, at the start or
/// after a mark, and behind it enough letters and digits, a digit or both cases among them.
bool has_known_key(std::string_view chunk);

}  // namespace foretype::context
