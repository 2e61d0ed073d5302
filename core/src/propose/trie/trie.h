// The user's own words: live n-grams of orders 1 to 5 over units (words,
// punctuation, line ends), on a shipped background of English.
//
// A unit is a piece of text without its leading space: "meeting", ",", "\n".
// core/src/context/units.h cuts text into units and says where spaces stand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foretype/error.h"
#include "propose/trie/background.h"
#include "propose/trie/decay.h"
#include "propose/trie/rows.h"
#include "propose/trie/weights.h"

namespace foretype::trie {

inline constexpr int kMaxOrder = 5;

struct Candidate {
  std::string unit;    // the whole unit, in the case to be shown
  double probability;  // P(unit | context), not yet divided by the prefix's mass
  int order;           // highest order of the user's n-grams that knows it here; 0: background only
  int count;           // how often the user wrote it after that context
};

struct Proposal {
  std::vector<Candidate> candidates;  // best first
  // Sum of P over all units that fit, rejections left out; without a prefix also the ladder.
  double mass = 0;
  double rest = 0;  // Base::kNothing: share of P that is the other trie's
};

/// What a trie stands on: English, or nothing, so that another trie can stand below it:
/// P = own P + rest * P of the other.
enum class Base { kBackground, kNothing };

/// What stands before: the last units (at most kMaxOrder - 1 are used), oldest first.
/// An empty string stands for the beginning of a message.
using History = std::span<const std::string>;

struct State;

class Trie {
 public:
  explicit Trie(std::shared_ptr<const Background> background, const Weights& weights = {});
  ~Trie();
  Trie(Trie&&) noexcept;
  Trie& operator=(Trie&&) noexcept;

  /// The day of what is learned from here on, and on which what was learned before is weighed.
  void set_today(Day day);

  /// One more use of `unit` after `history`, orders 1..5. Units over kMaxUnitBytes are passed over.
  void learn(History history, std::string_view unit);
  /// Takes one use back: the exact inverse of learn() on every count (days may stay). Of a use
  /// whose longer n-grams were forgotten or pruned since, what is left of it is taken back.
  void unlearn(History history, std::string_view unit);
  /// Suggestions of a unit that were taken and kept, or taken and then erased: `change` more.
  /// Counted only of units in use, and never below 0.
  void accepted(std::string_view unit, int change);
  void rejected(std::string_view unit, int change);

  /// Units that begin with `prefix` (case folded: an upper-case letter typed is kept, a word
  /// known in lower case follows it), at most `limit`, by probability. `sentence_start`: words
  /// known in lower case are shown with a capital.
  Proposal propose(History history, std::string_view prefix, bool sentence_start, int limit,
                   Base base = Base::kBackground) const;

  /// P(unit | history) of one unit, whether or not it would be proposed.
  double probability(History history, std::string_view unit, bool sentence_start = false,
                     Base base = Base::kBackground) const;
  /// The sum over several units.
  double probability_of_any(History history, std::span<const std::string_view> units,
                            bool sentence_start = false, Base base = Base::kBackground) const;
  /// What a trie on Base::kNothing leaves to the one below.
  double rest(History history) const;

  /// Continues a phrase: the units that follow with near certainty after history + unit, as the
  /// user wrote them; empty where there are none.
  std::vector<std::string> phrase(History history) const;

  /// Calls `visit` for each unit in use, and for each n-gram of order 2 and more.
  void each_word(const std::function<void(const WordRow&)>& visit) const;
  void each_ngram(const std::function<void(const NgramRow&)>& visit) const;
  /// Appends n-grams, whole contexts at a time, until there are `most` in `rows`. Starts from 0;
  /// returns where to go on, or kNoMoreRows. The trie must not change in between.
  static constexpr std::size_t kNoMoreRows = SIZE_MAX;
  std::size_t ngram_rows(std::size_t from_context, std::size_t most,
                         std::vector<NgramRow>* rows) const;
  /// Every form of a word that is in use.
  std::vector<WordRow> describe(std::string_view word) const;
  /// Words in use that begin so, those learned last first, at most `most`. `own_only` leaves out
  /// what the background has in any form.
  std::vector<WordEntry> newest_words(std::string_view folded_prefix, bool own_only,
                                      std::size_t most) const;
  std::size_t words() const;  // in use, each in all its forms

  /// Adds a row (sign 1; the earlier first day and the later last day stay) or takes one away
  /// (sign -1; nothing falls below 0). Rows that no learning could make are passed over.
  void add(const WordRow& row, int sign);
  void add(const NgramRow& row, int sign);
  /// The same for every row of another trie.
  void add_all(const Trie& other, int sign);

  /// Forgets a word in every case form, with every n-gram in which it stands.
  std::size_t forget_word(std::string_view word);
  /// Forgets every n-gram of order 2 and more in which two neighbouring units of the phrase stand
  /// next to each other, in any case. Both return the number of n-grams that went, and overwrite
  /// the bytes of units that are not used any more wherever the trie held them.
  std::size_t forget_phrase(std::span<const std::string> units);
  /// Drops n-grams until there are at most so many: those of least weight today, of these the
  /// longest, of these the oldest. Words seen about once of which none is left go too.
  std::size_t prune(std::size_t most_ngrams);

  /// Everything as bytes (docs/formats/profile.md, "Trie section"), and back. Damaged bytes are
  /// an Error that says what is wrong and where. Until the day is set it is that of the last use.
  std::string save() const;
  static Result<Trie> load(std::span<const std::uint8_t> bytes,
                           std::shared_ptr<const Background> background,
                           const Weights& weights = {});

  std::size_t ngrams() const;                // n-grams of the user's own, all orders
  std::size_t memory_bytes() const;          // of the user's own; the background is shared
  bool operator==(const Trie& other) const;  // same counts

 private:
  std::unique_ptr<State> state_;
};

}  // namespace foretype::trie
