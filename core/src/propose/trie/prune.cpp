// Keeps a trie within its size: what is least useful goes first.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "propose/trie/forms.h"
#include "propose/trie/state.h"
#include "propose/trie/sweep.h"
#include "propose/trie/trie.h"

namespace foretype::trie {
namespace {

// How useful a thing is: by weight, then the shorter n-gram, then the later one. A float that is
// not negative sorts as its bits do.
std::uint64_t usefulness(double weight, std::size_t order, Day day) {
  const auto bits = std::uint64_t{std::bit_cast<std::uint32_t>(static_cast<float>(weight))};
  return (bits << 32) | ((kMaxOrder - order) << 16) | day;
}

std::uint64_t usefulness(const State& state, Ngrams::ContextId context, const Follower& each) {
  return usefulness(state.today.weight(each), state.ngrams.length_of(context) + 1, each.day);
}

// Lets the `count` least of some values go: everything below a limit, and some of those at it.
class Cut {
 public:
  Cut(std::vector<std::uint64_t> values, std::size_t count) {
    if (count == 0) return;
    const auto last = values.begin() + static_cast<std::ptrdiff_t>(count - 1);
    std::nth_element(values.begin(), last, values.end());
    limit_ = *last;
    at_limit_ = static_cast<std::size_t>(std::count(values.begin(), last + 1, limit_));
  }
  bool takes(std::uint64_t value) {
    if (value != limit_) return value < limit_;
    if (at_limit_ == 0) return false;
    --at_limit_;
    return true;
  }

 private:
  std::uint64_t limit_ = 0;
  std::size_t at_limit_ = 0;
};

void drop_ngrams(State& state, std::size_t count) {
  std::vector<std::uint64_t> values;
  values.reserve(state.ngrams.ngrams());
  state.ngrams.each([&](Ngrams::ContextId context) {
    for (const Follower& each : state.ngrams.entries(context)) {
      values.push_back(usefulness(state, context, each));
    }
  });
  Cut cut(std::move(values), std::min(count, state.ngrams.ngrams()));
  sweep(
      state, [](Ngrams::ContextId) { return false; },
      [&](Ngrams::ContextId context, const Follower& each) {
        return cut.takes(usefulness(state, context, each));
      });
}

// True if no n-gram has the unit in it: only its uses and the forms that fold to it refer to it.
bool stands_alone(const Vocabulary& vocabulary, UnitId unit) {
  std::uint32_t forms = 0;
  for (UnitId form = vocabulary[unit].next_form; form != unit; form = vocabulary[form].next_form) {
    forms += vocabulary[unit].folded == unit ? 1U : 0U;
  }
  return vocabulary[unit].references == 1 + forms;
}

// Words that were hardly used and of which no n-gram is left.
void drop_words_alone(State& state) {
  std::vector<UnitId> alone;
  state.vocabulary.each([&](UnitId unit) {
    const UnitRecord& record = state.vocabulary[unit];
    const bool is_offered = record.uses() > 0 && rung_of(record) == Rung::kOffered;
    if (is_offered && stands_alone(state.vocabulary, unit)) alone.push_back(unit);
  });
  for (const UnitId unit : alone) {
    const UnitRecord& record = state.vocabulary[unit];
    state.change_uses(
        unit, {.inside = -std::int64_t{record.inside}, .opening = -std::int64_t{record.opening}});
  }
}

// For a limit below the number of words themselves: no longer n-grams are left.
void drop_words(State& state, std::size_t count) {
  const auto value_of = [&](const Follower& each) {
    return usefulness(state.today.weight(each), 1, each.day);
  };
  const std::vector<Follower> words(state.unigrams.entries().begin(),
                                    state.unigrams.entries().end());
  std::vector<std::uint64_t> values;
  for (const Follower& each : words) values.push_back(value_of(each));
  Cut cut(std::move(values), std::min(count, words.size()));
  for (const Follower& each : words) {
    const bool is_left = state.vocabulary[each.unit()].references > 0;
    if (cut.takes(value_of(each)) && is_left) Forms(state, each.unit()).drop_uses();
  }
}

}  // namespace

std::size_t Trie::prune(std::size_t most_ngrams) {
  const std::size_t before = ngrams();
  if (before <= most_ngrams) return 0;
  drop_ngrams(*state_, before - most_ngrams);
  drop_words_alone(*state_);
  if (ngrams() > most_ngrams) drop_words(*state_, ngrams() - most_ngrams);
  return before - ngrams();
}

}  // namespace foretype::trie
