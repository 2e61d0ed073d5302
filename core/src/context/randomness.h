// Tells tokens drawn at random from anything a person would write: words, names,
// identifiers, file names, product codes.
#pragma once

#include <string_view>

namespace foretype::context {

/// True if a part of `chunk` (text without white space) is better explained by chance than by
/// writing.
///
/// Each letter and digit is asked how many bits more it costs in written text (randomness_table.h)
/// than in a draw from an alphabet: hexadecimal, letters of one case with digits, or of both. The
/// bits are summed along the chunk and start anew where a sum would be negative (Page's CUSUM), so
/// that a random part is found inside a longer token. A character again and again tells nothing;
/// marks cost a bit and join their neighbours. Behind a comma, a slash after a short word (MP3/MP4)
/// and what is not ASCII the sums start anew.
/// A part is random with 9 characters and 22 bits if a digit is among them or a mark that stands
/// in no word (!#$%^*=~?@&+); with 12 characters and 34 bits if not (camel case, long names); or as
/// 16 hexadecimal digits with letters among them. 22 bits are odds of four million to one, for a
/// part that starts at a given character.
bool looks_random(std::string_view chunk);

}  // namespace foretype::context
