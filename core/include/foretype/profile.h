// What is kept about one user while the program runs: n-grams, the last
// messages, habits. The caller owns it and may share it between sessions of one
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "outcome/habit.h"
#include "propose/trie/trie.h"

namespace foretype {

class Profile {
 public:
  /// background may be null: then only the user's own words are known.
  explicit Profile(std::shared_ptr<const trie::Background> background);

  /// Learns a finished message: its n-grams and, as memory, its text.
  void learn(std::string_view message);
  /// Only the memory, for a message whose n-grams were learned while it was typed.
  void remember(std::string_view message);
  void forget_all();

  trie::Trie& trie() { return trie_; }
  const trie::Trie& trie() const { return trie_; }
  outcome::Habit& habit() { return habit_; }

  /// The last messages, oldest first, at most kMemoryBytes together.
  const std::deque<std::string>& memory() const { return memory_; }
  /// Changes whenever memory() does; `forgotten` counts how often everything was forgotten.
  std::uint64_t memory_version() const { return memory_version_; }
  std::uint64_t forgotten() const { return forgotten_; }

  bool paused = false;  // nothing is learned or remembered

  static constexpr std::size_t kMemoryBytes = 4096;

 private:
  std::shared_ptr<const trie::Background> background_;
  trie::Trie trie_;
  outcome::Habit habit_;
  std::deque<std::string> memory_;
  std::size_t memory_bytes_ = 0;
  std::uint64_t memory_version_ = 0;
  std::uint64_t forgotten_ = 0;
};

}  // namespace foretype
