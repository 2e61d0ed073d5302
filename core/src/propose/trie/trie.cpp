#include "propose/trie/trie.h"

#include <algorithm>
#include <vector>

#include "propose/trie/snapshot.h"
#include "propose/trie/state.h"

namespace foretype::trie {
namespace {

// The context of `in` that holds the same units as `context` of `from`, or kNone.
Ngrams::ContextId same_context(const State& from, const State& in, Ngrams::ContextId context) {
  std::vector<UnitId> units;
  for (; context != Ngrams::kRoot; context = from.ngrams.parent_of(context)) {
    units.push_back(from.ngrams.unit_of(context));
  }
  Ngrams::ContextId result = Ngrams::kRoot;
  for (std::size_t i = units.size(); i-- > 0 && result != Ngrams::kNone;) {
    const UnitId unit = in.vocabulary.find(from.vocabulary.text(units[i]));
    result = unit == kNoUnit ? Ngrams::kNone : in.ngrams.find(result, unit);
  }
  return result;
}

bool same_followers(const State& a, std::span<const Follower> left, const State& b,
                    std::span<const Follower> right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](const Follower& one, const Follower& other) {
                      return one.count == other.count &&
                             a.vocabulary.text(one.unit()) == b.vocabulary.text(other.unit());
                    });
}

bool same_uses(const State& a, const State& b, UnitId unit) {
  const UnitRecord& one = a.vocabulary[unit];
  const UnitId twin = b.vocabulary.find(a.vocabulary.text(unit));
  return twin != kNoUnit && b.vocabulary[twin].inside == one.inside &&
         b.vocabulary[twin].opening == one.opening && b.vocabulary[twin].accepted == one.accepted &&
         b.vocabulary[twin].rejected == one.rejected;
}

}  // namespace

Trie::Trie(std::shared_ptr<const Background> background, const Weights& weights)
    : state_(std::make_unique<State>(background ? std::move(background) : Background::empty(),
                                     weights)) {}
Trie::~Trie() = default;
Trie::Trie(Trie&&) noexcept = default;
Trie& Trie::operator=(Trie&&) noexcept = default;

void Trie::learn(History history, std::string_view unit) { state_->learn(history, unit); }

void Trie::unlearn(History history, std::string_view unit) { state_->unlearn(history, unit); }

void Trie::set_today(Day day) { state_->today.day = day; }

void Trie::accepted(std::string_view unit, int change) {
  const UnitId known = state_->vocabulary.find(unit);
  if (known != kNoUnit) state_->change_uses(known, {.accepted = change});
}

void Trie::rejected(std::string_view unit, int change) {
  const UnitId known = state_->vocabulary.find(unit);
  if (known != kNoUnit) state_->change_uses(known, {.rejected = change});
}

std::string Trie::save() const { return write_snapshot(*state_); }

Result<Trie> Trie::load(std::span<const std::uint8_t> bytes,
                        std::shared_ptr<const Background> background, const Weights& weights) {
  Trie trie(std::move(background), weights);
  if (std::optional<Error> error = read_snapshot(bytes, trie.state_.get())) return *error;
  return trie;
}

std::size_t Trie::ngrams() const {
  return state_->ngrams.ngrams() + state_->unigrams.entries().size();
}

std::size_t Trie::memory_bytes() const {
  return sizeof(State) + state_->vocabulary.memory_bytes() + state_->ngrams.memory_bytes() +
         state_->unigrams.memory_bytes() + state_->recent.memory_bytes();
}

bool Trie::operator==(const Trie& other) const {
  const State& a = *state_;
  const State& b = *other.state_;
  bool same = a.vocabulary.size() == b.vocabulary.size() && ngrams() == other.ngrams() &&
              a.opened_capital == b.opened_capital && a.opened_small == b.opened_small;
  a.vocabulary.each([&](UnitId unit) { same = same && same_uses(a, b, unit); });
  a.ngrams.each([&](Ngrams::ContextId context) {
    if (!same) return;
    const Ngrams::ContextId twin = same_context(a, b, context);
    same = twin != Ngrams::kNone &&
           same_followers(a, a.ngrams.entries(context), b, b.ngrams.entries(twin));
  });
  return same;
}

}  // namespace foretype::trie
