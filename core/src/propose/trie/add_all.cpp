// Everything that one trie has counted, added to or taken from another.
#include <vector>

#include "propose/trie/state.h"
#include "propose/trie/trie.h"

namespace foretype::trie {
namespace {

class Adder {
 public:
  Adder(State& to, const State& from, int sign)
      : to_(to),
        from_(from),
        sign_(sign),
        units_(from.vocabulary.ids(), kNoUnit),
        contexts_(from.ngrams.context_ids(), Ngrams::kNone) {}

  void add() {
    from_.vocabulary.each([this](UnitId unit) { hold(unit); });
    from_.ngrams.each([this](Ngrams::ContextId context) { add_ngrams(context); });
    from_.ngrams.each([this](Ngrams::ContextId context) { drop_spent(contexts_[context]); });
    from_.vocabulary.each([this](UnitId unit) { add_uses(unit); });
    from_.vocabulary.each([this](UnitId unit) { let_go(unit); });
  }

 private:
  // Ids stay good while all units are held.
  void hold(UnitId unit) {
    const std::string_view text = from_.vocabulary.text(unit);
    bool made = false;
    units_[unit] = sign_ > 0 ? to_.vocabulary.acquire(text, &made) : to_.vocabulary.find(text);
    if (sign_ < 0 && units_[unit] != kNoUnit) to_.vocabulary.acquire(units_[unit]);
  }
  void let_go(UnitId unit) {
    if (units_[unit] != kNoUnit) to_.vocabulary.release(units_[unit]);
  }

  // The same context in `to_`, made if counts are added; kNone if it is not there.
  Ngrams::ContextId context_of(Ngrams::ContextId context) {
    if (context == Ngrams::kRoot || contexts_[context] != Ngrams::kNone) {
      return context == Ngrams::kRoot ? context : contexts_[context];
    }
    const Ngrams::ContextId parent = context_of(from_.ngrams.parent_of(context));
    const UnitId unit = units_[from_.ngrams.unit_of(context)];
    if (parent == Ngrams::kNone || unit == kNoUnit) return Ngrams::kNone;
    contexts_[context] = sign_ > 0 ? made(parent, unit) : to_.ngrams.find(parent, unit);
    return contexts_[context];
  }

  Ngrams::ContextId made(Ngrams::ContextId parent, UnitId unit) {
    bool made = false;
    const Ngrams::ContextId context = to_.ngrams.find_or_make(parent, unit, &made);
    if (made) to_.vocabulary.acquire(unit);
    return context;
  }

  void add_ngrams(Ngrams::ContextId context) {
    const Ngrams::ContextId place = context_of(context);
    if (place == Ngrams::kNone) return;
    for (const Follower& each : from_.ngrams.entries(context)) {
      const UnitId unit = units_[each.unit()];
      const std::int64_t change = sign_ * std::int64_t{each.count};
      if (unit != kNoUnit) to_.change_ngram(place, unit, change, each.day);
    }
  }

  void drop_spent(Ngrams::ContextId context) {
    if (context != Ngrams::kNone && to_.ngrams.is_used(context)) to_.drop_spent(context);
  }

  void add_uses(UnitId unit) {
    const UnitRecord& record = from_.vocabulary[unit];
    if (units_[unit] == kNoUnit || record.uses() == 0) return;
    to_.change_uses(units_[unit], {.inside = sign_ * std::int64_t{record.inside},
                                   .opening = sign_ * std::int64_t{record.opening},
                                   .accepted = sign_ * std::int64_t{record.accepted},
                                   .rejected = sign_ * std::int64_t{record.rejected},
                                   .first_day = record.first_day,
                                   .last_day = record.last_day});
  }

  State& to_;
  const State& from_;
  std::int64_t sign_;
  std::vector<UnitId> units_;                // of from_ -> of to_
  std::vector<Ngrams::ContextId> contexts_;  // of from_ -> of to_
};

}  // namespace

void Trie::add_all(const Trie& other, int sign) {
  if (&other != this) Adder(*state_, *other.state_, sign).add();
}

}  // namespace foretype::trie
