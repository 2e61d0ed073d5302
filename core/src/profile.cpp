#include "foretype/profile.h"

#include <algorithm>
#include <utility>

#include "context/units.h"
#include "outcome/learner.h"
#include "profile/mention.h"
#include "propose/trie/casing.h"

namespace foretype {

using profile::Kind;

namespace {

bool learnable(std::string_view unit) {
  return !unit.empty() && unit.size() <= trie::kMaxUnitBytes;
}

// What of a history n-grams can hold: what stands behind its last unit that is too long.
Profile::History known_part(Profile::History history) {
  std::size_t first = history.size();
  while (first > 0 && history[first - 1].size() <= trie::kMaxUnitBytes) --first;
  return history.subspan(first);
}

}  // namespace

Profile::Profile(std::shared_ptr<const trie::Background> background)
    : background_(std::move(background)), contexts_(background_) {}

void Profile::set_day(trie::Day today) {
  day_ = today;
  contexts_.set_day(today);
  journal_.set_day(today);
}

void Profile::learn(std::string_view message, std::string_view context) {
  if (paused_) return;
  context::Message units;
  units.set(message);
  outcome::Learner learner(this, context);
  learner.finish(units);
  remember(learner.clean_text(units), context);
}

void Profile::learn_unit(std::string_view context, History history, std::string_view unit) {
  if (!learnable(unit)) return;
  history = known_part(history);
  if (journal_kept_) journal_.learn(context, history, unit);
  contexts_.each_learning(context, [&](trie::Trie& trie) { trie.learn(history, unit); });
}

void Profile::unlearn_unit(std::string_view context, History history, std::string_view unit) {
  if (!learnable(unit)) return;
  history = known_part(history);
  if (journal_kept_) journal_.unlearn(context, history, unit);
  contexts_.each_learning(context, [&](trie::Trie& trie) { trie.unlearn(history, unit); });
}

void Profile::accepted(std::string_view context, std::string_view unit) {
  if (!learnable(unit)) return;
  if (journal_kept_) journal_.text(Kind::kAccepted, context, unit);
  contexts_.each_learning(context, [&](trie::Trie& trie) { trie.accepted(unit, 1); });
}

void Profile::unaccepted(std::string_view context, std::string_view unit) {
  if (!learnable(unit)) return;
  if (journal_kept_) journal_.text(Kind::kUnaccepted, context, unit);
  contexts_.each_learning(context, [&](trie::Trie& trie) { trie.accepted(unit, -1); });
}

void Profile::rejected(std::string_view context, std::string_view unit) {
  if (!learnable(unit)) return;
  if (journal_kept_) journal_.text(Kind::kRejected, context, unit);
  contexts_.each_learning(context, [&](trie::Trie& trie) { trie.rejected(unit, 1); });
}

void Profile::remember(std::string_view message, std::string_view context) {
  if (message.empty()) return;
  if (journal_kept_) journal_.text(Kind::kMessage, context, message);
  if (!context.empty()) contexts_.make(context);
  memory_.add(context, day_, message);
  note_memory(context);
}

void Profile::keep_judgement() {
  std::string now = judgement_.save();
  if (now == judgement_kept_) return;
  if (journal_kept_) journal_.text(Kind::kJudgement, {}, now);
  judgement_kept_ = std::move(now);
}

void Profile::saw() {
  if (paused_) return;
  if (journal_kept_) journal_.number(Kind::kHabit, {}, 0);
  habit_.saw();
}

void Profile::overlooked() {
  if (paused_) return;
  if (journal_kept_) journal_.number(Kind::kHabit, {}, 1);
  habit_.overlooked();
}

void Profile::pause(bool paused) {
  if (paused == paused_) return;
  if (journal_kept_) journal_.number(Kind::kPaused, {}, paused ? 1 : 0);
  paused_ = paused;
}

bool Profile::block(std::string_view word) {
  const std::string folded = profile::plain(word);
  const std::vector<context::Unit> units = context::units(folded);
  if (units.size() != 1 || !context::is_word(folded)) return false;
  if (journal_kept_) journal_.text(Kind::kBlock, {}, folded);
  blocked_.insert(folded);
  return true;
}

bool Profile::unblock(std::string_view word) {
  const std::string folded = profile::plain(word);
  if (blocked_.erase(folded) == 0) return false;
  if (journal_kept_) journal_.text(Kind::kUnblock, {}, folded);
  return true;
}

bool Profile::is_blocked(std::string_view text) const {
  return !blocked_.empty() && profile::mentions_any(profile::plain(text), blocked_);
}

void Profile::set_private(std::string_view context, bool is_private) {
  if (context.empty() || contexts_.is_private(context) == is_private) return;
  if (journal_kept_) journal_.number(Kind::kPrivate, context, is_private ? 1 : 0);
  contexts_.set_private(context, is_private);
  memory_version_ = ++changes_;
}

void Profile::add(std::string_view context, const trie::WordRow& row) {
  contexts_.trie_of(context).add(row, 1);
}

void Profile::add(std::string_view context, const trie::NgramRow& row) {
  contexts_.trie_of(context).add(row, 1);
}

const trie::Trie* Profile::own(std::string_view context) const {
  const profile::Contexts::Context* found = contexts_.find(context);
  return found == nullptr ? nullptr : &found->trie;
}

std::deque<std::string> Profile::memory(std::string_view context) const {
  return memory_.visible(context,
                         [this](std::string_view other) { return contexts_.is_private(other); });
}

std::uint64_t Profile::memory_version(std::string_view context) const {
  const profile::Contexts::Context* found = contexts_.find(context);
  return found == nullptr ? memory_version_ : std::max(memory_version_, found->version);
}

// A message of a private context changes nothing for the others.
void Profile::note_memory(std::string_view context) {
  profile::Contexts::Context* found = contexts_.find(context);
  const bool is_private = found != nullptr && found->is_private;
  (is_private ? found->version : memory_version_) = ++changes_;
}

}  // namespace foretype
