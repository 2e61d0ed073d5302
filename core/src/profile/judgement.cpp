#include "profile/judgement.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace foretype::profile {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kOfRanker = 2 * rank::kFeatures;
constexpr std::size_t kNumbers = kOfRanker + 7;
constexpr std::size_t kBytes = 1 + kNumbers * sizeof(double);

void put(double value, std::string* bytes) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (int i = 0; i < 8; ++i) bytes->push_back(static_cast<char>(bits >> (8 * i) & 0xFF));
}

double get(std::string_view bytes) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return std::bit_cast<double>(bits);
}

}  // namespace

std::string Judgement::save() const {
  std::string bytes(1, kVersion);
  for (const rank::Ranker::Sums& sums : ranker.state()) {
    put(sums.gradients, &bytes);
    put(sums.squares, &bytes);
  }
  const gate::Calibration::State& c = calibration.state();
  const gate::Gate::State& g = gate.state();
  for (const double each :
       {c.slope, c.shift, c.slope_squares, c.shift_squares, g.dial, g.log_price, g.account}) {
    put(each, &bytes);
  }
  return bytes;
}

bool Judgement::load(std::string_view bytes) {
  *this = {};
  if (bytes.size() != kBytes || bytes[0] != kVersion) return false;
  std::array<double, kNumbers> numbers{};
  for (std::size_t i = 0; i < kNumbers; ++i) numbers[i] = get(bytes.substr(1 + 8 * i));
  rank::Ranker::State sums;
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = {numbers[2 * i], numbers[2 * i + 1]};
  const double* n = numbers.data() + kOfRanker;
  Judgement read;
  const bool good = read.ranker.restore(sums) &&
                    read.calibration.restore({n[0], n[1], n[2], n[3]}) &&
                    read.gate.restore({n[4], n[5], n[6]});
  if (good) *this = read;
  return good;
}

}  // namespace foretype::profile
