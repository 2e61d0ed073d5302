// What the kernels' tests share: counted failures, comparison bit for bit, and
// sums in double precision.
#pragma once

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <vector>

#include "kernels/kernels.h"

namespace foretype::kernels::test {

inline constexpr float kInfiniteFloat = std::numeric_limits<float>::infinity();
inline constexpr float kNotANumber = std::numeric_limits<float>::quiet_NaN();
inline constexpr double kFloatRounding = 0x1p-24;  // of one operation, relative
inline constexpr float kCanary = -12345.5f;        // stands where nothing may be written

inline int failures = 0;

inline void expect(bool holds, const char* what, const Table& table) {
  if (holds) return;
  ++failures;
  std::fprintf(stderr, "%.*s: %s\n", static_cast<int>(table.name.size()), table.name.data(), what);
}

inline bool same(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

inline bool same(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same(a[i], b[i])) return false;
  }
  return true;
}

inline const Table& plain() { return *available().back(); }

/// The sum of terms in double precision, and of their magnitudes for the bound.
struct Exact {
  double sum = 0, magnitude = 0;

  void add(double term) {
    sum += term;
    magnitude += std::fabs(term);
  }
};

/// Runs both kinds of checks; the exit status of a test.
inline int report(void (*check_plain)(), void (*check_table)(const Table&)) {
  check_plain();
  for (const Table* table : available()) {
    check_table(*table);
    std::printf("%.*s ", static_cast<int>(table->name.size()), table->name.data());
  }
  std::printf(failures == 0 ? "agree\n" : "tested, %d failures\n", failures);
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace foretype::kernels::test
