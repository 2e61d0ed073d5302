// Whether a space follows a word: then one key may take both.
#pragma once

namespace foretype::rank {

/// Calibrated P(a space follows | the word is written), from what a proposer says of it. Fitted on
/// the same text as the prior (docs/decisions/0019): the language model knows more of it, but only
/// of words whose last token it has looked behind.
double space_by_language_model(double probability);
double space_by_trie(double probability);

}  // namespace foretype::rank
