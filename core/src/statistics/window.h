// What is counted about one user between two reports. None of it holds text, and
// nothing of it comes from fields that are refused or while learning is paused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "foretype/error.h"
#include "statistics/hit_table.h"
#include "statistics/neighbours.h"
#include "statistics/prototypes.h"
#include "statistics/signatures.h"

namespace foretype::statistics {

class Window {
 public:
  HitTable hits;
  std::uint64_t words = 0;       // written where something was looked for
  std::uint64_t keys_saved = 0;  // over all accepts: code points that came, less the accept's key
  Prototypes prototypes;
  Neighbours neighbours;  // only in memory, as the next
  Signatures signatures;

  /// The state where a word began, and what was proposed there.
  void began(const State& state, const Ranking& ranking);
  /// The word was written, and `hit` if the first proposal was right.
  void wrote(const State& state, bool hit);
  /// How many states and tokens were passed over for numbers that only a damaged model makes.
  std::uint64_t refused() const { return refused_ + signatures.refused(); }

  /// What is kept, as the section "statistics": docs/formats/profile.md.
  std::string save() const;
  /// What such a section holds. Empty bytes are an empty window.
  static Result<Window> load(std::string_view bytes);

  /// The owner forgot something: what comes near to a text goes, sums over many words stay.
  void forgot();

 private:
  std::uint64_t refused_ = 0;
};

}  // namespace foretype::statistics
