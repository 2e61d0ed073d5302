// Fields that are never read: what they are called and where they stand says so,
// before any text is looked at.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace foretype::context {

/// What the program around a field knows about it. Everything may be left as it is.
struct Field {
  std::string type = "text";  // of an HTML input element
  std::string autocomplete;   // HTML tokens, separated by spaces
  std::string name;
  std::string id;
  std::string label;           // what the user reads beside it, its placeholder too
  bool ever_password = false;  // its type was once "password": behind a button that shows it
  bool private_window = false;
  bool terminal = false;
  bool read_only = false;
  bool writing_suggestions = true;  // HTML writingsuggestions, inherited
};

enum class Refusal : std::uint8_t {
  kNone,
  kPassword,
  kOneTimeCode,
  kPayment,   // cards and bank accounts
  kIdentity,  // social security, passport and tax numbers
  kPrivateWindow,
  kTerminal,
  kReadOnly,
  kNoSuggestions  // may be read and learned from; nothing is shown
};

/// The first reason that applies. Names, ids and labels are compared word by word, at spaces, marks
/// and inner capitals: "userPin" and "card-number" are refused, "shipping" and "opinion" are not.
Refusal refusal_of(const Field& field);

/// Whether the text of a field may be read and learned.
bool may_read(Refusal refusal);

/// What to tell the user, a whole sentence; empty for kNone.
std::string_view sentence(Refusal refusal);

}  // namespace foretype::context
