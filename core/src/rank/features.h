// What the ranker knows about a candidate, as numbers.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "foretype/candidate.h"

namespace foretype::rank {

/// The features, in the order of `Features`. All lie within about -10 and 10. "Letters" are bytes:
/// what is counted is small, and a key types one character whatever its bytes.
enum class Feature : std::size_t {
  kBias,               // 1
  kLogit,              // ln(p / (1 - p)) of the linear mixture p of both proposers
  kLogitAtStart,       // the same where no letter of the word is typed yet, else 0
  kLanguageModel,      // ln P of the language model; of the trie where that did not answer
  kTrie,               // ln P of the trie
  kOrder,              // longest n-gram of the user's own that knows it here, 0 to 5, over 5
  kCount,              // ln(1 + uses of it)
  kTrieOnly,           // 1: only the trie proposed it
  kLanguageModelOnly,  // 1: only the language model did
  kLetters,            // ln(letters that it would insert)
  kTyped,              // letters typed of its word, at most 6, over 6
  kNextWord,           // 1: begins with a space
  kCapital,            // 1: its word holds a capital letter
  kRival,              // ln of the mixture of the likeliest other candidate
  kFits,               // ln of the sum of the mixture over all candidates
};
inline constexpr std::size_t kFeatures = 15;
using Features = std::array<float, kFeatures>;

/// What the features of all candidates of a round share.
struct Round {
  std::string_view prefix;  // typed of the word at the caret
  bool language_model_answered = false;
  double share = 0.75;  // the language model's of the linear mixture
};

/// Sets the probability of each candidate to that of the linear mixture.
void mix(const Round& round, std::vector<Candidate>* candidates);

/// After mix(): sets the features of each candidate.
void describe(const Round& round, std::vector<Candidate>* candidates);

}  // namespace foretype::rank
