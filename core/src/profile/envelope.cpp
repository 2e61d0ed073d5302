#include "profile/envelope.h"

#include "propose/trie/background_layout.h"

namespace foretype::profile {
namespace {

constexpr std::size_t kChecksumBytes = 4;

std::string checksum(std::string_view bytes) {
  const std::uint32_t sum =
      trie::crc32({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  std::string out;
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(sum >> shift));
  return out;
}

Error refused(const Envelope& envelope, ErrorCode code, const std::string& how) {
  return {code, 0, "the " + std::string(envelope.name) + " section " + how};
}

}  // namespace

std::string sealed(const Envelope& envelope, std::string_view body) {
  std::string out(envelope.magic);
  out.push_back(static_cast<char>(envelope.version));
  out.append(body);
  return out + checksum(out);
}

Result<std::string_view> unsealed(const Envelope& envelope, std::string_view bytes) {
  const std::size_t head = envelope.magic.size() + 1;
  if (bytes.size() < head + kChecksumBytes) {
    return refused(envelope, ErrorCode::kTruncated,
                   "has only " + std::to_string(bytes.size()) + " bytes");
  }
  if (!bytes.starts_with(envelope.magic)) {
    return refused(envelope, ErrorCode::kWrongFormat, "is none");
  }
  const std::string_view whole = bytes.substr(0, bytes.size() - kChecksumBytes);
  if (!bytes.ends_with(checksum(whole))) {
    return refused(envelope, ErrorCode::kCorrupt, "does not have its checksum");
  }
  const auto version = static_cast<unsigned char>(bytes[envelope.magic.size()]);
  if (version != envelope.version) {  // and no damage: the checksum is right
    return refused(envelope, ErrorCode::kWrongVersion, "has version " + std::to_string(version));
  }
  return whole.substr(head);
}

Error damaged_body(const Envelope& envelope, std::size_t offset, const std::string& how) {
  Error error = refused(envelope, ErrorCode::kCorrupt, how);
  error.offset = envelope.magic.size() + 1 + offset;
  return error;
}

}  // namespace foretype::profile
