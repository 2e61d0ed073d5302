// What all of the profile's own sections have around them: eight bytes that name
// the kind, a version, and a checksum at the end. docs/formats/profile.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "foretype/error.h"

namespace foretype::profile {

struct Envelope {
  std::string_view magic;  // 8 bytes
  std::uint8_t version;    // below 128
  std::string_view name;   // of the section, for errors
};

/// The section with this body.
std::string sealed(const Envelope& envelope, std::string_view body);

/// The body, which lies in `bytes`; an Error if that is no whole section of this kind.
Result<std::string_view> unsealed(const Envelope& envelope, std::string_view bytes);

/// The Error for a body that is damaged at this offset.
Error damaged_body(const Envelope& envelope, std::size_t offset, const std::string& how);

}  // namespace foretype::profile
