// Cuts text into units, the trie's words: a run of letters and digits with its
// inner apostrophes, hyphens, dots, underscores, @ and slashes; a run of one
// punctuation mark; a run of line ends ("\n" or "\n\n"). Spaces belong to no
// unit: whether one stands before a unit is the `space_before` flag.
//
// The rules, first match wins:
//  1. Line ends: \n, \r\n or \r, also several in a row, are one unit. unit_text() gives it as "\n",
//     or "\n\n" for two and more. (Not several with spaces between them: see the last sentence.)
//  2. Spaces, tabs and all other white space of Unicode separate and belong to no unit.
//  3. A word begins with a letter or digit of any script and goes on over letters, digits,
//     combining marks and joiners. Between two of these it may hold one of ' ’ - ‐ ‑ . / @ & or any
//     run of _, and between two digits one , or : as well:
//       don't  well-known  report_v2.docx  3.5  1,000  10:30  and/or  R&D  jo@example.org
//     What ends a sentence is not part of it: "done." is "done" and ".". But initials keep their
//     last dot: "U.S.", "e.g.", "p.m." (single letters, two at least, a dot after each).
//  4. A single @ or # right before a letter or digit belongs to the word: @name, #topic, #1.
//  5. A word, "://" and anything but a space is an address, one unit up to the next space, angle
//     bracket or double quote, without punctuation and brackets at its end.
//  6. Emoji: a run of pictographs with their selectors, joiners and skin tones.
//  7. Brackets and quotes stand alone: "((" is two units.
//  8. Any other mark, repeated or not, is one unit: "...", "!!", "-", "--". "?!" is two.
//  9. A byte which is not valid UTF-8 is a unit of its own, and no word.
// Time is linear in the text. Units that end before the last space of a text stay as they are,
// whatever is typed after it, so what changes with a keystroke is found without a look at the rest.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace foretype::context {

struct Unit {
  std::size_t begin;  // byte offsets in the text
  std::size_t end;
  bool space_before;
};

/// All units of `text`. Any bytes are accepted. The last one may still be growing.
std::vector<Unit> units(std::string_view text);

/// What the trie knows the unit by: its bytes in `text`; "\n" or "\n\n" for line ends.
std::string_view unit_text(std::string_view text, const Unit& unit);

/// True for a unit that is a word (has a letter or a digit), false for punctuation and line ends.
bool is_word(std::string_view unit);

/// True if a word that comes after these units opens a sentence: none, line end, . ! ? or such.
/// Spaces, brackets, quotes and list marks (- * • – — >) in between are looked through; initials
/// ("e.g.") and an ellipsis end no sentence.
bool starts_sentence(std::string_view before);

}  // namespace foretype::context
