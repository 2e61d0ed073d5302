// The "profile" section of a stored profile: all that is no n-gram.
// docs/formats/profile.md describes every byte.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foretype/error.h"
#include "profile/habit.h"
#include "profile/memory.h"

namespace foretype::profile {

/// What the section holds, in plain form.
struct Owner {
  bool paused = false;
  Habit habit;
  std::set<std::string, std::less<>> blocked;          // folded words
  std::vector<std::pair<std::string, bool>> contexts;  // name and whether it is private, by name
  Memory memory;
};

std::string write_section(const Owner& owner);
Result<Owner> read_section(std::string_view bytes);

}  // namespace foretype::profile
