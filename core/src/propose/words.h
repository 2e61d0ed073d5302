// The trie as a proposer: units that may follow, as continuations of the text at
// the caret.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "context/message.h"
#include "foretype/candidate.h"
#include "propose/trie/trie.h"

namespace foretype {

/// The units before a word that the trie looks at, oldest first; an empty one opens a message.
std::vector<std::string> history_of(const context::Message& message, std::size_t units_before);

/// The trie's candidates at the caret, with P(text | what is typed). Words only: a mark alone
/// saves no key.
class Words {
 public:
  Words(const trie::Trie& trie, const context::Message& message);

  /// At most `limit` candidates, best first.
  std::vector<Candidate> propose(int limit) const;
  /// P(text | what is typed) of one continuation, 0 where it is no single word.
  double probability(std::string_view text) const;
  /// P(the word at the caret is complete as it is), where there is one.
  double complete() const { return complete_; }
  const context::Caret& caret() const { return caret_; }

 private:
  void collect(const context::Caret& caret, const std::vector<std::string>& history, double share,
               int limit, std::vector<Candidate>* out) const;

  const trie::Trie& trie_;
  context::Caret caret_;  // the word at the caret goes on
  context::Caret after_;  // or it is complete and another follows
  std::vector<std::string> history_, history_after_;
  double mass_ = 0;  // P(prefix | history)
  double complete_ = 0;
};

}  // namespace foretype
