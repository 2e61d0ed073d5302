// What the fuzzers of a profile's sections share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "foretype/profile.h"
#include "propose/trie/background_layout.h"

namespace foretype::fuzz {

inline void require(bool holds) {
  if (!holds) __builtin_trap();
}

// Mutations seldom guess a checksum, so it is set right: the checks behind it are the target.
inline std::string sealed(std::string_view bytes) {
  std::string out(bytes);
  if (out.size() < 4) return out;
  out.resize(out.size() - 4);
  const std::uint32_t sum =
      foretype::trie::crc32({reinterpret_cast<const std::uint8_t*>(out.data()), out.size()});
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(sum >> shift));
  return out;
}

inline std::string bytes_of(const std::vector<Section>& sections) {
  std::string bytes;
  for (const Section& section : sections) bytes += section.name + section.bytes;
  return bytes;
}

}  // namespace foretype::fuzz
