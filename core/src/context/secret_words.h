// Words that name a secret: "password:", "the code is", "API key".
#pragma once

#include <cstdint>
#include <string_view>

namespace foretype::context {

/// What a word says about the words around it.
enum class Role : std::uint8_t {
  kNone,
  // Names of secrets:
  kPassword,
  kPassphrase,
  kSecret,    // tokens and keys
  kCode,      // one-time codes, PINs
  kAccount,   // bank accounts, passports
  kIdentity,  // social security numbers: whole, or the last four digits
  // What makes or unmakes a name together with the word behind it:
  kPass,    // a password only before a colon or the like
  kKey,     // after API, secret, license ...
  kPhrase,  // after seed, recovery ...
  kBeforeKey,
  kBeforePhrase,
  kSecurity,  // "social security"; "security key"
  kSocial,
  kEverydayCode  // zip, area, dress: no secret code
};

/// What stands behind a name within its chunk.
enum class After : std::uint8_t { kNothing, kSeparator, kValue, kMark };

struct SecretName {
  Role role = Role::kNone;
  After after = After::kNothing;
  std::string_view value;  // kValue: what stands behind the separator
};

/// The name of a secret in `chunk` (text without white space), where it is followed by a value, or
/// by no other word. `before` is the role of the word before the chunk; it becomes that of the
/// chunk's last word.
SecretName find_secret_name(std::string_view chunk, Role* before);

/// "is", "was", "are": what stands between a name and its secret.
bool is_linking_verb(std::string_view word);

/// A word that would be no password in "the password is ...": not, required, the, still.
bool is_everyday_word(std::string_view word);

}  // namespace foretype::context
