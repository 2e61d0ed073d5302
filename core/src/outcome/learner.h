// Learns the message while it is typed: a unit as soon as nothing typed at the
// end can change it, taken back when an edit changes it after all.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "context/message.h"
#include "propose/trie/trie.h"

namespace foretype::outcome {

class Learner {
 public:
  /// Brings what was learned in step with the settled units of the message; to be called after
  /// every change of it, since only the last change's unchanged units are known.
  void follow(const context::Message& message, trie::Trie* trie);
  /// The message is finished: learns the rest of it and lets go.
  void finish(const context::Message& message, trie::Trie* trie);
  /// Takes back everything learned of this message.
  void undo(trie::Trie* trie);
  /// Lets go without taking back.
  void release() { learned_.clear(); }

  std::size_t count() const { return learned_.size(); }

 private:
  void learn_until(const context::Message& message, std::size_t units, trie::Trie* trie);
  void unlearn_last(trie::Trie* trie);
  std::vector<std::string> history() const;

  std::vector<std::string> learned_;
};

}  // namespace foretype::outcome
