#include "statistics/prototypes.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string_view>

namespace foretype::statistics {
namespace {

constexpr double kPriorWords = 16;  // the weight of all regions' share against a region's own
constexpr std::size_t kBytes = 4 * kDimensions;  // of a saved centroid

// What joining two means adds to the sum of squared distances of their members (Ward, 1963).
double ward(double a, double b, float squared) {
  return a * b / (a + b) * static_cast<double>(squared);
}

std::uint32_t sum(std::uint32_t a, std::uint32_t b) {
  return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

void put(float value, std::string* out) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  for (int shift = 0; shift < 32; shift += 8) out->push_back(static_cast<char>(bits >> shift));
}

float get(std::string_view bytes) {
  std::uint32_t bits = 0;
  for (std::size_t i = 4; i-- > 0;) bits = bits << 8 | static_cast<unsigned char>(bytes[i]);
  return std::bit_cast<float>(bits);
}

}  // namespace

bool Prototypes::add(const State& state, bool hit) {
  if (!usable(state)) return false;
  const Prototype fresh{state, hit ? 1U : 0U, hit ? 0U : 1U};
  const std::size_t near = nearest(state);
  if (near == kNone) {
    push(fresh);
    return true;
  }
  const float squared = squared_distance(prototypes_[near].centroid, state);
  if (prototypes_.size() < kMost && squared > 0) {
    push(fresh);
    return true;
  }
  const Pair pair = cheapest_pair();
  if (pair.first == pair.second || ward(prototypes_[near].members(), 1, squared) <= pair.cost) {
    join(near, fresh);
    return true;
  }
  join(pair.first, prototypes_[pair.second]);
  prototypes_[pair.second] = fresh;
  measure(pair.second);
  return true;
}

std::size_t Prototypes::nearest(const State& state) const {
  std::size_t near = kNone;
  float least = std::numeric_limits<float>::infinity();
  for (std::size_t i = 0; i < prototypes_.size(); ++i) {
    const float squared = squared_distance(prototypes_[i].centroid, state);
    if (squared < least) {
      least = squared;
      near = i;
    }
  }
  return near;
}

double Prototypes::hit_rate() const {
  double hits = 1, members = 2;
  for (const Prototype& each : prototypes_) {
    hits += each.hits;
    members += each.members();
  }
  return hits / members;
}

double Prototypes::hit_rate(const State& state) const {
  const double of_all = hit_rate();
  const std::size_t near = nearest(state);
  if (near == kNone) return of_all;
  const Prototype& region = prototypes_[near];
  return (region.hits + kPriorWords * of_all) / (region.members() + kPriorWords);
}

void Prototypes::drop_small() {
  std::vector<Prototype> kept;
  for (Prototype& each : prototypes_) {
    if (each.members() >= kFewest) kept.push_back(each);
    each = {};  // and no byte of the others stays
  }
  prototypes_.clear();
  for (const Prototype& each : kept) push(each);
}

void Prototypes::push(const Prototype& prototype) {
  if (prototypes_.capacity() < kMost) prototypes_.reserve(kMost);  // never moved: nothing left over
  prototypes_.push_back(prototype);
  measure(prototypes_.size() - 1);
}

void Prototypes::join(std::size_t index, const Prototype& other) {
  Prototype& mean = prototypes_[index];
  const auto share = static_cast<float>(other.members() / (mean.members() + other.members()));
  for (std::size_t i = 0; i < kDimensions; ++i) {
    mean.centroid[i] += share * (other.centroid[i] - mean.centroid[i]);
  }
  mean.hits = sum(mean.hits, other.hits);
  mean.misses = sum(mean.misses, other.misses);
  measure(index);
}

// A mean has moved: its distances to all others.
void Prototypes::measure(std::size_t index) {
  for (std::size_t i = 0; i < prototypes_.size(); ++i) {
    const float squared = squared_distance(prototypes_[i].centroid, prototypes_[index].centroid);
    distances_[i * kMost + index] = distances_[index * kMost + i] = squared;
  }
}

Prototypes::Pair Prototypes::cheapest_pair() const {
  Pair best{0, 0, std::numeric_limits<double>::infinity()};
  for (std::size_t i = 0; i < prototypes_.size(); ++i) {
    for (std::size_t j = i + 1; j < prototypes_.size(); ++j) {
      const double cost =
          ward(prototypes_[i].members(), prototypes_[j].members(), distances_[i * kMost + j]);
      if (cost < best.cost) best = {i, j, cost};
    }
  }
  return best;
}

void Prototypes::write(std::string* out) const {
  profile::put_number(prototypes_.size(), out);
  for (const Prototype& each : prototypes_) {
    std::string bytes;
    for (const float value : each.centroid) put(value, &bytes);
    profile::put_text(bytes, out);
    profile::put_number(each.hits, out);
    profile::put_number(each.misses, out);
  }
}

bool Prototypes::read(profile::Decoder* decoder) {
  *this = {};
  std::vector<Prototype> read(static_cast<std::size_t>(decoder->number_up_to(kMost)));
  for (Prototype& each : read) {
    const std::string_view bytes = decoder->text(kBytes);
    each.hits = static_cast<std::uint32_t>(decoder->number_up_to(UINT32_MAX));
    each.misses = static_cast<std::uint32_t>(decoder->number_up_to(UINT32_MAX));
    if (bytes.size() != kBytes || each.members() < 1) decoder->fail();
    if (decoder->failed()) return true;
    for (std::size_t i = 0; i < kDimensions; ++i) each.centroid[i] = get(bytes.substr(4 * i));
    if (!usable(each.centroid)) return false;
  }
  for (const Prototype& each : read) push(each);
  return true;
}

}  // namespace foretype::statistics
