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

  /// Whether the beginning of the word at this byte is known.
  bool has(std::size_t begin) const;
  /// Where the language model stood at the beginning of this word, and what was proposed there.
  void add(std::size_t begin, const State& state, const Ranking& ranking);
  /// A word was written here: what is known of its beginning, if anything, and of those before
  /// goes.
  std::optional<Settled> settle(std::size_t begin, std::string_view word);
  /// The text from this byte on changed. What begins there may begin there again.
  void erase_from(std::size_t begin);
  /// No byte stays.
  void wipe();

 private:
  struct Start {
    std::size_t begin = 0;
    State state{};
    Ranking ranking{};
  };

  std::vector<Start> starts_;  // rising
};

}  // namespace foretype::statistics
