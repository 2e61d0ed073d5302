// What the AVX2 kernels share.
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace foretype::kernels::avx2 {
namespace {  // compiled again, with its own instruction set, in each file that includes it

constexpr int kFloats = 8;  // in a register

__m256 load_halves(const std::uint16_t* at) {
  return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
}

}  // namespace
}  // namespace foretype::kernels::avx2
