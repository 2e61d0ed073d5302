#include "statistics/word_starts.h"

#include <algorithm>

namespace foretype::statistics {

bool WordStarts::has(std::size_t begin) const {
  return std::any_of(starts_.begin(), starts_.end(),
                     [begin](const Start& start) { return start.begin == begin; });
}

void WordStarts::add(std::size_t begin, const State& state, const Ranking& ranking) {
  erase_from(begin);
  if (starts_.empty() || starts_.back().begin < begin) starts_.push_back({begin, state, ranking});
}

std::optional<WordStarts::Settled> WordStarts::settle(std::size_t begin, std::string_view word) {
  std::optional<Settled> settled;
  std::size_t passed = 0;
  for (; passed < starts_.size() && starts_[passed].begin <= begin; ++passed) {
    const Start& start = starts_[passed];
    if (start.begin != begin) continue;
    const Ranking& ranking = start.ranking;
    settled = Settled{start.state, ranking.count > 0 && ranking.words[0] == hash_of(word)};
  }
  starts_.erase(starts_.begin(), starts_.begin() + static_cast<std::ptrdiff_t>(passed));
  return settled;
}

void WordStarts::erase_from(std::size_t begin) {
  while (!starts_.empty() && starts_.back().begin > begin) starts_.pop_back();
}

void WordStarts::wipe() {
  starts_.resize(starts_.capacity());  // what was dropped lies there
  std::fill(starts_.begin(), starts_.end(), Start{});
  starts_.clear();
}

}  // namespace foretype::statistics
