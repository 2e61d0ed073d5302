// What a session tells the statistics of hidden space.
#include "foretype/session.h"

namespace foretype {

// Of what the user writes, and only while it is learned.
bool Session::gathers() const {
  return options_.statistics && !profile_->paused() &&
         untyped_.before(message_.text().size()).empty();
}

void Session::watch() { model_->tell(gathers() ? &profile_->statistics().signatures : nullptr); }

// Between words: where in hidden space the language model stands, and what is proposed there.
void Session::note_word_start(const context::Caret& caret) {
  const bool between = caret.prefix.empty() && !caret.space_needed;
  if (!between || !model_answered_ || !gathers() || word_starts_.has(caret.word_begin)) return;
  statistics::Ranking ranking;
  for (const Candidate& candidate : suggestion_.candidates) {
    ranking.add(place_of(candidate, caret).word);
  }
  const statistics::State state = model_->state();
  word_starts_.add(caret.word_begin, state, ranking);
  profile_->statistics().began(state, ranking);
}

// A word of the message was written by the user.
void Session::settle_word_start(std::size_t begin, std::string_view word, bool learned) {
  const auto start = word_starts_.settle(begin, word);
  if (start && learned) profile_->statistics().wrote(start->state, start->hit);
}

}  // namespace foretype
