// The text as the model has read it: one chain of tokens with their keys and
// values, kept across keystrokes and edits, sliding over what is too long.
//
// Slot i of the cache holds token i of the chain. Slot 0 is the begin token: it
// stays when the window slides and is turned along (an "attention sink", Xiao et
// al., arXiv 2309.17453), since a window without it loses its footing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "propose/lm/cache.h"
#include "propose/lm/forward.h"

namespace foretype::lm {

class Stream {
 public:
  /// Uses slots [0, window) of the cache. A full window drops `slide` tokens at once.
  Stream(const Model& model, int window, int slide);

  int size() const { return static_cast<int>(tokens_.size()); }
  int computed() const { return computed_; }
  bool complete() const { return computed_ == size(); }
  /// Tokens pushed since the beginning, dropped ones counted: what `truncate` counts in.
  std::int64_t length() const { return dropped_ + size(); }
  std::int64_t position_after() const { return dropped_ + size(); }
  Token back() const { return tokens_.back(); }
  std::span<const Token> tokens() const { return tokens_; }

  /// Slides a full window so that one more token fits.
  void make_room(KeyValueCache* cache);
  /// One more token at the end; make_room comes first.
  void push(Token token) { tokens_.push_back(token); }
  /// Cuts the chain to `length` tokens (in the counting of length()). False, and nothing done,
  /// where that lies before the window; the caller then starts again. All that is left is computed
  /// anew where the cache no longer holds what its end will see.
  bool truncate(std::int64_t length, const KeyValueCache& cache);
  /// Only the begin token is left, not computed.
  void reset();

  /// The next uncomputed tokens, at most `limit`, as steps for Forward.
  std::vector<Step> next_steps(int limit) const;
  void mark_computed(int count) {
    computed_ += count;
    newest_ = std::max(newest_, computed_);
  }
  /// The last token is to be computed again: its keys are known, its hidden state is not.
  void reopen_last();

 private:
  const Model* model_;
  int window_;
  int slide_;
  std::int64_t dropped_ = 0;
  int computed_ = 0;
  int newest_ = 0;  // the highest that `computed_` was since all was computed anew
  std::vector<Token> tokens_;
};

}  // namespace foretype::lm
