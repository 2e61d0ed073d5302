#include "context/parameters.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "context/ascii.h"

namespace foretype::context {

namespace {

constexpr std::string_view kOpeners = "?&#;";
constexpr std::size_t kShortestValue = 3;
constexpr std::size_t kLongestName = 24;

/// The last words of names.
constexpr std::array kSecretNames = std::to_array<std::string_view>({
    "accesskey", "apikey",    "auth",      "code",        "credential",   "hmac",         "invite",
    "jwt",       "key",       "otp",       "pass",        "passwd",       "password",     "pin",
    "pwd",       "secret",    "session",   "sid",         "sig",          "signature",    "ticket",
    "token",     "authtoken", "sessionid", "accesstoken", "clientsecret", "refreshtoken",
});

bool is_name(char byte) { return is_letter_or_digit(byte) || byte == '_' || byte == '-'; }

bool equal_folded(std::string_view text, std::string_view small) {
  return std::equal(text.begin(), text.end(), small.begin(), small.end(),
                    [](char one, char other) { return to_small(one) == other; });
}

/// access_token, X-Amz-Signature: the last word tells.
bool names_secret(std::string_view name) {
  const std::string_view word = name.substr(name.find_last_of("_-") + 1);
  return std::any_of(kSecretNames.begin(), kSecretNames.end(),
                     [&](std::string_view each) { return equal_folded(word, each); });
}

/// Whether the name that ends at `end` opens with ? & # or ; and names a secret.
bool secret_name_before(std::string_view chunk, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && end - begin < kLongestName && is_name(chunk[begin - 1])) --begin;
  const bool opened = begin > 0 && kOpeners.find(chunk[begin - 1]) != std::string_view::npos;
  return opened && names_secret(chunk.substr(begin, end - begin));
}

bool has_named_value(std::string_view chunk) {
  for (std::size_t at = chunk.find('='); at != std::string_view::npos;
       at = chunk.find('=', at + 1)) {
    const std::string_view rest = chunk.substr(at + 1, kShortestValue);
    if (rest.size() < kShortestValue) return false;
    const bool filled = rest.find_first_of("&#;") == std::string_view::npos;
    if (filled && secret_name_before(chunk, at)) return true;
  }
  return false;
}

/// user:password@ behind "://".
bool has_password(std::string_view chunk) {
  const std::size_t scheme = chunk.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view rest = chunk.substr(scheme + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const std::size_t host = authority.rfind('@');
  const std::size_t colon = authority.find(':');
  if (host == std::string_view::npos || colon == std::string_view::npos) return false;
  return colon + 1 < host;
}

}  // namespace

bool has_secret_parameter(std::string_view chunk) {
  return has_password(chunk) || has_named_value(chunk);
}

}  // namespace foretype::context
