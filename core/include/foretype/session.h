// One editing session: a text, a caret, and what to suggest there.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "context/field.h"
#include "context/message.h"
#include "context/untyped.h"
#include "foretype/candidate.h"
#include "foretype/engine.h"
#include "foretype/profile.h"
#include "gate/gate.h"
#include "outcome/learner.h"
#include "outcome/offers.h"
#include "outcome/rounds.h"
#include "propose/lm/language_model.h"
#include "propose/words.h"
#include "statistics/word_starts.h"

namespace foretype {

/// How far ghost text goes beyond its first word.
struct Phrases {
  double least = 0.1;    // a unit less likely than this is not shown, nor looked beyond
  double certain = 0.6;  // so likely it must be by the trie, where the language model is not ready
  double read = 0;       // what reading one more piece costs, in keys
  bool declined = true;  // pieces of what was taken in part step back
};

struct Options {
  std::string context;  // where the field stands; "" is the common context (profile.h)
  // A refused field is not read: nothing is kept, shown or learned. One that only asks for no
  // suggestions is read and learned from.
  context::Refusal refusal = context::Refusal::kNone;
  bool trie = true;            // let the trie propose
  bool language_model = true;  // let the language model propose, where the engine has one
  gate::Dial dial;
  lm::Effort effort;
  Phrases phrases;
  double language_model_share = 0.75;  // of the linear mixture: docs/decisions/0007
  bool ranker = true;                  // let the ranker correct the mixture
  bool learns_judgement = true;        // from outcomes: ranker and calibration
  bool learns_from_shown = false;  // only from what was on screen, right where it was accepted: to
                                   // measure what labels for everything are worth
  bool holds_space = true;         // a space after a word may be part of a candidate
  bool next_word = true;           // at a word's end the next one, its space included, may be shown
  bool passed_over = true;         // what was shown and not taken steps back
  bool statistics = true;  // gather them (statistics/window.h) while the profile is not paused
  int candidates = 5;      // kept in a suggestion
};

/// All text is UTF-8 by intent; any bytes are accepted. Not thread-safe.
///
/// What is typed is learned while it is typed and taken back when it is erased. What still stands
/// in the field when the session ends stays learned, like a draft; it is not remembered as a
/// message. An empty text set before takes it back.
class Session {
 public:
  using Ranges = std::span<const context::Range>;

  Session(std::shared_ptr<const Engine> engine, std::shared_ptr<Profile> profile, Options options);

  /// The text around the caret is now this. `untyped`: bytes of before + after that the user did
  /// not type; without it, what was untyped stays so where it still stands. It is not learned, not
  /// remembered, and no n-gram spans it. Nor is what stood in the field while learning was paused
  /// or something was forgotten.
  void set_text(std::string_view before, std::string_view after,
                std::optional<Ranges> untyped = std::nullopt);
  /// This came in at the caret without being typed.
  void paste(std::string_view text);
  bool refused() const { return !context::may_read(options_.refusal); }
  const std::string& before() const { return message_.text(); }
  const std::string& after() const { return after_; }

  /// What to show now. Comes back within about `budget_us`; negative: no deadline. Asked again for
  /// the same text, what is shown stays, and at most more is shown behind it.
  const Suggestion& suggest(std::int64_t budget_us);
  /// Between keys: one small step of what the next key would otherwise wait for. False if there is
  /// nothing worth doing. Changes no answer but by having more computed.
  bool think();
  /// What is shown goes on with the words that have become known since; true if it grew. For after
  /// suggest() and between steps of think(): text is only added, and an accept takes it too.
  bool extend();
  const Suggestion& suggestion() const { return suggestion_; }
  const Timing& timing() const { return timing_; }
  /// The labels that the last change of the text, or finish(), gave to earlier proposals.
  std::span<const outcome::Judged> judged() const { return judged_; }

