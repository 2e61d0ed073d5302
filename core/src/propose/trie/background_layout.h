// The numbers of the background file, as docs/formats/background.md gives them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace foretype::trie {

inline constexpr std::array<std::uint8_t, 8> kBackgroundMagic = {'F', 'T', 'W', 'O',
                                                                 'R', 'D', 'S', '\n'};
inline constexpr std::uint32_t kBackgroundVersion = 1;
inline constexpr std::size_t kBackgroundHeaderBytes = 32;
inline constexpr std::size_t kLevels = 256;
inline constexpr std::uint32_t kMaxWords = 65535;  // a follower is 16 bits
inline constexpr std::uint32_t kMaxBigrams = 1U << 24;
inline constexpr std::uint32_t kBlockWords = 64;  // words summed together when read

inline std::uint32_t load_u16(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(at[0] | (at[1] << 8));
}

inline std::uint32_t load_u32(const std::uint8_t* at) {
  return load_u16(at) | (load_u16(at + 2) << 16);
}

/// CRC-32 as in zlib, gzip and PNG.
std::uint32_t crc32(std::span<const std::uint8_t> bytes);

}  // namespace foretype::trie
