// What is typed into a session, and what is learned of it.
#include <algorithm>
#include <string>
#include <utility>

#include "context/utf8.h"
#include "foretype/session.h"

namespace foretype {
namespace {

// Bytes erased at once beyond which a draft was thrown away, which says nothing of its words.
constexpr std::size_t kMostErased = 64;

}  // namespace

void Session::set_text(std::string_view before, std::string_view after,
                       std::optional<Ranges> untyped) {
  if (refused()) return;
  follow_forgetting();
  carry_untyped(before, after);
  if (untyped) untyped_.tell(*untyped, before.size() + after.size());
  change_text(before, after);
}

void Session::paste(std::string_view text) {
  if (refused()) return;
  follow_forgetting();
  const std::size_t caret = message_.text().size();
  const std::string before = message_.text() + std::string(text);
  carry_untyped(before, after_);
  untyped_.add({caret, before.size()});
  offers_.show_nothing();  // nobody typed past what was on screen
  change_text(before, std::string(after_));
  hush();
}

void Session::carry_untyped(std::string_view before, std::string_view after) {
  if (untyped_.empty()) return;
  untyped_.change(message_.text() + after_, std::string(before) + std::string(after));
}

void Session::change_text(std::string_view before, std::string_view after) {
  judged_.clear();
  if (profile_->paused()) {
    drop_offers();
    untyped_.mark_all(before.size() + after.size());
  }
  if (after_ != after) suggestion_ = carried_ = {};
  const bool moved = only_moves_caret(before, after);
  after_ = after;
  const std::size_t size = message_.text().size();
  const std::size_t same = message_.set(before);
  settle_declined();
  if (same < size) {
    hushed_ = true;
    if (same <= dismissed_at_) dismissed_at_ = kNowhere;
  } else if (same < before.size()) {
    offers_.pass();
  }
  if (moved) rounds_.leave();
  if (!moved && same < size) rounds_.erase_from(same, now_us(), sink());
  if (context::is_word(before.substr(same))) hushed_ = false;
  if (same < std::max(size, before.size())) carry(before.substr(same), same == size);
  learn(same, size - same);
  learn_judgement();
}

// From what came of all proposals, shown or not.
void Session::learn_judgement() {
  if (profile_->paused() || !options_.learns_judgement) return;
  profile::Judgement& judgement = profile_->judgement();
  for (outcome::Judged judged : judged_) {
    if (options_.learns_from_shown) {
      if (!judged.shown()) continue;
      judged.right = judged.right_word = judged.accepted();
    }
    judgement.ranker.learn(judged.features, judged.right_word);
    if (judged.rank == 1) judgement.calibration.learn(judged.uncalibrated, judged.right);
  }
}

bool Session::only_moves_caret(std::string_view before, std::string_view after) const {
  const std::string& old = message_.text();
  return before.size() != old.size() &&
         before.size() + after.size() == old.size() + after_.size() &&
         std::string(before) + std::string(after) == old + after_;
}

// What is typed is learned, what is erased taken back; both tell of the words that were taken.
void Session::learn(std::size_t same, std::size_t erased) {
  learner_.follow(message_, untyped_.before(message_.text().size()));
  if (erased > 0) {
    spaces_.clear();
    const outcome::Erased words = offers_.erase_from(same);
    for (const std::string& word : words.unaccepted) profile_->unaccepted(options_.context, word);
    for (const std::string& word : words.rejected) {
      if (erased <= kMostErased) profile_->rejected(options_.context, word);
    }
  }
  word_starts_.erase_from(same);
  settled_units_ = std::min(settled_units_, message_.unchanged());
  settle_offers();
}

std::string Session::accept(int pieces) {
  follow_forgetting();
  if (!suggestion_.shown || pieces == 0) return {};
  const auto& ends = suggestion_.piece_ends;
  const std::size_t last =
      pieces < 0 ? ends.size() : std::min(static_cast<std::size_t>(pieces), ends.size());
  const std::string taken = suggestion_.text.substr(0, ends[last - 1]);
  const std::size_t begin = message_.text().size();
  note_taken(last);
  if (offers_.take()) profile_->saw();
  rounds_.take(last == ends.size(), now_us());
  for (std::size_t i = 1; i < last; ++i) {
    const std::size_t word = taken.find_first_not_of(" \n\t", ends[i - 1]);
    const std::size_t end = taken.find_last_not_of(' ', ends[i] - 1) + 1;
    if (word < end) offers_.take_too(begin + word, taken.substr(word, end - word));
  }
  if (!profile_->paused()) {
    profile_->statistics().keys_saved += context::count_code_points(taken) - 1;
  }
  carry_untyped(message_.text() + taken, after_);
  change_text(message_.text() + taken, std::string(after_));
  return taken;
}

void Session::dismiss() {
  const context::Caret caret = context::caret_of(message_);
  dismissed_at_ = caret.word_begin;
  offers_.show_nothing();
  rounds_.dismiss();
  suggestion_ = carried_ = {};
}

void Session::hush() {
  hushed_ = true;
  offers_.show_nothing();
  suggestion_ = carried_ = {};
}

void Session::finish() {
  follow_forgetting();
  judged_.clear();
  if (!after_.empty() || profile_->paused()) change_text(message_.text() + after_, {});
  learner_.finish(message_, untyped_.before(message_.text().size()));
  settle_offers();
  rounds_.finish(message_.text(), sink());
  learn_judgement();
  spaces_.clear();
  if (!profile_->paused()) {
    profile_->judgement().gate.sent(options_.dial, offers_.open_shows());
  }
  profile_->keep_judgement();
  const std::string text = learner_.clean_text(message_);
  learner_.release();
  offers_.clear();
  word_starts_.wipe();
  untyped_.clear();
  suggestion_ = carried_ = {};
  declined_.clear();
  dismissed_at_ = kNowhere;
  settled_units_ = 0;
  hushed_ = false;
  remember(text);
  message_.set("");
}

void Session::remember(std::string_view text) {
  end_estimates_.clear();
  follow_profile();
  if (text.empty()) return;
  profile_->remember(text, options_.context);
  memory_version_ = profile_->memory_version(options_.context);
  if (model_) model_->finish(text);
}

// Units that are decided settle what was offered for them.
void Session::settle_offers() {
  for (; settled_units_ < learner_.decided(); ++settled_units_) {
    const bool learned = learner_.has_learned(settled_units_);
    rounds_.settle(message_.text(), message_.units()[settled_units_], learned, now_us(), sink());
    const std::string unit = message_.unit(settled_units_);
    if (!context::is_word(unit)) continue;
    const std::size_t begin = message_.units()[settled_units_].begin;
    settle_word_start(begin, unit, learned);
    const std::size_t end = message_.units()[settled_units_].end;
    const bool spaced = end < message_.text().size() && message_.text()[end] == ' ';
    const outcome::Settled settled = offers_.settle(begin, unit, learned, spaced);
    for (int i = 0; i < settled.overlooked; ++i) profile_->overlooked();
    if (settled.accepted) profile_->accepted(options_.context, unit);
    if (!settled.rejected.empty()) profile_->rejected(options_.context, settled.rejected);
    if (settled.asked && learned) ++profile_->statistics().words;
    if (settled.asked && !profile_->paused()) {
      profile_->judgement().gate.finished_word(options_.dial, settled.wrong);
    }
  }
}

outcome::Rounds::Sink Session::sink() {
  return {&judged_, options_.statistics ? &profile_->statistics().hits : nullptr};
}

std::int64_t Session::now_us() const { return Deadline{engine_->clock}.now_us(); }

void Session::drop_offers() {
  word_starts_.wipe();
  rounds_.clear();
  for (const std::string& word : offers_.clear()) profile_->unaccepted(options_.context, word);
}

// Something was forgotten: so is what this session made of it. The text in the field may hold it:
// what of that is learned stays so, and no more of it is.
void Session::follow_forgetting() {
  if (forgotten_ == profile_->forgotten()) return;
  forgotten_ = profile_->forgotten();
  learner_.release();
  untyped_.mark_all(message_.text().size() + after_.size());
  offers_.clear();
  word_starts_.wipe();
  rounds_.clear();
  judged_.clear();
  settled_units_ = 0;
  spaces_ = {};
  suggestion_ = carried_ = {};
  declined_ = {};
  end_estimates_ = {};
  if (model_) {
    model_->wipe();
    model_.emplace(*engine_->model, options_.effort);  // and no scratch of the old one is left
  }
  memory_read_ = false;
}

}  // namespace foretype
