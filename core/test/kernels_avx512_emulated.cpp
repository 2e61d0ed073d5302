// avx512vnni.cpp itself, run on emulated registers; takes the place of
// select.cpp in the program that run_avx512 builds.
#include "kernels_avx512_emulation.h"
#define __AVX512F__ 1
#define __AVX512BW__ 1
#define __AVX512VNNI__ 1
#include "kernels/avx512vnni.cpp"

namespace foretype::kernels {

std::span<const Table* const> available() {
  static constexpr const Table* kTables[] = {&kAvx512VnniTable, &kScalarTable};
  return kTables;
}

const Table* select(std::string_view name) {
  for (const Table* table : available()) {
    if (name.empty() || name == table->name) return table;
  }
  return nullptr;
}

}  // namespace foretype::kernels
