// The plain kernels against double precision, within stated bounds, and every
// other table against the plain one, bit for bit.
#include "kernels/kernels.h"

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <vector>

#include "kernels/exponential.h"
#include "kernels/half.h"
#include "kernels_data.h"

namespace foretype::kernels::test {
namespace {

constexpr float kInfiniteFloat = std::numeric_limits<float>::infinity();
constexpr float kNotANumber = std::numeric_limits<float>::quiet_NaN();
constexpr double kFloatRounding = 0x1p-24;  // of one operation, relative
constexpr float kCanary = -12345.5f;        // stands where nothing may be written

int failures = 0;

void expect(bool holds, const char* what, const Table& table) {
  if (holds) return;
  ++failures;
  std::fprintf(stderr, "%.*s: %s\n", static_cast<int>(table.name.size()), table.name.data(), what);
}

bool same(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

bool same(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same(a[i], b[i])) return false;
  }
  return true;
}

const Table& plain() { return *available().back(); }

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

// --- quantisation -----------------------------------------------------------

struct Quantized {
  std::vector<std::int8_t> q;
  std::vector<float> scale, sum;
};

Quantized quantize(const Table& table, const std::vector<float>& x) {
  Quantized result{std::vector<std::int8_t>(x.size()), std::vector<float>(x.size() / kGroup),
                   std::vector<float>(x.size() / kGroup)};
  table.quantize(x.data(), static_cast<int>(x.size()), result.q.data(), result.scale.data(),
                 result.sum.data());
  return result;
}

void quantisation_keeps_values_within_half_a_step() {
  Random random(3);
  const std::vector<float> x = random.floats(kGroup * 200, -3.0f, 3.0f);
  const Quantized result = quantize(plain(), x);
  bool holds = true;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double scale = result.scale[i / kGroup];
    holds = holds && std::fabs(scale * result.q[i] - double{x[i]}) <= scale * 0.50001;
  }
  for (std::size_t group = 0; group < result.sum.size(); ++group) {
    int total = 0;
    for (std::size_t i = 0; i < kGroup; ++i) total += result.q[group * kGroup + i];
    holds = holds && same(result.sum[group], result.scale[group] * static_cast<float>(total));
  }
  expect(holds, "quantisation error", plain());
}

void quantisation_rounds_half_to_even() {
  std::vector<float> x(kGroup, 0.0f);
  x[0] = 127.0f;
  x[1] = 0.5f;
  x[2] = 1.5f;
  x[3] = -2.5f;
  const Quantized result = quantize(plain(), x);
  expect(result.q[0] == 127 && result.q[1] == 0 && result.q[2] == 2 && result.q[3] == -2,
         "half to even", plain());
}

/// x with `value` somewhere in its first group gives a group of zeros.
void vanishes(const Table& table, float value) {
  Random random(4);
  std::vector<float> x(kGroup, 0.0f);
  if (!std::isfinite(value)) x = random.floats(kGroup, -1.0f, 1.0f);
  x[random.bits() % kGroup] = value;
  const Quantized result = quantize(table, x);
  bool zero = result.scale[0] == 0.0f && result.sum[0] == 0.0f;
  for (const std::int8_t q : result.q) zero = zero && q == 0;
  expect(zero, "a group without a scale", table);
}

void quantisation_matches(const Table& table) {
  Random random(5);
  for (const float size : {1e-37f, 1e-20f, 1.0f, 3000.0f, 3e38f}) {
    const std::vector<float> x = random.floats(kGroup * 64, -size, size);
    const Quantized result = quantize(table, x);
    const Quantized expected = quantize(plain(), x);
    expect(result.q == expected.q && same(result.scale, expected.scale) &&
               same(result.sum, expected.sum),
           "quantize", table);
  }
  for (const float value :
       {0.0f, -0.0f, 1e-38f, 1e-45f, kNotANumber, -kNotANumber, kInfiniteFloat, -kInfiniteFloat}) {
    vanishes(table, value);
  }
}

// --- matrix times vectors ---------------------------------------------------

/// The sum of terms in double precision, and of their magnitudes for the bound.
struct Exact {
  double sum = 0, magnitude = 0;

  void add(double term) {
    sum += term;
    magnitude += std::fabs(term);
  }
};

Exact exact_int4(const Int4Data& w, const ActivationData& x, int row, int vector) {
  Exact y;
  for (int column = 0; column < w.columns; ++column) {
    const std::size_t group = scale_at(row, column / kGroup, w.columns);
    const double scale = half_to_float(w.scale[group]);
    const double offset = half_to_float(w.offset[group]);
    const std::size_t x_at = at(vector, column, w.columns);
    const double value = double{x.scale[x_at / kGroup]} * x.q[x_at];
    y.add(scale * w.plain[at(row, column, w.columns)] * value);
    y.add(offset * value);
  }
  return y;
}

Exact exact_int8(const Int8Data& w, const ActivationData& x, int row, int vector) {
  Exact y;
  for (int column = 0; column < w.columns; ++column) {
    const double scale = half_to_float(w.scale[scale_at(row, column / kGroup, w.columns)]);
    const std::size_t x_at = at(vector, column, w.columns);
    y.add(scale * w.plain[at(row, column, w.columns)] * double{x.scale[x_at / kGroup]} * x.q[x_at]);
  }
  return y;
}

/// Two additions and three multiplications a group, one after another.
bool within_rounding(double value, const Exact& exact, int columns) {
  const double operations = 2.0 * columns / kGroup + 3;
  return std::fabs(value - exact.sum) <= operations * kFloatRounding * exact.magnitude;
}

