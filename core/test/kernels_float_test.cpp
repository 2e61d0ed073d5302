// Halves, attention and what is done to one vector: the plain kernels against
// double precision, within stated bounds, and every other table against the
// plain one, bit for bit.
#include <bit>
#include <cmath>
#include <vector>

#include "kernels/exponential.h"
#include "kernels/half.h"
#include "kernels/kernels.h"
#include "kernels_check.h"
#include "kernels_data.h"

namespace foretype::kernels::test {
namespace {

// --- halves -----------------------------------------------------------------

bool is_nan_half(int half) { return (half & 0x7c00) == 0x7c00 && (half & 0x3ff) != 0; }

void halves_survive_the_way_through_floats() {
  bool holds = true;
  for (int half = 0; half < 0x10000; ++half) {
    const auto bits = static_cast<std::uint16_t>(half);
    const int expected = is_nan_half(half) ? half | 0x200 : half;
    holds = holds && float_to_half(half_to_float(bits)) == expected;
  }
  expect(holds, "half -> float -> half", plain());
}

/// No other half is nearer; of two equally near ones the even one was taken.
bool is_nearest_half(float value) {
  const std::uint16_t half = float_to_half(value);
  const double error = std::fabs(double{half_to_float(half)} - double{value});
  for (const int step : {-1, 1}) {
    const auto neighbour = static_cast<std::uint16_t>(half + step);
    if ((neighbour & 0x7c00) == 0x7c00 || ((neighbour ^ half) & 0x8000) != 0) continue;
    const double other = std::fabs(double{half_to_float(neighbour)} - double{value});
    if (other < error || (other == error && (half & 1) != 0)) return false;
  }
  return true;
}

void floats_round_to_the_nearest_half() {
  Random random(1);
  bool holds = true;
  for (int i = 0; i < 200000; ++i) {
    const int exponent = random.integer(127 - 27, 127 + 15);
    const auto bits = static_cast<std::uint32_t>(random.bits()) & 0x807fffffu;
    const float value = std::bit_cast<float>(bits | static_cast<std::uint32_t>(exponent) << 23);
    if (std::fabs(value) < 65504.0f) holds = holds && is_nearest_half(value);
  }
  for (int half = 0; half < 0x7bff; ++half) {  // ties: half way between neighbours
    const float low = half_to_float(static_cast<std::uint16_t>(half));
    const float high = half_to_float(static_cast<std::uint16_t>(half + 1));
    holds = holds && is_nearest_half(low + (high - low) / 2);
  }
  expect(holds, "float -> half rounds to nearest", plain());
  expect(float_to_half(65519.0f) == 0x7bff, "largest half", plain());
  expect(float_to_half(65520.0f) == 0x7c00, "half infinity", plain());
  expect(float_to_half(1e-30f) == 0 && float_to_half(-1e-30f) == 0x8000, "half zero", plain());
}

void half_arrays_match(const Table& table) {
  std::vector<std::uint16_t> all(0x10000 + 5);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint16_t>(i);
  std::vector<float> values(all.size()), expected(all.size());
  table.from_half(all.data(), static_cast<int>(all.size()), values.data());
  plain().from_half(all.data(), static_cast<int>(all.size()), expected.data());
  expect(same(values, expected), "from_half", table);

  Random random(2);
  for (float& value : values)
    value = std::bit_cast<float>(static_cast<std::uint32_t>(random.bits()));
  std::vector<std::uint16_t> halves(values.size()), expected_halves(values.size());
  table.to_half(values.data(), static_cast<int>(values.size()), halves.data());
  plain().to_half(values.data(), static_cast<int>(values.size()), expected_halves.data());
  for (std::size_t i = 0; i < halves.size(); ++i) {
    const bool both_nan = is_nan_half(halves[i]) && is_nan_half(expected_halves[i]);
    if (halves[i] != expected_halves[i] && !both_nan) return expect(false, "to_half", table);
  }
}

// --- attention --------------------------------------------------------------

struct AttentionData {
  int heads, count, stride;
  std::vector<float> query, weights;
  std::vector<std::uint16_t> cache;  // keys or values, [count][stride]
};

AttentionData random_attention(Random& random, int heads, int count) {
  const int stride = 3 * kHeadWidth;
  return {heads,
          count,
          stride,
          random.floats(at(heads, 0, kHeadWidth), -2.0f, 2.0f),
          random.floats(at(heads, 0, count + 2), 0.0f, 1.0f),
          random.halves(at(count, 0, stride) + 1, -4.0f, 4.0f)};
}

std::vector<float> scores_of(const Table& table, const AttentionData& data) {
  std::vector<float> scores(at(data.heads, 0, data.count + 2) + 1, kCanary);
  table.attention_scores(data.query.data(), data.heads, data.cache.data(), data.stride, data.count,
                         scores.data(), data.count + 2);
  return scores;
}

std::vector<float> mix_of(const Table& table, const AttentionData& data) {
  std::vector<float> out(at(data.heads, 0, kHeadWidth) + 1, 0.25f);
  table.attention_mix(data.weights.data(), data.count + 2, data.heads, data.cache.data(),
                      data.stride, data.count, out.data());
  return out;
}

double cached(const AttentionData& data, int t, int d) {
  return half_to_float(data.cache[at(t, d, data.stride)]);
}

void plain_attention_matches_doubles() {
  Random random(11);
  const AttentionData data = random_attention(random, 3, 50);
  const std::vector<float> scores = scores_of(plain(), data);
  const std::vector<float> mixed = mix_of(plain(), data);
  bool holds = true;
  for (int head = 0; head < data.heads; ++head) {
    for (int t = 0; t < data.count; ++t) {
      Exact exact;
      for (int d = 0; d < kHeadWidth; ++d) {
        exact.add(double{data.query[at(head, d, kHeadWidth)]} * cached(data, t, d));
      }
      const double error = scores[at(head, t, data.count + 2)] - exact.sum;
      holds = holds && std::fabs(error) <= 8 * kFloatRounding * exact.magnitude;
    }
    for (int d = 0; d < kHeadWidth; ++d) {
      Exact exact;
      exact.add(0.25);
      for (int t = 0; t < data.count; ++t) {
        exact.add(double{data.weights[at(head, t, data.count + 2)]} * cached(data, t, d));
      }
      const double error = mixed[at(head, d, kHeadWidth)] - exact.sum;
      holds = holds && std::fabs(error) <= (data.count + 1) * kFloatRounding * exact.magnitude;
    }
  }
  expect(holds, "attention in double precision", plain());
}

void attention_matches(const Table& table) {
  Random random(12);
  for (const int heads : {1, 2, 3, 4, 7}) {
    for (const int count : {0, 1, 2, 7, 8, 9, 31, 100}) {
      const AttentionData data = random_attention(random, heads, count);
      expect(same(scores_of(table, data), scores_of(plain(), data)), "attention_scores", table);
      expect(same(mix_of(table, data), mix_of(plain(), data)), "attention_mix", table);
    }
  }
}

// --- one vector -------------------------------------------------------------

void exponential_is_within_its_bound() {
  constexpr int kSteps = 500000;
  double worst = 0;
  for (int i = 0; i <= kSteps; ++i) {
    const float x = -87.0f + 175.0f * static_cast<float>(i) / kSteps;
    const double exact = std::exp(double{x});
    worst = std::fmax(worst, std::fabs(double{exponential(x)} - exact) / exact);
  }
  expect(worst <= 2e-6, "relative error of exp", plain());
  expect(exponential(0.0f) == 1.0f, "exp(0)", plain());
  expect(exponential(-87.01f) == 0.0f && exponential(-kInfiniteFloat) == 0.0f, "exp of little",
         plain());
  expect(exponential(kNotANumber) == 0.0f, "exp(NaN)", plain());
  expect(std::isfinite(exponential(kInfiniteFloat)), "exp of much", plain());
}

/// Of every kind: small, large, and none at all.
std::vector<float> awkward_floats(Random& random, std::size_t count) {
  std::vector<float> x = random.floats(count, -20.0f, 20.0f);
  const float odd[] = {kNotANumber, kInfiniteFloat, -kInfiniteFloat, -0.0f, 1e-42f, 3e38f, -3e38f};
  for (const float value : odd) {
    if (count > 3) x[random.bits() % count] = value;
  }
  return x;
}

void exp_sum_matches(const Table& table, std::vector<float> x) {
  std::vector<float> expected = x;
  const int count = static_cast<int>(x.size());
  const float sum = table.exp_sum(x.data(), count, 1.5f);
  const float expected_sum = plain().exp_sum(expected.data(), count, 1.5f);
  expect(same(x, expected) && same(sum, expected_sum), "exp_sum", table);
}

void swiglu_matches(const Table& table, std::vector<float> gate, const std::vector<float>& up) {
  std::vector<float> expected = gate;
  table.swiglu(gate.data(), up.data(), static_cast<int>(gate.size()));
  plain().swiglu(expected.data(), up.data(), static_cast<int>(expected.size()));
  expect(same(gate, expected), "swiglu", table);
}

void norm_matches(const Table& table, const std::vector<float>& x,
                  const std::vector<float>& weight) {
  const int count = static_cast<int>(x.size());
  std::vector<float> y(x.size() + 1, kCanary), expected(x.size() + 1, kCanary);
  table.rms_norm(x.data(), weight.data(), count, 1e-5f, y.data());
  plain().rms_norm(x.data(), weight.data(), count, 1e-5f, expected.data());
  expect(same(y, expected), "rms_norm", table);
}

void vectors_match(const Table& table) {
  Random random(13);
  for (const int count : {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 576, 1537}) {
    const auto size = static_cast<std::size_t>(count);
    for (const std::vector<float>& x :
         {random.floats(size, -20.0f, 20.0f), random.floats(size, -120.0f, 120.0f),
          awkward_floats(random, size)}) {
      const std::vector<float> other = random.floats(size, -2.0f, 2.0f);
      exp_sum_matches(table, x);
      swiglu_matches(table, x, other);
      norm_matches(table, x, other);
      expect(table.max(x.data(), count) == plain().max(x.data(), count), "max", table);
    }
  }
}

void plain_vectors_match_doubles() {
  Random random(14);
  const std::vector<float> x = random.floats(576, -20.0f, 20.0f);
  const std::vector<float> other = random.floats(576, -2.0f, 2.0f);
  std::vector<float> gated = x, powers = x, normed(576);
  plain().swiglu(gated.data(), other.data(), 576);
  const float sum = plain().exp_sum(powers.data(), 576, 20.0f);
  plain().rms_norm(x.data(), other.data(), 576, 1e-5f, normed.data());
  double squares = 0, exact_sum = 0;
  for (const float value : x) squares += double{value} * value;
  for (const float value : x) exact_sum += std::exp(double{value} - 20.0);
  const double norm = 1.0 / std::sqrt(squares / 576 + double{1e-5f});
  bool holds = std::fabs(sum - exact_sum) <= 4e-6 * exact_sum;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double swiglu = x[i] / (1.0 + std::exp(-double{x[i]})) * other[i];
    holds = holds && std::fabs(gated[i] - swiglu) <= 4e-6 * std::fabs(swiglu) + 1e-30;
    const double expected = x[i] * norm * other[i];
    holds = holds && std::fabs(normed[i] - expected) <= 4e-6 * std::fabs(expected);
  }
  expect(holds, "vectors in double precision", plain());
}

void plain_kernels_are_right() {
  halves_survive_the_way_through_floats();
  floats_round_to_the_nearest_half();
  plain_attention_matches_doubles();
  exponential_is_within_its_bound();
  plain_vectors_match_doubles();
}

void table_matches(const Table& table) {
  half_arrays_match(table);
  attention_matches(table);
  vectors_match(table);
}

}  // namespace
}  // namespace foretype::kernels::test

int main() {
  using namespace foretype::kernels::test;
  return report(plain_kernels_are_right, table_matches);
}
