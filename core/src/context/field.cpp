#include "context/field.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "context/ascii.h"

namespace foretype::context {

namespace {

struct Entry {
  std::string_view words;
  Refusal refusal;
};

/// Words in a row, wherever they stand in a name or label.
constexpr std::array kNames = std::to_array<Entry>({
    {"2fa", Refusal::kOneTimeCode},
    {"access code", Refusal::kOneTimeCode},
    {"access key", Refusal::kPassword},
    {"account no", Refusal::kPayment},
    {"account number", Refusal::kPayment},
    {"accountnumber", Refusal::kPayment},
    {"api key", Refusal::kPassword},
    {"apikey", Refusal::kPassword},
    {"auth code", Refusal::kOneTimeCode},
    {"authentication code", Refusal::kOneTimeCode},
    {"authenticator code", Refusal::kOneTimeCode},
    {"bank account", Refusal::kPayment},
    {"card cvc", Refusal::kPayment},
    {"card cvv", Refusal::kPayment},
    {"card expiry", Refusal::kPayment},
    {"card no", Refusal::kPayment},
    {"card num", Refusal::kPayment},
    {"card number", Refusal::kPayment},
    {"cardno", Refusal::kPayment},
    {"cardnum", Refusal::kPayment},
    {"cardnumber", Refusal::kPayment},
    {"cc exp", Refusal::kPayment},
    {"cc no", Refusal::kPayment},
    {"cc num", Refusal::kPayment},
    {"cc number", Refusal::kPayment},
    {"ccno", Refusal::kPayment},
    {"ccnum", Refusal::kPayment},
    {"ccnumber", Refusal::kPayment},
    {"client secret", Refusal::kPassword},
    {"confirmation code", Refusal::kOneTimeCode},
    {"credit card", Refusal::kPayment},
    {"creditcard", Refusal::kPayment},
    {"creditcardnumber", Refusal::kPayment},
    {"csc", Refusal::kPayment},
    {"cvc", Refusal::kPayment},
    {"cvc2", Refusal::kPayment},
    {"cvv", Refusal::kPayment},
    {"cvv2", Refusal::kPayment},
    {"debit card", Refusal::kPayment},
    {"driver licence", Refusal::kIdentity},
    {"driver license", Refusal::kIdentity},
    {"drivers licence", Refusal::kIdentity},
    {"drivers license", Refusal::kIdentity},
    {"iban", Refusal::kPayment},
    {"itin", Refusal::kIdentity},
    {"mfa", Refusal::kOneTimeCode},
    {"mnemonic", Refusal::kPassword},
    {"national id", Refusal::kIdentity},
    {"national insurance", Refusal::kIdentity},
    {"nino", Refusal::kIdentity},
    {"one time", Refusal::kOneTimeCode},
    {"onetime", Refusal::kOneTimeCode},
    {"onetimecode", Refusal::kOneTimeCode},
    {"otp", Refusal::kOneTimeCode},
    {"pass code", Refusal::kPassword},
    {"pass phrase", Refusal::kPassword},
    {"pass word", Refusal::kPassword},
    {"passcode", Refusal::kPassword},
    {"passport", Refusal::kIdentity},
    {"pin", Refusal::kPassword},
    {"pincode", Refusal::kPassword},
    {"pinnumber", Refusal::kPassword},
    {"private key", Refusal::kPassword},
    {"privatekey", Refusal::kPassword},
    {"pwd", Refusal::kPassword},
    {"recovery code", Refusal::kOneTimeCode},
    {"recovery key", Refusal::kPassword},
    {"recovery phrase", Refusal::kPassword},
    {"routing number", Refusal::kPayment},
    {"routingnumber", Refusal::kPayment},
    {"secret answer", Refusal::kPassword},
    {"secret key", Refusal::kPassword},
    {"security answer", Refusal::kPassword},
    {"security code", Refusal::kOneTimeCode},
    {"securitycode", Refusal::kOneTimeCode},
    {"seed phrase", Refusal::kPassword},
    {"sms code", Refusal::kOneTimeCode},
    {"smscode", Refusal::kOneTimeCode},
    {"social insurance", Refusal::kIdentity},
    {"social security", Refusal::kIdentity},
    {"socialsecurity", Refusal::kIdentity},
    {"sort code", Refusal::kPayment},
    {"ssn", Refusal::kIdentity},
    {"tax id", Refusal::kIdentity},
    {"taxpayer", Refusal::kIdentity},
    {"tfa", Refusal::kOneTimeCode},
    {"totp", Refusal::kOneTimeCode},
    {"two factor", Refusal::kOneTimeCode},
    {"userpin", Refusal::kPassword},
    {"verification code", Refusal::kOneTimeCode},
    {"verificationcode", Refusal::kOneTimeCode},
});

/// The whole name; a label may well speak of a secret meeting.
constexpr std::array kWholeNames = std::to_array<std::string_view>({"pass", "secret", "token"});

/// Anywhere, in no other English word.
constexpr std::array kParts = std::to_array<std::string_view>({"passphrase", "passwd", "password"});

enum class Kind : std::uint8_t { kMark, kSmall, kCapital, kDigit };

Kind kind_of(char byte) {
  if (is_small(byte) || !is_ascii(byte)) return Kind::kSmall;
  return is_capital(byte) ? Kind::kCapital : is_digit(byte) ? Kind::kDigit : Kind::kMark;
}

/// Whether a word begins at text[at]: behind a mark, at a capital after a small letter or digit,
/// and at the last capital of several, which opens the next word: "userPIN", "SSNField".
bool begins_word(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const Kind before = kind_of(text[at - 1]);
  if (before == Kind::kMark) return true;
  if (kind_of(text[at]) != Kind::kCapital) return false;
  const bool small_next = at + 1 < text.size() && kind_of(text[at + 1]) == Kind::kSmall;
  return before != Kind::kCapital || small_next;
}

/// " card number ": the words of `name` in small letters, a space around each.
std::string spaced(std::string name) {
  std::erase(name, '\'');  // driver's
  std::string words = " ";
  for (std::size_t at = 0; at < name.size(); ++at) {
    const bool mark = kind_of(name[at]) == Kind::kMark;
    if ((mark || begins_word(name, at)) && words.back() != ' ') words += ' ';
    if (!mark) words += to_small(name[at]);
  }
  if (words.back() != ' ') words += ' ';
  return words;
}

/// Whether `wanted` stands among the words, perhaps with a number at its end: otp1.
bool holds_words(std::string_view words, std::string_view wanted) {
  for (std::size_t at = words.find(wanted); at != std::string_view::npos;
       at = words.find(wanted, at + 1)) {
    const std::size_t end = words.find_first_not_of("0123456789", at + wanted.size());
    if (words[at - 1] == ' ' && words[end] == ' ') return true;
  }
  return false;
}

Refusal refusal_of_name(const std::string& name) {
  const std::string words = spaced(name);
  for (const std::string_view part : kParts) {
    if (words.find(part) != std::string::npos) return Refusal::kPassword;
  }
  for (const std::string_view whole : kWholeNames) {
    const std::string_view all = words;
    if (all.size() == whole.size() + 2 && holds_words(all, whole)) return Refusal::kPassword;
  }
  for (const Entry& entry : kNames) {
    if (holds_words(words, entry.words)) return entry.refusal;
  }
  return Refusal::kNone;
}

std::string folded(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), to_small);
  std::replace_if(
      small.begin(), small.end(), [](char byte) { return byte >= '\t' && byte <= '\r'; }, ' ');
  return small;
}

