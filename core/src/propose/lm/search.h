// From what the tree knows to whole words: the best continuations of what the
// user has typed of the current word, each up to the end of the next word.
//
// Token healing: paths start at the last token boundary that later typing cannot
// move (Tokenizer::stable_prefix) and must agree with the bytes typed since, the
// fragment; so every way to tokenise the word competes.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "propose/lm/tree.h"

namespace foretype::lm {

struct Completion {
  std::string text;        // from the caret to the end of the next word, white space before it too
  double probability = 0;  // P(text, and the word ends there | context, fragment)
  int node = kNoNode;      // where the path ends, if it has been computed
  double space = -1;  // P(a space follows | the word ends there); -1 where that is not computed
};

/// A token worth computing, and what share of the probability hangs on it.
struct Wish {
  int parent;
  Token token;
  double share;
};

struct Found {
  std::vector<Completion> completions;  // best first
  std::vector<Wish> wishes;             // largest share first
  double mass = 0;                      // P(fragment) at the root: what the shares were divided by
};

/// Estimate of P(the word ends here | the text of its last token), for tokens not yet computed.
using EndEstimate = std::function<double(std::string_view word)>;

/// What tokens are wished for: those on which the words' order hangs now, or also those that will
/// be needed for the next word, once the user has taken or typed this one.
enum class Ahead { kThisWord, kNextWord };

/// Reads the tree; computes nothing.
Found find(const Model& model, const Tree& tree, std::string_view fragment,
           const EndEstimate& end_estimate, Ahead ahead = Ahead::kThisWord);

/// P(text | fragment) of one continuation along its own tokenisation, as far as the tree knows;
/// tokens beyond are taken to be `beyond` likely each.
double probability_of(const Model& model, const Tree& tree, std::string_view fragment,
                      std::string_view text, double beyond, const EndEstimate& end_estimate);

/// How far the tree has computed the tokens of one continuation, along its own tokenisation.
struct Reach {
  int node = kNoNode;  // the last one computed; kNoNode where the tree's rows do not hold the path
  bool whole = false;  // it stands at the end of the text
  Token missing = 0;   // else: the token that comes after it
};
Reach reach(const Model& model, const Tree& tree, std::string_view fragment, std::string_view text);

/// What may follow the continuation `text` that ends at `node`: single words, given that its last
/// word is complete. `in_word`: it ends in a word, which is not gone on with.
std::vector<Completion> find_after(const Model& model, const Tree& tree, int node, bool in_word,
                                   const EndEstimate& end_estimate);

/// P(the word does not go on | node): mass of tokens that begin with no word byte.
double end_probability(const Node& node);

/// P(a space follows | node).
double space_probability(const Node& node);

/// Bytes of which words are made, as far as a single byte can tell.
bool is_word_byte(unsigned char byte);

}  // namespace foretype::lm
