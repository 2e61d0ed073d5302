// How the profile's own bytes are written: numbers in base 128, the low seven
// bits first, the high bit set on all bytes but the last; texts after their
// length. Reading checks everything and never looks past the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace foretype::profile {

void put_number(std::uint64_t number, std::string* out);
void put_text(std::string_view text, std::string* out);

/// Reads what the functions above wrote. After the first thing that is not there it gives zeros
/// and empty texts, and failed() holds.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number();
  /// A number that must not be above `most`.
  std::uint64_t number_up_to(std::uint64_t most);
  /// Points into the bytes given; longer than `most`: failed.
  std::string_view text(std::size_t most);

  /// What was read makes no sense.
  void fail() { failed_ = true; }

  bool at_end() const { return at_ == bytes_.size(); }
  bool failed() const { return failed_; }
  /// It failed because the bytes ended.
  bool truncated() const { return truncated_; }
  std::size_t offset() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
  bool truncated_ = false;
};

}  // namespace foretype::profile