/// HTML's autofill tokens; a section or "billing" may stand before the one that counts.
Refusal refusal_of_autocomplete(std::string_view autocomplete) {
  std::string tokens(1, ' ');
  tokens.append(folded(autocomplete)).push_back(' ');
  if (holds_words(tokens, "current-password") || holds_words(tokens, "new-password")) {
    return Refusal::kPassword;
  }
  if (holds_words(tokens, "one-time-code")) return Refusal::kOneTimeCode;
  return tokens.find(" cc-") != std::string::npos ? Refusal::kPayment : Refusal::kNone;
}

}  // namespace

Refusal refusal_of(const Field& field) {
  if (field.private_window) return Refusal::kPrivateWindow;
  if (field.terminal) return Refusal::kTerminal;
  if (field.ever_password || folded(field.type) == "password") return Refusal::kPassword;
  const Refusal by_autocomplete = refusal_of_autocomplete(field.autocomplete);
  if (by_autocomplete != Refusal::kNone) return by_autocomplete;
  for (const std::string* name : {&field.name, &field.id, &field.label}) {
    const Refusal by_name = refusal_of_name(*name);
    if (by_name != Refusal::kNone) return by_name;
  }
  if (field.read_only) return Refusal::kReadOnly;
  return field.writing_suggestions ? Refusal::kNone : Refusal::kNoSuggestions;
}

bool may_read(Refusal refusal) {
  return refusal == Refusal::kNone || refusal == Refusal::kNoSuggestions;
}

std::string_view sentence(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNone:
      return "";
    case Refusal::kPassword:
      return "This field takes a password or key, so it is not read.";
    case Refusal::kOneTimeCode:
      return "This field takes a code that is used once, so it is not read.";
    case Refusal::kPayment:
      return "This field takes a card or account number, so it is not read.";
    case Refusal::kIdentity:
      return "This field takes a number that identifies you, so it is not read.";
    case Refusal::kPrivateWindow:
      return "This window is private, so nothing in it is read.";
    case Refusal::kTerminal:
      return "This is a terminal, so it is not read.";
    case Refusal::kReadOnly:
      return "This field cannot be edited, so it is not read.";
    case Refusal::kNoSuggestions:
      return "The page asks for no suggestions in this field, so none are shown.";
  }
  return "";
}

}  // namespace foretype::context
