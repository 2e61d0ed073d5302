// What the trie's tests share: a counted check, and a small background made in memory.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "propose/trie/background.h"
#include "propose/trie/background_layout.h"

namespace foretype::trie {

inline int failures = 0;

inline void expect(bool holds, std::string_view what) {
  if (holds) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

inline void expect_equal(std::string_view got, std::string_view expected, std::string_view what) {
  if (got == expected) return;
  expect(false, std::string(what) + ": got \"" + std::string(got) + "\", expected \"" +
                    std::string(expected) + "\"");
}

/// A word of a background under construction. Levels: probability is 2 to the power of -level.
struct SmallWord {
  std::string text;
  std::uint8_t level;
  std::vector<std::pair<std::uint16_t, std::uint8_t>> row;  // follower, level
};

inline void put_u32(std::vector<std::uint8_t>& to, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

/// Writes the checksum of what the header's first 16 bytes do not cover.
inline void seal(std::vector<std::uint8_t>& bytes) {
  const std::uint32_t sum = crc32(std::span(bytes).subspan(16));
  for (std::size_t i = 0; i < 4; ++i) bytes[12 + i] = static_cast<std::uint8_t>(sum >> (8 * i));
}

/// The file of these words, which must stand in the file's order.
inline std::vector<std::uint8_t> background_file(const std::vector<SmallWord>& words) {
  std::vector<std::uint8_t> bytes(kBackgroundMagic.begin(), kBackgroundMagic.end());
  std::vector<std::uint32_t> text_ends = {0};
  std::vector<std::uint32_t> row_ends = {0};
  for (const SmallWord& word : words) {
    text_ends.push_back(text_ends.back() + static_cast<std::uint32_t>(word.text.size()));
    row_ends.push_back(row_ends.back() + static_cast<std::uint32_t>(word.row.size()));
  }
  put_u32(bytes, kBackgroundVersion);
  put_u32(bytes, 0);
  put_u32(bytes, static_cast<std::uint32_t>(words.size()));
  put_u32(bytes, row_ends.back());
  put_u32(bytes, text_ends.back());
  put_u32(bytes, 0);
  float level = 1.0F;
  for (std::size_t i = 0; i < kLevels; ++i, level /= 2) {
    std::uint32_t bits = 0;
    const float stored = i + 1 < kLevels ? level : 0.0F;
    std::memcpy(&bits, &stored, sizeof bits);
    put_u32(bytes, bits);
  }
  for (const std::uint32_t end : text_ends) put_u32(bytes, end);
  for (const std::uint32_t end : row_ends) put_u32(bytes, end);
  for (const SmallWord& word : words) {
    for (const auto& [follower, unused] : word.row) {
      bytes.push_back(static_cast<std::uint8_t>(follower));
      bytes.push_back(static_cast<std::uint8_t>(follower >> 8));
    }
  }
  for (const SmallWord& word : words) bytes.push_back(word.level);
  for (const SmallWord& word : words) {
    for (const auto& [unused, level_of] : word.row) bytes.push_back(level_of);
  }
  for (const SmallWord& word : words) {
    bytes.insert(bytes.end(), word.text.begin(), word.text.end());
  }
  seal(bytes);
  return bytes;
}

/// "" may be followed by "the"; "the" by "meeting", "Monday".
inline std::vector<std::uint8_t> small_background() {
  return background_file({{"", 255, {{7, 1}}},
                          {",", 4, {}},
                          {"Al-Qaida", 8, {}},
                          {"iPhone", 8, {}},
                          {"meeting", 5, {}},
                          {"Monday", 6, {}},
                          {"now", 5, {}},
                          {"the", 2, {{4, 2}, {5, 3}}},
                          {"Will", 7, {}},
                          {"will", 5, {}}});
}

}  // namespace foretype::trie
