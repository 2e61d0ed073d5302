#include "profile/judgement.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace foretype::profile {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kNumbers = 7;  // behind those of the ranker
constexpr std::size_t kBytes = 1 + rank::Ranker::kBytes + kNumbers * sizeof(double);

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
  bytes += ranker.save();
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
  Judgement read;
  std::array<double, kNumbers> n{};
  for (std::size_t i = 0; i < kNumbers; ++i) {
    n[i] = get(bytes.substr(1 + rank::Ranker::kBytes + 8 * i));
  }
  const bool good = read.ranker.load(bytes.substr(1, rank::Ranker::kBytes)) &&
                    read.calibration.restore({n[0], n[1], n[2], n[3]}) &&
                    read.gate.restore({n[4], n[5], n[6]});
  if (good) *this = read;
  return good;
}

}  // namespace foretype::profile
