// The language model as a proposer: keeps in step with what the user writes and
// answers with whole words.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "context/deadline.h"
#include "propose/lm/cache.h"
#include "propose/lm/forward.h"
#include "propose/lm/search.h"
#include "propose/lm/stream.h"
#include "propose/lm/tree.h"
#include "propose/lm/watch.h"

namespace foretype::lm {

/// How much is remembered and how far is looked. Chosen by replay: docs/decisions/0006.
struct Effort {
  int window = 640;         // tokens of earlier messages and of this one
  int slide = 128;          // dropped at once when the window is full
  int memory_tokens = 384;  // of earlier messages, when a session starts
  // At a key, while the user waits: batches of tokens looked at ahead, their size, and the share of
  // the probability that a token must hold to be computed.
  int rounds = 1;
  int tokens_a_round = 2;
  double smallest_share = 0.15;
  // Between keys, while the user types: the same for one step of think().
  int tokens_a_thought = 4;
  double smallest_thought = 0.08;
  int read_a_thought = 12;  // tokens of text read in one step
};

class LanguageModel {
 public:
  LanguageModel(const Model& model, const Effort& effort);

  /// Begins anew after these earlier messages, oldest first.
  void restart(const std::deque<std::string>& memory);
  /// The message so far. Tokens that changed are put in line; nothing is computed yet.
  void read(std::string_view message);
  /// The message is finished: it becomes the newest of the earlier ones.
  void finish(std::string_view message);
  /// Forgets everything read; no byte of it stays in the caches.
  void wipe();

  /// Tokens of the message that are computed from here on are told to these statistics; null: to
  /// nobody. They must outlive what is computed.
  void tell(statistics::Signatures* signatures) { watch_.tell(signatures); }

  /// Computes what is missing. False if the deadline came first: what was done is kept.
  bool catch_up(const Deadline& deadline);
  /// After catch_up: words that may follow, looking ahead where it matters and time is left.
  Found propose(const EndEstimate& end_estimate, const Deadline& deadline);
  /// Between keys: one small step of work that the next key would otherwise wait for; false if
  /// there is nothing worth doing. A step takes as long as a few tokens.
  /// Tokens of `shown`, what is on screen after the fragment, come first: what follows it is
  /// wanted.
  bool think(const EndEstimate& end_estimate, std::string_view shown = {});
  /// What may follow the continuation `text` of the fragment, given that its last word is complete:
  /// words and the commonest marks, " " before them where it stands there. Empty where the tokens
  /// of `text` have not been computed. Computes nothing.
  std::vector<Completion> next_after(std::string_view text, const EndEstimate& end_estimate) const;
  /// After catch_up and propose: P(text | fragment) by what is known, 0 < beyond <= 1 for a token
  /// that is not. See search.h.
  double probability(std::string_view text, double beyond, const EndEstimate& end_estimate) const;
  /// After catch_up: the hidden state where the fragment begins, projected.
  statistics::State state() const;

  std::string_view fragment() const { return fragment_; }
  int computed_tokens() const { return computed_tokens_; }  // since construction
  int cached_tokens() const { return stream_.computed(); }
  const Tree& tree() const { return tree_; }

 private:
  void append(std::string_view text);
  void push(Token token);
  void keep_only(std::size_t same);
  void remember(const std::vector<Token>& tokens);
  void begin_again();
  void begin_message();
  void skip_to_tail(std::string_view message, std::size_t stable);
  void compute_next(int limit, const Deadline& deadline);
  bool look_ahead(const Found& found, std::size_t most, double smallest_share);

  const Model* model_;
  Effort effort_;
  KeyValueCache cache_;
  Forward forward_;
  Stream stream_;
  Tree tree_;
  Watch watch_;
  std::vector<float> hidden_;

  std::vector<Token> memory_;            // of earlier messages, to begin again with
  std::string message_;                  // as last read
  std::size_t read_ = 0;                 // bytes of it that are in the stream
  std::size_t skipped_ = 0;              // bytes of it before the stream's first, for long texts
  std::int64_t message_begin_ = 0;       // length of the stream where it begins
  std::vector<std::size_t> token_ends_;  // byte offset in message_ after each of its tokens
  std::string fragment_;

  int computed_tokens_ = 0;
  double us_a_token_ = 3000;  // measured as we go, for the deadline
};

}  // namespace foretype::lm
