// In which forms candidates may be shown, and what each would save.
#pragma once

#include <cstddef>
#include <vector>

#include "foretype/candidate.h"

namespace foretype::rank {

/// A candidate as it may be shown: its word alone, or with the space after it.
struct Form {
  std::size_t candidate = 0;
  bool holds_space = false;
  double right = 0;      // P(the user writes exactly this)
  double keys = 0;       // what showing it now is worth where it is right, in keys
  double no_space = 0;   // P(the word, but no space): the form is wrong, its word comes next
  double keys_then = 0;  // what the word alone is worth after one more letter
};

/// How often a word was on screen at this place and another key was pressed.
struct Passed {
  int alone = 0;
  int with_space = 0;
  double kept = 1;  // of its probability, after what else speaks against it
};

/// What was shown and not taken is less likely by how likely the user would have taken it: shown n
/// times to somebody who overlooks a share o of shows, it keeps o^n of its probability (Bayes'
/// rule). Of a word that was shown with its space only that part goes. `passed`: for each
/// candidate.
void discount(const std::vector<Passed>& passed, double overlooked,
              std::vector<Candidate>* candidates);

/// The forms of the leading candidates, which stand in falling order of probability.
std::vector<Form> forms_of(const std::vector<Candidate>& candidates);

}  // namespace foretype::rank
