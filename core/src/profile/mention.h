// Whether a text speaks of a word: in any case form, alone or as a part of a
// compound ("Anna" in "anna's" and "ask@Anna"), but not within a longer word.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace foretype::profile {

/// Small letters, and one space for each run of white space: the form in which words are compared.
std::string plain(std::string_view text);

/// True if `plain_text` holds `wanted` (plain too, not empty) with no letter or digit next to it.
bool mentions(std::string_view plain_text, std::string_view wanted);

/// True if a word of `plain_text`, or some parts of one that stand together, is in `words`.
bool mentions_any(std::string_view plain_text, const std::set<std::string, std::less<>>& words);

/// The units of a text in small letters.
std::vector<std::string> folded_units(std::string_view text);

/// True if the units stand in `text` one after the other.
bool holds_run(std::span<const std::string> text, std::span<const std::string> units);

}  // namespace foretype::profile
