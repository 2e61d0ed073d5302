// What the engine answers with. Immutable values once handed out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace foretype {

/// Who proposed a candidate.
enum class Source : std::uint8_t { kTrie = 1, kLanguageModel = 2, kBoth = 3 };

/// A continuation from the caret to the end of the next word, or to the space after it.
struct Candidate {
  // To insert at the caret. White space before the word is part of it, and so is one space after
  // it where that is as good as certain.
  std::string text;
  bool holds_space = false;   // the text ends with that space
  double probability = 0;     // calibrated: that the user writes exactly this text next
  double uncalibrated = 0;    // the same, as the ranker has it
  double trie = 0;            // P(text without the space after | what is typed) of the trie alone
  double language_model = 0;  // the same of the language model alone
  double space = -1;          // P(a space follows | the word is written); negative: not known
  Source source = Source::kTrie;
  int order = 0;                     // longest n-gram of the user's own that knows it here, 0: none
  int count = 0;                     // how often the user wrote it after that context
  std::array<float, 15> features{};  // what the ranker knows of it: rank/features.h
};

/// Ghost text and how it came about.
struct Suggestion {
  std::string text;                     // empty: nothing is shown
  std::vector<std::size_t> piece_ends;  // byte offsets in text where an accept of one word ends
  std::vector<double>
      piece_probabilities;            // P(piece | the text and the pieces before it are right)
  std::vector<Candidate> candidates;  // best first; text's first piece is that of candidates[0]
  bool shown = false;                 // false: the gate holds candidates[0] back
};

/// What the last suggestion cost.
struct Timing {
  std::int64_t total_us = 0;
  std::int64_t trie_us = 0;
  std::int64_t language_model_us = 0;
  std::int64_t rank_us = 0;  // from the proposers' answers to the decision: ranking, gate, books
  int computed_tokens = 0;   // tokens put through the model
  int cached_tokens = 0;     // tokens of context whose keys and values were there already
  bool complete = true;      // false: the deadline came before the model had read everything
};

}  // namespace foretype
