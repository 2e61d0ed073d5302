#include "context/secrets.h"

#include <algorithm>

#include "context/chunks.h"
#include "context/secret_numbers.h"
#include "context/secret_stretch.h"

namespace foretype::context {

namespace {

/// The end of the text, as far as it matters for what is undecided.
class Tail {
 public:
  explicit Tail(std::string_view text) {
    // A number, its groups, what comes after it and the chunk at the end.
    constexpr std::size_t kMostChunks = kMostGroups + kNear + kMostIbanChunks + 1;
    chunks_.cut(text, last_chunks(text, kMostChunks), text.size());
    const std::vector<Chunk>& all = chunks_.all();
    const bool growing = !all.empty() && all.back().end == text.size();
    complete_ = all.size() - (growing ? 1 : 0);
  }

  /// Index of the first undecided chunk; how many there are if none is.
  std::size_t first_undecided() const {
    std::size_t first = complete_;
    for (std::size_t i = complete_; i-- > 0;) {
      if (may_be_named(i) || may_become_iban(chunks_, i, complete_)) first = i;
    }
    for (const Run& run : chunks_.runs()) {
      if (may_grow(run)) first = std::min(first, std::max(run.first, first_of_number()));
      if (may_be_named(run)) first = std::min(first, run.first);
    }
    return first;
  }

  const std::vector<Chunk>& chunks() const { return chunks_.all(); }

 private:
  /// Whether the next chunk, or the growing one, stands near enough to name what ends with `last`.
  bool is_near(std::size_t last) const { return last + kNear >= complete_; }

  bool may_be_named(std::size_t i) const { return is_near(i) && chunks_.all()[i].odd; }

  bool may_be_named(const Run& run) const {
    if (!is_near(run.last) || !is_short(run)) return false;
    const Number number = chunks_.number(run);
    return may_be_account(number) || (may_be_code(number) && !is_year(number));
  }

  bool may_grow(const Run& run) const {
    return run.last >= complete_ ||
           (run.last + 1 == complete_ && chunks_.all()[run.last].goes_on());
  }

  /// A growing number that still matters begins here at the earliest: of a longer one, only the
  /// last groups do. The growing chunk may turn out to be no part of it.
  std::size_t first_of_number() const { return complete_ - std::min(complete_, kMostGroups); }

  Chunks chunks_;
  std::size_t complete_ = 0;  // chunks with white space behind them
};

}  // namespace

Secrets::Secrets() : checkpoints_{Checkpoint()} {}

void Secrets::set(std::string_view text, std::size_t unchanged) {
  while (checkpoints_.back().begin > unchanged) checkpoints_.pop_back();
  const Checkpoint start = checkpoints_.back();
  while (!ranges_.empty() && ranges_.back().begin >= start.begin) ranges_.pop_back();
  if (!ranges_.empty()) ranges_.back().end = std::min(ranges_.back().end, start.begin);
  StretchReader reader(text);
  ReadingState state = start.state;
  for (std::size_t at = start.begin; at < text.size();) {
    if (at > start.begin) checkpoints_.push_back({at, state});
    at = reader.read(at, &state, &ranges_);
  }
  undecided_ = undecided_from(text);
}

std::vector<Range> secret_ranges(std::string_view text) {
  std::vector<Range> ranges;
  StretchReader reader(text);
  ReadingState state;
  for (std::size_t at = 0; at < text.size();) at = reader.read(at, &state, &ranges);
  return ranges;
}

std::size_t undecided_from(std::string_view text) {
  const Tail tail(text);
  const std::size_t first = tail.first_undecided();
  return first < tail.chunks().size() ? tail.chunks()[first].begin : text.size();
}

}  // namespace foretype::context
