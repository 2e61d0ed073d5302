// What a profile learned, as a list of operations in bytes: docs/formats/profile.md.
// The core keeps them until they are drained; the caller puts them on disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foretype/error.h"
#include "profile/encoding.h"
#include "propose/trie/decay.h"

namespace foretype::profile {

enum class Kind : std::uint8_t {
  kContext = 1,  // name: what follows was learned there
  kDay,          // number: what follows was learned that day
  kLearn,        // history, unit
  kLearnNext,    // unit: its history is that of the last one learned, and that one
  kUnlearn,      // history, unit
  kAccepted,     // unit
  kRejected,     // unit
  kMessage,      // text
  kHabit,        // number: 0 saw, 1 overlooked
  kBlock,        // word
  kUnblock,      // word
  kPrivate,      // number: the context is (1) or is not (0) private
  kPaused,       // number: learning is (1) or is not (0) paused
  kUnaccepted,   // unit: an accept is taken back
  kJudgement,    // text: what was learned of outcomes until now is this (profile/judgement.h)
};

/// One operation, with what it stands on filled in. kContext, kDay and kLearnNext are gone: they
/// only say what another one stands on.
struct Operation {
  Kind kind = Kind::kLearn;
  std::string context;
  trie::Day day = 0;
  std::vector<std::string> history;  // kLearn, kUnlearn
  std::string text;                  // unit, word, message or bytes
  std::uint64_t number = 0;
};

/// Operations since the last drain.
class Journal {
 public:
  using History = std::span<const std::string>;

  void set_day(trie::Day day) { day_ = day; }

  void learn(std::string_view context, History history, std::string_view unit);
  void unlearn(std::string_view context, History history, std::string_view unit);
  /// An operation on a unit, a message or a word in a context.
  void text(Kind kind, std::string_view context, std::string_view text);
  void number(Kind kind, std::string_view context, std::uint64_t number);

  /// What was written since the last call. Stands by itself: it begins with its context and day.
  std::string drain();
  /// Forgets it instead; its bytes are overwritten.
  void wipe();

 private:
  void begin(Kind kind, std::string_view context);

  std::string bytes_;
  trie::Day day_ = 0;
  // Of what was written last:
  std::string context_;
  trie::Day written_day_ = 0;
  std::vector<std::string> next_history_;
};

/// Reads operations back.
class JournalReader {
 public:
  /// `bytes` must outlive the reader.
  explicit JournalReader(std::string_view bytes) : decoder_(bytes) {}

  /// The next operation; false at the end, an Error where the bytes are damaged.
  Result<bool> next(Operation* operation);

 private:
  bool read(Kind kind, Operation* operation);
  void read_history(std::vector<std::string>* history);
  std::string read_unit();

  Decoder decoder_;
  std::string context_;
  trie::Day day_ = 0;
  std::vector<std::string> next_history_;
};

/// The history of the unit that comes after `unit`.
std::vector<std::string> next_history(std::span<const std::string> history, std::string_view unit);

}  // namespace foretype::profile
