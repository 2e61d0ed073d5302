// What was proposed at each key, shown or not, until what the user goes on to
// type says which of it was right. Then it is labelled, counted and gone.
//
// A round is the list of one key. A proposal of it is right if the text goes on
// with exactly its bytes, up to the end of a unit. It is known once the unit is
// decided (outcome/learner.h); what the learner passes over labels nothing. A
// round whose caret lies in erased text is void: nobody goes on from there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "context/units.h"
#include "foretype/candidate.h"
#include "statistics/hit_table.h"

namespace foretype::outcome {

/// What the user did with a proposal.
enum class Reaction : std::uint8_t {
  kUnseen,       // it was not on screen in this round
  kPassed,       // it was, and another key was pressed
  kDismissed,    // it was told to go
  kTaken,        // with all that was shown
  kTakenInPart,  // without the words shown behind it
  kErased,       // taken, and erased again, at least its end, within kRegretUs
};

/// A proposal of one round, with its label.
struct Judged {
  decltype(Candidate::features) features{};
  double probability = 0;
  double uncalibrated = 0;
  int rank = 0;   // 1 is the best of its round
  int typed = 0;  // letters of its word that stood there, 0 for a next word
  Source source = Source::kTrie;
  bool right = false;       // in all, the space after it included where it holds one
  bool right_word = false;  // but for that space
  Reaction reaction = Reaction::kUnseen;

  bool shown() const { return reaction != Reaction::kUnseen; }
  bool accepted() const {
    return reaction == Reaction::kTaken || reaction == Reaction::kTakenInPart;
  }
};

class Rounds {
 public:
  static constexpr std::size_t kMostProposals = 8;  // kept of a round
  static constexpr std::size_t kMostRounds = 64;    // open at a time; the oldest go
  static constexpr std::int64_t kRegretUs = 30'000'000;

  /// Where labels go: `judged` in the order of rounds and ranks, counts into `hits`, unless that
  /// is null.
  struct Sink {
    std::vector<Judged>* judged;
    statistics::HitTable* hits;
  };

  /// The candidates at the caret, best first; a round at the same caret is replaced, but for what
  /// stood on screen in it. `caret`: bytes of the message before it, `prefix`: what is typed of the
  /// word there.
  void add(std::size_t caret, std::string_view prefix, std::span<const Candidate> candidates);
  /// This candidate of the last round is on screen.
  void show(std::string_view text);
  /// What is on screen was taken, `whole` with the words shown behind it, at this time.
  void take(bool whole, std::int64_t now_us);
  void dismiss();

  /// A unit of `text` was decided. `learned`: it may be used for learning, and so its rounds.
  void settle(std::string_view text, const context::Unit& unit, bool learned, std::int64_t now_us,
              const Sink& sink);
  /// The text from this byte on is erased. What was taken there is labelled wrong.
  void erase_from(std::size_t begin, std::int64_t now_us, const Sink& sink);
  /// The message `text` is sent: nothing follows what is still open.
  void finish(std::string_view text, const Sink& sink);
  /// The caret went elsewhere without a key that wrote something: what is open gets no label.
  void leave();
  /// Lets go of everything.
  void clear();

  std::size_t open() const { return rounds_.size(); }

 private:
  struct Proposal {
    std::string text;
    bool holds_space = false;
    Judged judged;
    bool done = false;  // labelled, and its text is gone
    bool taken = false;
    bool cut = false;   // erased, at least its end, after it was taken ...
    bool kept = false;  // ... but only when it had stood long enough
    std::int64_t taken_us = 0;
  };
  struct Round {
    std::size_t caret = 0;
    bool inside = false;  // a letter of the word stood there
    std::vector<Proposal> proposals;
  };
  struct Labelled {
    std::size_t caret;
    const Proposal* proposal;
  };
  // A word that was taken and is not old enough yet.
  struct Waiting {
    std::size_t end;
    std::size_t cell;
    std::int64_t taken_us;
  };
  static constexpr std::size_t kNothing = static_cast<std::size_t>(-1);

  static bool concerns(const context::Unit& unit, const Round& round, const Proposal& proposal);
  static bool is_same_word(std::string_view text, const Labelled& earlier, const Labelled& later);
  static void count_erased(const Proposal& proposal, const Sink& sink);
  Proposal* on_screen();
  void replace_last(Round* round);
  void tick(std::int64_t now_us, statistics::HitTable* hits);
  void hand_over(std::string_view text, std::span<const Labelled> labelled, const Sink& sink);
  void count(std::string_view text, std::span<const Labelled> labelled, statistics::HitTable* hits);
  void count_show(const Labelled& first, const Proposal* taken, statistics::HitTable* hits);
  void drop_done();

  std::deque<Round> rounds_;          // by rising caret
  std::vector<Waiting> waiting_;      // by rising end
  std::size_t on_screen_ = kNothing;  // index in the last round
};

}  // namespace foretype::outcome
