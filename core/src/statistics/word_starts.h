// Where the words of a message began in hidden space, until they are written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "statistics/neighbours.h"
#include "statistics/projection.h"

namespace foretype::statistics {

class WordStarts {
 public:
  struct Settled {
    State state;
    bool hit;  // the first proposal was the word
  };

  /// The state where the word at this byte begins; null where it is not known.
  const State* state_at(std::size_t begin) const;
  /// Where the language model stood at the beginning of this word.
  void add(std::size_t begin, const State& state);
  /// What was proposed there. False where that was known already, or the state is not.
  bool propose(std::size_t begin, const Ranking& ranking);
  /// A word was written here: what is known of its beginning, if anything, and of those before
  /// goes.
  std::optional<Settled> settle(std::size_t begin, std::string_view word);
  /// The text from this byte on changed. What begins there may begin there again.
  void erase_from(std::size_t begin);
  /// No byte stays.
  void wipe();

 private:
  struct Start {  // `asked`: the ranking is known
    std::size_t begin = 0;
    State state{};
    bool asked = false;
    Ranking ranking{};
  };

  std::vector<Start> starts_;  // rising
};

}  // namespace foretype::statistics
