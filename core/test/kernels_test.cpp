// Selection, quantisation and matrices: the plain kernels against double
// precision, within stated bounds, and every other table against the plain one,
// bit for bit.
#include "kernels/kernels.h"

#include <cmath>
#include <vector>

#include "kernels/half.h"
#include "kernels_check.h"
#include "kernels_data.h"

namespace foretype::kernels::test {
namespace {

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

// --- selection --------------------------------------------------------------

void tables_are_found_by_name() {
  expect(plain().name == "scalar", "the last table is the plain one", plain());
  expect(select("") == available().front(), "no name means the best", plain());
  expect(select("scalar") == &plain(), "by name", plain());
  expect(select("abacus") == nullptr && select("scal") == nullptr, "unknown names", plain());
  for (const Table* table : available()) expect(select(table->name) == table, "by name", *table);
}

void plain_kernels_are_right() {
  tables_are_found_by_name();
  quantisation_keeps_values_within_half_a_step();
  quantisation_rounds_half_to_even();
  plain_matrices_match_doubles();
}

void table_matches(const Table& table) {
  quantisation_matches(table);
  matrices_match_at_every_batch_size(table);
  matrices_match_in_the_shapes_of_the_model(table);
  matrices_match_at_the_largest_sums(table);
  matrices_match_with_scales_that_are_no_numbers(table);
}

}  // namespace
}  // namespace foretype::kernels::test

int main() {
  using namespace foretype::kernels::test;
  return report(plain_kernels_are_right, table_matches);
}
