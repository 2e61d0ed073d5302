#include "statistics/neighbours.h"

#include <algorithm>

namespace foretype::statistics {

std::uint32_t hash_of(std::string_view word) {
  std::uint32_t hash = 0x811c9dc5;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
  return hash;
}

bool Neighbours::add(const State& state, const Ranking& ranking) {
  if (!usable(state)) return false;
  if (ring_.size() < kMost) {
    if (ring_.empty()) ring_.reserve(kMost);  // never moved: no copy is left behind
    ring_.push_back({state, ranking});
    return true;
  }
  ring_[oldest_] = {state, ranking};
  oldest_ = (oldest_ + 1) % kMost;
  return true;
}

void Neighbours::wipe() {
  std::fill(ring_.begin(), ring_.end(), Neighbour{});
  ring_.clear();
  oldest_ = 0;
}

}  // namespace foretype::statistics
