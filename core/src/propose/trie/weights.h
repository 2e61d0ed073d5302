// The numbers of the trie's probability, chosen by replay: docs/decisions/0004-trie.md.
#pragma once

#include <array>

namespace foretype::trie {

struct Weights {
  // Of each count at orders 1..5 this much goes to the order below (Pitman-Yor discount), ...
  std::array<double, 5> discount = {0.5, 0.75, 0.75, 0.75, 0.75};
  // ... and so many uses of a context stand for the order below from the start (its strength).
  std::array<double, 5> strength = {250.0, 3.0, 0.5, 0.3, 0.3};
  // Share of a background row's probability that is believed over the user's own unigrams.
  double background_bigrams = 0.85;
  // Share of the unigram probability that the last `recent_units` units have.
  double recent = 0.1;
  // A capital where none is usual, all capitals, and no capital where one is usual.
  double to_title = 0.02;
  double to_upper = 0.005;
  double to_lower = 0.02;
  // All capitals of a word that is usually small are meant from so many uses in one place on.
  int shout_uses = 2;
  // Sentence starts taken as written with a capital before any is seen, and without.
  double opening_capitals = 8.0;
  double opening_smalls = 1.0;
  int recent_units = 64;
  // Share of what a context's own contexts leave that its unigrams have; the rest is the common
  // trie's.
  double context_unigrams = 0.2;
  // A use fades to this share of its weight; half of the way in so many days. 0 days: it never
  // does.
  double half_life_days = 7.0;
  double faded = 0.3;
  // Factor for a word which the background does not know and only one use vouches for.
  double offered = 0.2;
  // A phrase goes on with a unit that followed so often, and in this share of all that followed.
  int phrase_uses = 3;
  double phrase_share = 0.9;
};

}  // namespace foretype::trie