void plain_matrices_match_doubles() {
  Random random(6);
  const Int4Data w4 = random_int4(random, 48, 192);
  const Int8Data w8 = random_int8(random, 48, 192);
  const ActivationData x = random_activations(random, 3, 192);
  std::vector<float> y4(3 * 48), y8(3 * 48);
  plain().matmul_int4(w4.view(), x.view(), 0, 3, y4.data(), 48);
  plain().matmul_int8(w8.view(), x.view(), 0, 3, y8.data(), 48);
  bool holds = true;
  for (int vector = 0; vector < 3; ++vector) {
    for (int row = 0; row < 48; ++row) {
      const std::size_t i = at(vector, row, 48);
      holds = holds && within_rounding(y4[i], exact_int4(w4, x, row, vector), 192) &&
              within_rounding(y8[i], exact_int8(w8, x, row, vector), 192);
    }
  }
  expect(holds, "matrices in double precision", plain());
}

/// Blocks begin..end times all of x; beyond the rows stand canaries.
template <typename Matrix, typename Multiply>
std::vector<float> multiply(Multiply function, const Matrix& w, const ActivationData& x, int begin,
                            int end) {
  const int stride = (end - begin) * kRowBlock + 3;
  std::vector<float> y(at(x.count, 0, stride) + 3, kCanary);
  function(w, x.view(), begin, end, y.data(), stride);
  return y;
}

void int4_matches(const Table& table, const Int4Data& w, const ActivationData& x, int begin,
                  int end) {
  expect(same(multiply(table.matmul_int4, w.view(), x, begin, end),
              multiply(plain().matmul_int4, w.view(), x, begin, end)),
         "matmul_int4", table);
}

void int8_matches(const Table& table, const Int8Data& w, const ActivationData& x, int begin,
                  int end) {
  expect(same(multiply(table.matmul_int8, w.view(), x, begin, end),
              multiply(plain().matmul_int8, w.view(), x, begin, end)),
         "matmul_int8", table);
}

void matrices_match_at_every_batch_size(const Table& table) {
  Random random(7);
  const Int4Data w4 = random_int4(random, 64, 96);
  const Int8Data w8 = random_int8(random, 64, 96);
  for (int count = 0; count <= 19; ++count) {
    const ActivationData x = random_activations(random, count, 96);
    int4_matches(table, w4, x, 0, 4);
    int8_matches(table, w8, x, 0, 4);
    int4_matches(table, w4, x, 1, 3);
    int8_matches(table, w8, x, 3, 4);
    int4_matches(table, w4, x, 2, 2);
  }
}

void matrices_match_in_the_shapes_of_the_model(const Table& table) {
  Random random(8);
  const ActivationData narrow = random_activations(random, 5, 576);
  const ActivationData wide = random_activations(random, 5, 1536);
  int4_matches(table, random_int4(random, 192, 576), narrow, 0, 12);
  int4_matches(table, random_int4(random, 576, 1536), wide, 0, 36);
  int8_matches(table, random_int8(random, 512, 576), narrow, 7, 32);
}

/// The largest sums there can be: 16-bit accumulators must hold them.
void matrices_match_at_the_largest_sums(const Table& table) {
  Random random(9);
  const Int4Data w4 = random_int4(random, 32, 64, 15);
  const Int8Data w8 = random_int8(random, 32, 64, 127);
  for (const int sign : {-1, 0, 1}) {
    const ActivationData x = random_activations(random, 6, 64, 127, sign);
    int4_matches(table, w4, x, 0, 2);
    int8_matches(table, w8, x, 0, 2);
  }
}

/// Scales that a damaged file may hold. Any answer will do, but it is the same one.
void matrices_match_with_scales_that_are_no_numbers(const Table& table) {
  Random random(10);
  Int4Data w = random_int4(random, 32, 64);
  w.scale[3] = 0x7c00;
  w.scale[20] = 0x7e01;
  w.offset[40] = 0xfc00;
  w.offset[41] = 0x0001;  // subnormal
  ActivationData x = random_activations(random, 2, 64);
  x.scale[1] = kInfiniteFloat;
  int4_matches(table, w, x, 0, 2);
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

// --- selection --------------------------------------------------------------

void tables_are_found_by_name() {
  expect(plain().name == "scalar", "the last table is the plain one", plain());
  expect(select("") == available().front(), "no name means the best", plain());
  expect(select("scalar") == &plain(), "by name", plain());
  expect(select("abacus") == nullptr && select("scal") == nullptr, "unknown names", plain());
  for (const Table* table : available()) expect(select(table->name) == table, "by name", *table);
}

void plain_kernels_are_right() {
  halves_survive_the_way_through_floats();
  floats_round_to_the_nearest_half();
  quantisation_keeps_values_within_half_a_step();
  quantisation_rounds_half_to_even();
  plain_matrices_match_doubles();
  plain_attention_matches_doubles();
  exponential_is_within_its_bound();
  plain_vectors_match_doubles();
}

void table_matches(const Table& table) {
  half_arrays_match(table);
  quantisation_matches(table);
  matrices_match_at_every_batch_size(table);
  matrices_match_in_the_shapes_of_the_model(table);
  matrices_match_at_the_largest_sums(table);
  matrices_match_with_scales_that_are_no_numbers(table);
  attention_matches(table);
  vectors_match(table);
}

}  // namespace
}  // namespace foretype::kernels::test

int main() {
  using namespace foretype::kernels;
  test::tables_are_found_by_name();
  test::plain_kernels_are_right();
  for (const Table* table : available()) {
    test::table_matches(*table);
    std::printf("%.*s ", static_cast<int>(table->name.size()), table->name.data());
  }
  std::printf(test::failures == 0 ? "agree\n" : "tested, %d failures\n", test::failures);
  return test::failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
