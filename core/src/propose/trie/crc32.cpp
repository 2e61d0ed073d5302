// CRC-32 (reflected, polynomial 0xEDB88320), eight bytes a step.
#include <array>

#include "propose/trie/background_layout.h"

namespace foretype::trie {
namespace {

constexpr std::uint32_t kPolynomial = 0xEDB88320;
using Table = std::array<std::array<std::uint32_t, 256>, 8>;

// table[k][b]: what byte b does to the sum when k more bytes follow it in the step.
constexpr Table make_table() {
  Table table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? kPolynomial : 0);
    table[0][byte] = value;
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = table[k - 1][byte];
      table[k][byte] = (before >> 8) ^ table[0][before & 0xFF];
    }
  }
  return table;
}

constexpr Table kTable = make_table();

}  // namespace

std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
  std::uint32_t sum = 0xFFFFFFFF;
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    const std::uint32_t low = sum ^ load_u32(&bytes[at]);
    const std::uint32_t high = load_u32(&bytes[at + 4]);
    sum = kTable[7][low & 0xFF] ^ kTable[6][(low >> 8) & 0xFF] ^ kTable[5][(low >> 16) & 0xFF] ^
          kTable[4][low >> 24] ^ kTable[3][high & 0xFF] ^ kTable[2][(high >> 8) & 0xFF] ^
          kTable[1][(high >> 16) & 0xFF] ^ kTable[0][high >> 24];
  }
  for (; at < bytes.size(); ++at) sum = (sum >> 8) ^ kTable[0][(sum ^ bytes[at]) & 0xFF];
  return ~sum;
}

}  // namespace foretype::trie
