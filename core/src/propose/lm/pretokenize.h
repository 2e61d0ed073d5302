// The first half of tokenisation: cuts text into pre-tokens, which merges never
// cross. Written out by hand, it gives what the `tokenizers` library gives for
//   Sequence[Digits(individual_digits), ByteLevel(add_prefix_space=false, use_regex)],
// that is, every number on its own, and between numbers the GPT-2 pattern
//   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
// A byte that is not valid UTF-8 counts as a punctuation mark.
#pragma once

#include <cstddef>
#include <string_view>

namespace foretype::lm {

/// The end of the pre-token that begins at text[at]; at < text.size() is such a beginning.
std::size_t pretoken_end(std::string_view text, std::size_t at);

/// Where the last pre-token begins that later typing may still change: see
/// Tokenizer::stable_prefix. Looks no further back than the last word boundary.
std::size_t last_pretoken(std::string_view text);

}  // namespace foretype::lm
