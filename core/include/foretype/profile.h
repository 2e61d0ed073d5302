// What is known about one user: n-grams by context, the last messages, habits,
// blocked words. The caller owns it and may share it between sessions of one
// thread; it says what day it is, and puts on disk what drain() and save() give.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foretype/error.h"
#include "profile/contexts.h"
#include "profile/habit.h"
#include "profile/journal.h"
#include "profile/judgement.h"
#include "profile/memory.h"
#include "propose/trie/rows.h"
#include "propose/trie/trie.h"
#include "statistics/window.h"

namespace foretype {

/// One named part of a stored profile.
struct Section {
  std::string name;
  std::string bytes;
};

/// What forgetting removed.
struct Forgotten {
  std::size_t ngrams = 0;
  std::size_t messages = 0;
};

/// A context is named by the caller; "" is the common one. What is learned in a context is offered
/// there first and, unless it is private, elsewhere too.
class Profile {
 public:
  using History = trie::History;

  /// background may be null: then only the user's own words are known.
  explicit Profile(std::shared_ptr<const trie::Background> background);

  /// The day of what is learned from here on.
  void set_day(trie::Day today);

  // Learning. Each of these is an operation of the journal.
  /// A finished message: its n-grams and, as memory, its text. Nothing while paused.
  void learn(std::string_view message, std::string_view context = {});
  /// One use of a unit, and the exact inverse.
  void learn_unit(std::string_view context, History history, std::string_view unit);
  void unlearn_unit(std::string_view context, History history, std::string_view unit);
  /// A suggestion of this unit was taken and kept; was taken and then erased.
  void accepted(std::string_view context, std::string_view unit);
  void unaccepted(std::string_view context, std::string_view unit);
  void rejected(std::string_view context, std::string_view unit);
  /// Only the memory, for a message whose n-grams were learned while it was typed.
  void remember(std::string_view message, std::string_view context = {});
  /// What judgement() is now, if it changed: a state and no step, so that a crash loses only what
  /// was learned since.
  void keep_judgement();
  /// A right suggestion was seen, or typed out by hand. Nothing while paused.
  void saw();
  void overlooked();

  // The owner's wishes. These are operations too, ...
  /// While paused nothing is learned or remembered.
  void pause(bool paused);
  bool paused() const { return paused_; }
  /// Blocked words are not suggested, in no case form and in no compound, and not learned. False
  /// for what is not one word.
  bool block(std::string_view word);
  bool unblock(std::string_view word);
  const std::set<std::string, std::less<>>& blocked() const { return blocked_; }  // folded
  bool is_blocked(std::string_view text) const;
  /// What is learned in a private context is offered and remembered there only. The change moves
  /// what was learned so far, exactly. The common context cannot be private.
  void set_private(std::string_view context, bool is_private);

  // ... but forgetting is none: it changes everything at once, the operations not yet drained
  // included, and the caller writes all sections anew. Drain first, to know what they held.
  /// A word, in every case form and with the compounds it is part of (profile/mention.h), or a
  /// phrase: every n-gram that holds two neighbouring words of it next to each other. Messages
  /// that mention it go as a whole. Blocked words and names of contexts are the owner's and stay.
  Forgotten forget(std::string_view text);
  /// Whether a message mentions this word or phrase, or an n-gram holds it.
  bool holds(std::string_view text) const;
  /// A context's n-grams, messages and name.
  Forgotten forget_context(std::string_view context);
  /// What these drained operations added on balance, and their messages. An Error, where they are
  /// damaged, changes nothing.
  Result<Forgotten> take_back(std::string_view operations);
  void forget_all();

  static constexpr std::size_t kMostNgrams = 1'000'000;
  /// Drops the least useful n-grams of all tries until they hold at most `most` together. Returns
  /// how many went. No operation either: sections are to be saved afterwards.
  std::size_t make_room(std::size_t most = kMostNgrams);

  // What proposers read.
  const trie::Trie& trie() const { return contexts_.common(); }
  /// The context's own n-grams; null where there are none.
  const trie::Trie* own(std::string_view context) const;
  const profile::Habit& habit() const { return habit_; }
  /// What sessions count; nothing is to be counted while paused.
  /// What their outcomes taught; without text, and left alone while paused by who changes it.
  profile::Judgement& judgement() { return judgement_; }
  const profile::Judgement& judgement() const { return judgement_; }
  statistics::Window& statistics() { return statistics_; }
  const statistics::Window& statistics() const { return statistics_; }
  /// The last messages that a session in this context may read, at most kMemoryBytes, oldest
  /// first and its own last.
  std::deque<std::string> memory(std::string_view context = {}) const;
  /// Changes whenever memory(context) does; `forgotten` counts how often anything was forgotten.
  std::uint64_t memory_version(std::string_view context = {}) const;
  std::uint64_t forgotten() const { return forgotten_; }

  const profile::Contexts& contexts() const { return contexts_; }
  /// Adds a row to one trie alone: for what was exported with each of its contexts.
  void add(std::string_view context, const trie::WordRow& row);
  void add(std::string_view context, const trie::NgramRow& row);
  const std::deque<profile::Remembered>& messages() const { return memory_.messages(); }

  // Storage: docs/formats/profile.md.
  /// Whether operations are kept for drain(). They are, at first.
  void keep_journal(bool kept);
  /// Operations since the last call; empty if there were none. Sections saved later hold them.
  std::string drain();
  /// Carries out operations once more, without keeping them for drain(). Returns how many; where
  /// the bytes are damaged an Error, and what stood before the damage is carried out.
  Result<std::size_t> replay(std::string_view operations);
  /// Everything, as sections: "profile", "trie/0" (common) and "trie/N", N the context's number
  /// in the order of names, "rank" and "statistics".
  std::vector<Section> save() const;
  /// Of these, what no operation tells of: "statistics".
  std::vector<Section> save_counts() const;
  /// Becomes what these sections hold. An Error, which names the section, changes nothing. Empty
  /// bytes stand for an empty section, so that the others can be loaded when one is lost; so does
  /// a missing "rank" or "statistics".
  Result<bool> load(std::span<const Section> sections);

  static constexpr std::size_t kMemoryBytes = profile::Memory::kBytes;

 private:
  void apply(const profile::Operation& operation);
  void note_memory(std::string_view context);
  Forgotten forgot(std::size_t ngrams_before, std::size_t messages);

  std::shared_ptr<const trie::Background> background_;
  profile::Contexts contexts_;
  profile::Memory memory_;
  profile::Habit habit_;
  profile::Judgement judgement_;
  std::string judgement_kept_ = judgement_.save();  // as sections or operations hold it
  statistics::Window statistics_;
  std::set<std::string, std::less<>> blocked_;
  bool paused_ = false;
  profile::Journal journal_;
  bool journal_kept_ = true;
  trie::Day day_ = 0;
  std::uint64_t changes_ = 0;         // of the memory
  std::uint64_t memory_version_ = 0;  // the last change of what every session may read
  std::uint64_t forgotten_ = 0;
};

}  // namespace foretype
