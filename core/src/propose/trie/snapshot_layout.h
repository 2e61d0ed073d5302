// The numbers of a trie's snapshot, as docs/formats/profile.md gives them, and
// how whole numbers are written in it.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace foretype::trie {

inline constexpr std::array<std::uint8_t, 8> kSnapshotMagic = {'F', 'T', 'N', 'G',
                                                               'R', 'A', 'M', '\n'};
inline constexpr std::uint32_t kSnapshotVersion = 1;
inline constexpr std::size_t kSnapshotHeaderBytes = 32;

/// A number in groups of seven bits, low ones first; the top bit of a byte says that more follow.
class ByteWriter {
 public:
  void byte(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void text(std::string_view text) { bytes_.append(text); }
  void number(std::uint32_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<std::uint8_t>(value | 0x80));
    byte(static_cast<std::uint8_t>(value));
  }
  void fixed(std::uint32_t value) {
    for (int i = 0; i < 4; ++i) byte(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void fixed_at(std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) bytes_[at + i] = static_cast<char>(value >> (8 * i));
  }
  std::string& bytes() { return bytes_; }

 private:
  std::string bytes_;
};

/// Reads what ByteWriter wrote. Past the end everything is 0, and failed() says so.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> bytes)
      : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()) {}

  bool failed() const { return failed_; }
  std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  void skip(std::size_t bytes) { at_ += bytes; }

  std::uint8_t byte() {
    if (at_ == end_) return fail();
    return *at_++;
  }
  std::uint32_t number() {
    if (at_ != end_ && *at_ < 0x80) return *at_++;
    return long_number();
  }
  std::string_view text(std::size_t size) {
    if (left() < size) {
      fail();
      return {};
    }
    at_ += size;
    return {reinterpret_cast<const char*>(at_ - size), size};
  }

 private:
  std::uint8_t fail() {
    failed_ = true;
    at_ = end_;
    return 0;
  }
  std::uint32_t long_number() {
    std::uint32_t value = 0;
    for (int shift = 0; at_ != end_ && shift < 35; shift += 7) {
      const std::uint32_t part = *at_++;
      if (shift == 28 && part > 0x0F) break;  // does not fit 32 bits
      value |= (part & 0x7F) << shift;
      if (part < 0x80) return value;
    }
    return fail();
  }

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool failed_ = false;
};

}  // namespace foretype::trie
