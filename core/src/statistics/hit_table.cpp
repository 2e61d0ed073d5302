#include "statistics/hit_table.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace foretype::statistics {

std::size_t HitTable::cell_of(int rank, double probability, int typed, Source source) {
  if (rank < 1 || rank > static_cast<int>(kRanks)) return kNoCell;
  const double bounded = probability > 0 ? std::min(probability, 1.0) : 0.0;  // NaN is not above 0
  const auto decile = std::min(static_cast<std::size_t>(bounded * kDeciles), kDeciles - 1);
  const auto letters = static_cast<std::size_t>(std::clamp(typed, 0, static_cast<int>(kTyped) - 1));
  const auto row = static_cast<std::size_t>(rank - 1) * kDeciles + decile;
  return (row * kTyped + letters) * kSources + static_cast<std::size_t>(source) - 1;
}

void HitTable::count(Event event, std::size_t cell) {
  if (cell >= kCells) return;
  std::uint32_t& count = counts_[static_cast<std::size_t>(event) * kCells + cell];
  if (count < std::numeric_limits<std::uint32_t>::max()) ++count;
}

std::uint64_t HitTable::total(Event event) const {
  const auto cells = counts().subspan(static_cast<std::size_t>(event) * kCells, kCells);
  return std::accumulate(cells.begin(), cells.end(), std::uint64_t{0});
}

void HitTable::write(std::string* out) const {
  const auto used =
      std::count_if(counts_.begin(), counts_.end(), [](std::uint32_t count) { return count > 0; });
  profile::put_number(static_cast<std::uint64_t>(used), out);
  std::size_t next = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0) continue;
    profile::put_number(i - next, out);
    profile::put_number(counts_[i] - 1, out);
    next = i + 1;
  }
}

void HitTable::read(profile::Decoder* decoder) {
  counts_ = {};
  const std::uint64_t used = decoder->number_up_to(counts_.size());
  std::uint64_t next = 0;
  for (std::uint64_t i = 0; i < used && !decoder->failed(); ++i) {
    const std::uint64_t at = next + decoder->number_up_to(counts_.size());
    const std::uint64_t less_one =
        decoder->number_up_to(std::numeric_limits<std::uint32_t>::max() - 1);
    if (decoder->failed() || at >= counts_.size()) return decoder->fail();
    counts_[static_cast<std::size_t>(at)] = static_cast<std::uint32_t>(less_one + 1);
    next = at + 1;
  }
}

}  // namespace foretype::statistics