  /// Takes the first `pieces` of what is shown, all where negative; returns what was inserted.
  std::string accept(int pieces);
  /// Nothing more is shown for the word at the caret.
  void dismiss();
  /// Nothing more is shown until a letter or digit is typed: after an undo, while something is
  /// selected, and the like. Erasing and pasting do it by themselves.
  void hush();
  /// The message, before and after the caret, is sent: learned and remembered; the text is empty
  /// again.
  void finish();

 private:
  // Where the word of a candidate begins in the message, and the whole word.
  struct Place {
    std::size_t begin;
    std::string word;
  };
  Place place_of(const Candidate& candidate, const context::Caret& caret) const;
  void carry_untyped(std::string_view before, std::string_view after);
  void change_text(std::string_view before, std::string_view after);
  void learn(std::size_t same, std::size_t erased);
  void settle_offers();
  bool only_moves_caret(std::string_view before, std::string_view after) const;
  outcome::Rounds::Sink sink();
  std::int64_t now_us() const;
  void drop_offers();
  void remember(std::string_view text);
  void follow_forgetting();
  void follow_profile();
  void propose(std::int64_t budget_us, const Suggestion& before);
  void propose_from_model(const Words& words, const Deadline& deadline);
  bool gathers() const;
  void watch();
  void note_word_start(const context::Caret& caret);
  void settle_word_start(std::size_t begin, std::string_view word, bool learned);
  void rank(const Words& words);
  void discount_passed(const context::Caret& caret);
  void look_for_spaces(const Words& words);
  double space_by_trie(const Words& words, const Candidate& candidate);
  void learn_judgement();
  void choose(const context::Caret& caret, const Suggestion& before);
  void note_shown(bool is_new);
  // session_extend.cpp
  struct Unit {
    std::string text;
    double probability;  // given the units before it
  };
  std::vector<std::string> units_before(const context::Caret& caret, const Place& first) const;
  void go_on(const context::Caret& caret, const Place& first);
  bool append(std::string_view before, const Unit& unit);
  void hold_last_space(const std::vector<std::string>& history);
  Unit likeliest_after(const std::vector<std::string>& history, const std::string& shown);
  void carry(std::string_view inserted, bool at_end);
  void note_taken(std::size_t taken);
  void settle_declined();
  double declined(const Place& place) const;
  void keep(Suggestion shown);
  Layers layers() const;
  double end_estimate(std::string_view word);

  std::shared_ptr<const Engine> engine_;
  std::shared_ptr<Profile> profile_;
  Options options_;
  std::optional<lm::LanguageModel> model_;
  context::Message message_;
  std::string after_;
  context::Untyped untyped_;
  outcome::Learner learner_;
  outcome::Offers offers_;
  statistics::WordStarts word_starts_;
  outcome::Rounds rounds_;
  std::vector<outcome::Judged> judged_;
  struct KnownSpace {
    std::size_t begin;
    std::string word;
    double space;
  };
  std::vector<KnownSpace> spaces_;  // behind words of the trie at the caret
  Suggestion suggestion_;
  struct Declined {
    std::size_t begin;  // of what was left when the user took the pieces before it
    std::string text;
    std::size_t blanks;  // before its first word
    std::string word;
    double rest;  // P(all behind the first word are right | it is)
  };
  std::vector<Declined> declined_;
  double wholes_taken_ = 0;   // ghost text of several pieces that was taken as a whole, ...
  double wholes_missed_ = 0;  // ... and that was right as a whole and taken in part
  Suggestion carried_;        // the rest of what was shown before the last key, which went along it
  bool piece_began_ = false;  // and came to the end of a piece of it
  Timing timing_;
  bool model_answered_ = false;
  bool hushed_ = false;  // silence until the next letter is typed
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
  std::size_t dismissed_at_ = kNowhere;  // where the word begins for which nothing is shown
  std::size_t settled_units_ = 0;
  std::uint64_t memory_version_ = 0;
  std::uint64_t forgotten_ = 0;
  bool memory_read_ = false;
  std::unordered_map<std::string, double> end_estimates_;
};

}  // namespace foretype
