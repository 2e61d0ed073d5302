// Which kernels this processor can run.
#include "kernels/kernels.h"
#include "kernels/tables.h"

#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

namespace foretype::kernels {
namespace {

struct Available {
  const Table* tables[3] = {};  // best first
  std::size_t count = 0;

  void add(const Table& table) { tables[count++] = &table; }
};

#if defined(__x86_64__)

// The compiler's run-time library asks CPUID, and XGETBV whether the operating
// system saves the wide registers.
bool has_avx2() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("f16c");
}

bool has_avx512vnni() {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vnni");
}

void add_vector_tables(Available& available) {
  __builtin_cpu_init();
  if (has_avx512vnni()) available.add(kAvx512VnniTable);
  if (has_avx2()) available.add(kAvx2Table);
}

#elif defined(__aarch64__)

bool has_dot_product() {
#if defined(__linux__)
  constexpr unsigned long kHalfFloats = 1ul << 10;  // HWCAP_ASIMDHP
  constexpr unsigned long kDotProduct = 1ul << 20;  // HWCAP_ASIMDDP
  constexpr unsigned long kNeeded = kHalfFloats | kDotProduct;
  return (getauxval(AT_HWCAP) & kNeeded) == kNeeded;
#elif defined(__APPLE__)
  return true;  // since the first of these processors
#else
  return false;
#endif
}

void add_vector_tables(Available& available) {
  if (has_dot_product()) available.add(kNeonTable);
}

#else

void add_vector_tables(Available& /*available*/) {}

#endif

Available detect() {
  Available found;
  add_vector_tables(found);
  found.add(kScalarTable);
  return found;
}

}  // namespace

std::span<const Table* const> available() {
  static const Available found = detect();  // constant once made
  return {found.tables, found.count};
}

const Table* select(std::string_view name) {
  for (const Table* table : available()) {
    if (name.empty() || name == table->name) return table;
  }
  return nullptr;
}

}  // namespace foretype::kernels
