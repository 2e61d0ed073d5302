// The AVX-512 intrinsics that avx512vnni.cpp uses, in plain C++, one lane after
// another, so that the file can be tested on processors without AVX-512. Each
// is written from Intel's description of the instruction. Include it instead of
// a processor: the names below then mean these functions.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "kernels/half.h"

namespace foretype::kernels::emulated {

template <typename Lane>
struct Register {
  Lane lane[64 / sizeof(Lane)];
};

using Floats = Register<float>;
using Bytes = Register<std::uint8_t>;

template <typename To, typename From>
Register<To> as(const Register<From>& from) {
  Register<To> to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

template <typename R>
R load(const void* from) {
  R to;
  std::memcpy(&to, from, sizeof to);
  return to;
}

template <typename Lane>
Register<Lane> fill(Lane value) {
  Register<Lane> result;
  for (Lane& lane : result.lane) lane = value;
  return result;
}

inline Bytes loadu_si512(const void* from) { return load<Bytes>(from); }
inline Floats loadu_ps(const void* from) { return load<Floats>(from); }
inline Bytes setzero_si512() { return fill<std::uint8_t>(0); }
inline Bytes set1_epi8(char value) { return fill(static_cast<std::uint8_t>(value)); }
inline Bytes set1_epi32(int value) { return as<std::uint8_t>(fill(value)); }
inline Floats setzero_ps() { return fill(0.0f); }
inline Floats set1_ps(float value) { return fill(value); }
inline void storeu_ps(void* to, const Floats& from) { std::memcpy(to, &from, sizeof from); }

inline Bytes and_si512(Bytes a, const Bytes& b) {
  for (int i = 0; i < 64; ++i) a.lane[i] &= b.lane[i];
  return a;
}

inline Bytes or_si512(Bytes a, const Bytes& b) {
  for (int i = 0; i < 64; ++i) a.lane[i] |= b.lane[i];
  return a;
}

inline Bytes srli_epi16(const Bytes& a, unsigned count) {
  auto words = as<std::uint16_t>(a);
  for (std::uint16_t& word : words.lane) word = static_cast<std::uint16_t>(word >> count);
  return as<std::uint8_t>(words);
}

inline Bytes abs_epi8(const Bytes& a) {
  auto bytes = as<std::int8_t>(a);
  for (std::int8_t& byte : bytes.lane) byte = static_cast<std::int8_t>(byte < 0 ? -byte : byte);
  return as<std::uint8_t>(bytes);
}

inline std::uint64_t movepi8_mask(const Bytes& a) {
  std::uint64_t mask = 0;
  for (int i = 0; i < 64; ++i) mask |= static_cast<std::uint64_t>(a.lane[i] >> 7) << i;
  return mask;
}

inline Bytes mask_sub_epi8(Bytes source, std::uint64_t mask, const Bytes& a, const Bytes& b) {
  for (int i = 0; i < 64; ++i) {
    if ((mask >> i & 1) != 0) source.lane[i] = static_cast<std::uint8_t>(a.lane[i] - b.lane[i]);
  }
  return source;
}

/// Four products of an unsigned and a signed byte to each 32-bit sum, without saturation.
inline Bytes dpbusd_epi32(const Bytes& source, const Bytes& a, const Bytes& b) {
  auto sums = as<std::int32_t>(source);
  const auto factors = as<std::int8_t>(b);
  for (int i = 0; i < 64; ++i) sums.lane[i / 4] += a.lane[i] * factors.lane[i];
  return as<std::uint8_t>(sums);
}

inline Floats add_ps(Floats a, const Floats& b) {
  for (int i = 0; i < 16; ++i) a.lane[i] = a.lane[i] + b.lane[i];
  return a;
}

inline Floats sub_ps(Floats a, const Floats& b) {
  for (int i = 0; i < 16; ++i) a.lane[i] = a.lane[i] - b.lane[i];
  return a;
}

inline Floats mul_ps(Floats a, const Floats& b) {
  for (int i = 0; i < 16; ++i) a.lane[i] = a.lane[i] * b.lane[i];
  return a;
}

inline Floats maskz_cvtepi32_ps(__mmask16 mask, const Bytes& a) {
  const auto integers = as<std::int32_t>(a);
  Floats result = setzero_ps();
  for (int i = 0; i < 16; ++i) {
    if ((mask >> i & 1) != 0) result.lane[i] = static_cast<float>(integers.lane[i]);
  }
  return result;
}

inline Bytes maskz_cvtepi8_epi32(__mmask16 mask, __m128i a) {
  std::int8_t bytes[16];
  std::memcpy(bytes, &a, sizeof bytes);
  auto integers = fill(std::int32_t{0});
  for (int i = 0; i < 16; ++i) {
    if ((mask >> i & 1) != 0) integers.lane[i] = bytes[i];
  }
  return as<std::uint8_t>(integers);
}

inline Floats maskz_cvtph_ps(__mmask16 mask, __m256i a) {
  std::uint16_t halves[16];
  std::memcpy(halves, &a, sizeof halves);
  Floats result = setzero_ps();
  for (int i = 0; i < 16; ++i) {
    if ((mask >> i & 1) != 0) result.lane[i] = half_to_float(halves[i]);
  }
  return result;
}

}  // namespace foretype::kernels::emulated

#define __m512i emulated::Bytes
#define __m512 emulated::Floats
#define _mm512_loadu_si512 emulated::loadu_si512
#define _mm512_setzero_si512 emulated::setzero_si512
#define _mm512_set1_epi8 emulated::set1_epi8
#define _mm512_set1_epi32 emulated::set1_epi32
#define _mm512_setzero_ps emulated::setzero_ps
#define _mm512_set1_ps emulated::set1_ps
#define _mm512_storeu_ps emulated::storeu_ps
#define _mm512_and_si512 emulated::and_si512
#define _mm512_srli_epi16 emulated::srli_epi16
#define _mm512_abs_epi8 emulated::abs_epi8
#define _mm512_movepi8_mask emulated::movepi8_mask
#define _mm512_mask_sub_epi8 emulated::mask_sub_epi8
#define _mm512_dpbusd_epi32 emulated::dpbusd_epi32
#define _mm512_add_ps emulated::add_ps
#define _mm512_mul_ps emulated::mul_ps
#define _mm512_maskz_cvtepi32_ps emulated::maskz_cvtepi32_ps
#define _mm512_maskz_cvtph_ps emulated::maskz_cvtph_ps
#define _mm512_or_si512 emulated::or_si512
#define _mm512_sub_ps emulated::sub_ps
#define _mm512_maskz_cvtepi8_epi32 emulated::maskz_cvtepi8_epi32
#define _mm512_loadu_ps emulated::loadu_ps
