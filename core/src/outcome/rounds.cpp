#include "outcome/rounds.h"

#include <algorithm>

#include "propose/trie/wipe.h"

namespace foretype::outcome {
namespace {

using statistics::Event;
using statistics::HitTable;

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t'; }

bool is_next_word(std::string_view text) { return !text.empty() && is_blank(text.front()); }

// Code points, damaged ones included.
int letters_of(std::string_view text) {
  return static_cast<int>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

void wipe(std::string* text) {
  trie::overwrite(text->data(), text->size());
  text->clear();
}

void tally(HitTable* hits, Event event, std::size_t cell) {
  if (hits != nullptr) hits->count(event, cell);
}

std::size_t cell_of(const Judged& judged) {
  return HitTable::cell_of(judged.rank, judged.probability, judged.typed, judged.source);
}

}  // namespace

void Rounds::add(std::size_t caret, std::string_view prefix,
                 std::span<const Candidate> candidates) {
  Round round{caret, !prefix.empty(), {}};
  round.proposals.reserve(kMostProposals + 1);
  for (const Candidate& candidate : candidates.first(std::min(candidates.size(), kMostProposals))) {
    Proposal& proposal = round.proposals.emplace_back();
    proposal.text = candidate.text;
    proposal.judged.features = candidate.features;
    proposal.holds_space = candidate.holds_space;
    proposal.judged.probability = candidate.probability;
    proposal.judged.uncalibrated = candidate.uncalibrated;
    proposal.judged.rank = static_cast<int>(round.proposals.size());
    proposal.judged.typed = is_next_word(candidate.text) ? 0 : letters_of(prefix);
    proposal.judged.source = candidate.source;
  }
  on_screen_ = kNothing;
  if (!rounds_.empty() && rounds_.back().caret == caret) replace_last(&round);
  rounds_.push_back(std::move(round));
  if (rounds_.size() > kMostRounds) {
    for (Proposal& proposal : rounds_.front().proposals) wipe(&proposal.text);
    rounds_.pop_front();
  }
}

// Asked again at the same place: what the user saw there stays seen.
void Rounds::replace_last(Round* round) {
  for (Proposal& old : rounds_.back().proposals) {
    if (old.judged.shown() && !old.done) {
      const auto same =
          std::find_if(round->proposals.begin(), round->proposals.end(),
                       [&old](const Proposal& each) { return each.text == old.text; });
      if (same != round->proposals.end()) {
        *same = old;
      } else if (round->proposals.size() <= kMostProposals) {
        round->proposals.push_back(old);
      }
    }
    wipe(&old.text);
  }
  rounds_.pop_back();
}

void Rounds::show(std::string_view text) {
  on_screen_ = kNothing;
  if (rounds_.empty()) return;
  std::vector<Proposal>& proposals = rounds_.back().proposals;
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    if (proposals[i].done || proposals[i].text != text) continue;
    on_screen_ = i;
    if (!proposals[i].judged.shown()) proposals[i].judged.reaction = Reaction::kPassed;
    return;
  }
}

Rounds::Proposal* Rounds::on_screen() {
  return on_screen_ == kNothing ? nullptr : &rounds_.back().proposals[on_screen_];
}

void Rounds::take(bool whole, std::int64_t now_us) {
  Proposal* proposal = on_screen();
  on_screen_ = kNothing;
  if (proposal == nullptr) return;
  proposal->judged.reaction = whole ? Reaction::kTaken : Reaction::kTakenInPart;
  proposal->taken = true;
  proposal->taken_us = now_us;
}

void Rounds::dismiss() {
  Proposal* proposal = on_screen();
  on_screen_ = kNothing;
  if (proposal != nullptr) proposal->judged.reaction = Reaction::kDismissed;
}

// A proposal for the rest of a word is decided by that word; one for a next word, or where no word
// had begun, by the first word that ends behind the caret.
bool Rounds::concerns(const context::Unit& unit, const Round& round, const Proposal& proposal) {
  const bool rest = round.inside && !is_next_word(proposal.text);
  return rest ? round.caret <= unit.end : round.caret < unit.end;
}

void Rounds::settle(std::string_view text, const context::Unit& unit, bool learned,
                    std::int64_t now_us, const Sink& sink) {
  tick(now_us, sink.hits);
  on_screen_ = kNothing;
  if (learned && !context::is_word(context::unit_text(text, unit))) return;  // a word may follow
  std::vector<Labelled> labelled;
  for (Round& round : rounds_) {
    if (round.caret > unit.end) break;
    for (Proposal& proposal : round.proposals) {
      if (proposal.done || !concerns(unit, round, proposal)) continue;
      proposal.done = true;
      const std::size_t size = proposal.text.size() - (proposal.holds_space ? 1 : 0);
      const std::string_view whole = proposal.text;
      proposal.judged.right_word =
          round.caret + size == unit.end && text.substr(round.caret, size) == whole.substr(0, size);
      proposal.judged.right =
          proposal.judged.right_word && text.substr(round.caret, whole.size()) == whole;
      if (learned) labelled.push_back({round.caret, &proposal});
    }
  }
  hand_over(text, labelled, sink);
  drop_done();
}

void Rounds::erase_from(std::size_t begin, std::int64_t now_us, const Sink& sink) {
  tick(now_us, sink.hits);
  on_screen_ = kNothing;
  for (Round& round : rounds_) {
    for (Proposal& proposal : round.proposals) {
      if (proposal.done) continue;
      const bool cut = round.caret + proposal.text.size() > begin;
      if (proposal.taken && cut && !proposal.cut) {
        proposal.cut = true;
        proposal.kept = now_us - proposal.taken_us >= kRegretUs;
        if (!proposal.kept) proposal.judged.reaction = Reaction::kErased;
      }
      if (round.caret <= begin) continue;
      proposal.done = true;
      if (proposal.taken) count_erased(proposal, sink);
    }
  }
  drop_done();
  while (!waiting_.empty() && waiting_.back().end > begin) waiting_.pop_back();
}

// Its word will never be finished.
void Rounds::count_erased(const Proposal& proposal, const Sink& sink) {
  const std::size_t cell = cell_of(proposal.judged);
  tally(sink.hits, Event::kShown, cell);
  tally(sink.hits, Event::kAccepted, cell);
  if (proposal.kept) return tally(sink.hits, Event::kRetained, cell);
  sink.judged->push_back(proposal.judged);
}

void Rounds::finish(std::string_view text, const Sink& sink) {
  std::vector<Labelled> labelled;
  for (Round& round : rounds_) {
    for (Proposal& proposal : round.proposals) {
      if (!proposal.done) labelled.push_back({round.caret, &proposal});
    }
  }
  hand_over(text, labelled, sink);
  for (const Waiting& each : waiting_) tally(sink.hits, Event::kRetained, each.cell);
  clear();
}

void Rounds::leave() {
  for (Round& round : rounds_) {
    for (Proposal& proposal : round.proposals) wipe(&proposal.text);
  }
  rounds_.clear();
  on_screen_ = kNothing;
}

void Rounds::clear() {
  leave();
  waiting_.clear();
}

void Rounds::tick(std::int64_t now_us, HitTable* hits) {
  std::erase_if(waiting_, [&](const Waiting& each) {
    const bool old = now_us - each.taken_us >= kRegretUs;
    if (old) tally(hits, Event::kRetained, each.cell);
    return old;
  });
}

void Rounds::hand_over(std::string_view text, std::span<const Labelled> labelled,
                       const Sink& sink) {
  for (const Labelled& each : labelled) sink.judged->push_back(each.proposal->judged);
  count(text, labelled, sink.hits);
}

// Counts words, not rounds: what stood on screen over several keys was shown once.
void Rounds::count(std::string_view text, std::span<const Labelled> labelled, HitTable* hits) {
  struct Show {
    Labelled first;
    const Proposal* taken;
  };
  std::vector<Show> shows;
  std::size_t missed = HitTable::kNoCell;
  bool seen = false;  // the right one was on screen
  for (const Labelled& each : labelled) {
    const Judged& judged = each.proposal->judged;
    const Proposal* taken = each.proposal->taken ? each.proposal : nullptr;
    if (judged.right && missed == HitTable::kNoCell) missed = cell_of(judged);
    if (!judged.shown()) continue;
    seen = seen || judged.right;
    const auto known = std::find_if(shows.begin(), shows.end(), [&](const Show& show) {
      return is_same_word(text, show.first, each);
    });
    if (known == shows.end()) {
      shows.push_back({each, taken});
    } else if (taken != nullptr) {
      known->taken = taken;
    }
  }
  for (const Show& show : shows) count_show(show.first, show.taken, hits);
  if (!seen) tally(hits, Event::kMissed, missed);
}

void Rounds::count_show(const Labelled& first, const Proposal* taken, HitTable* hits) {
  const std::size_t cell = cell_of(first.proposal->judged);
  const bool right = first.proposal->judged.right;
  tally(hits, Event::kShown, cell);
  if (taken == nullptr) {
    if (right) tally(hits, Event::kTypedThrough, cell);
    return;
  }
  tally(hits, Event::kAccepted, cell);
  if (taken->kept) {
    tally(hits, Event::kRetained, cell);
  } else if (right && !taken->cut) {
    waiting_.push_back({first.caret + first.proposal->text.size(), cell, taken->taken_us});
  }
}

// Whether two proposals, the later one with more typed, are one word at one place.
bool Rounds::is_same_word(std::string_view text, const Labelled& earlier, const Labelled& later) {
  const std::string_view whole = earlier.proposal->text;
  const std::size_t typed = later.caret - earlier.caret;
  return whole.size() == typed + later.proposal->text.size() &&
         text.substr(earlier.caret, typed) == whole.substr(0, typed) &&
         whole.substr(typed) == later.proposal->text;
}

void Rounds::drop_done() {
  for (Round& round : rounds_) {
    for (Proposal& proposal : round.proposals) {
      if (proposal.done) wipe(&proposal.text);
    }
  }
  std::erase_if(rounds_, [](const Round& round) {
    return std::all_of(round.proposals.begin(), round.proposals.end(),
                       [](const Proposal& each) { return each.done; });
  });
}

}  // namespace foretype::outcome
