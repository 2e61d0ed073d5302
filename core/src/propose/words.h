// The trie as a proposer: units that may follow, as continuations of the text at
// the caret.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "context/message.h"
#include "foretype/candidate.h"
#include "propose/layers.h"

namespace foretype {

/// The units before a word that the trie looks at, oldest first; an empty one opens a message.
std::vector<std::string> history_of(const context::Message& message, std::size_t units_before);

/// P(a space follows | history), which ends with the word: what the marks that would stand there
/// instead leave of it.
double space_after(const Layers& layers, std::vector<std::string> history);

/// The trie's candidates at the caret, with P(text | what is typed). Words only: a mark alone
/// saves no key.
class Words {
 public:
  /// Asks the tries, which must outlive this, for at most `limit` candidates.
  Words(Layers layers, const context::Message& message, int limit);

  /// Best first.
  std::vector<Candidate>& candidates() { return candidates_; }
  /// P(text | what is typed) of one continuation, 0 where it is no single word.
  double probability(std::string_view text) const;
  /// P(a space follows | the continuation `text` is written). Negative where the trie does not look
  /// that far.
  double space_after(std::string_view text) const;
  const context::Caret& caret() const { return caret_; }

 private:
  /// P(unit at the caret | history), in the case that a sentence's beginning asks for.
  double here_probability(std::string_view unit) const;
  void collect(const trie::Proposal& proposal, const context::Caret& caret, double share);

  Layers layers_;
  context::Caret caret_;  // the word at the caret goes on ...
  std::vector<std::string> history_;
  std::vector<std::string> history_after_;  // ... or it is complete and another follows
  double mass_ = 0;                         // P(prefix | history)
  double complete_ = 0;  // P(the word at the caret is complete | prefix, history)
  std::vector<Candidate> candidates_;
};

}  // namespace foretype
