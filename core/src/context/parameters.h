// Secrets in addresses: https://jo:password@example.org, ?token=...&x=1, and
// connection strings.
#pragma once

#include <string_view>

namespace foretype::context {

/// True if `chunk` (text without white space) has a password before the @ of an address, or after
/// ? & # or ; a parameter that is named like a secret and has a value of three characters or more.
bool has_secret_parameter(std::string_view chunk);

}  // namespace foretype::context
