#include "profile/encoding.h"

namespace foretype::profile {

void put_number(std::uint64_t number, std::string* out) {
  while (number >= 0x80) {
    out->push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  out->push_back(static_cast<char>(number));
}

void put_text(std::string_view text, std::string* out) {
  put_number(text.size(), out);
  out->append(text);
}

std::uint64_t Decoder::number() {
  std::uint64_t number = 0;
  for (int shift = 0; shift < 64 && !failed_ && !at_end(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes_[at_++]);
    number |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return number;
  }
  truncated_ = truncated_ || (!failed_ && at_end());
  failed_ = true;
  return 0;
}

std::uint64_t Decoder::number_up_to(std::uint64_t most) {
  const std::uint64_t number = this->number();
  if (number <= most) return number;
  failed_ = true;
  return 0;
}

std::string_view Decoder::text(std::size_t most) {
  const std::uint64_t size = number_up_to(most);
  if (failed_) return {};
  if (size > left()) {
    failed_ = truncated_ = true;
    return {};
  }
  const std::string_view text = bytes_.substr(at_, static_cast<std::size_t>(size));
  at_ += text.size();
  return text;
}

}  // namespace foretype::profile
