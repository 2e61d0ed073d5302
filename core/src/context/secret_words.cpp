#include "context/secret_words.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "context/ascii.h"

namespace foretype::context {

namespace {

constexpr std::size_t kLongestWord = 24;

struct Entry {
  std::string_view word;
  Role role;
};

/// Sorted by word.
constexpr std::array kRoles = std::to_array<Entry>({
    {"2fa", Role::kCode},
    {"access", Role::kBeforeKey},
    {"accesskey", Role::kSecret},
    {"account", Role::kAccount},
    {"acct", Role::kAccount},
    {"activation", Role::kBeforeKey},
    {"api", Role::kBeforeKey},
    {"apikey", Role::kSecret},
    {"area", Role::kEverydayCode},
    {"auth", Role::kBeforeKey},
    {"authenticator", Role::kCode},
    {"authtoken", Role::kSecret},
    {"backup", Role::kBeforePhrase},
    {"bar", Role::kEverydayCode},
    {"bearer", Role::kSecret},
    {"building", Role::kEverydayCode},
    {"civil", Role::kEverydayCode},
    {"code", Role::kCode},
    {"codes", Role::kCode},
    {"country", Role::kEverydayCode},
    {"credential", Role::kSecret},
    {"credentials", Role::kSecret},
    {"criminal", Role::kEverydayCode},
    {"cvc", Role::kCode},
    {"cvv", Role::kCode},
    {"cvv2", Role::kCode},
    {"dialing", Role::kEverydayCode},
    {"dress", Role::kEverydayCode},
    {"encryption", Role::kBeforeKey},
    {"error", Role::kEverydayCode},
    {"exit", Role::kEverydayCode},
    {"iban", Role::kAccount},
    {"itin", Role::kIdentity},
    {"key", Role::kKey},
    {"legal", Role::kEverydayCode},
    {"licence", Role::kBeforeKey},
    {"license", Role::kBeforeKey},
    {"machine", Role::kEverydayCode},
    {"master", Role::kBeforeKey},
    {"mfa", Role::kCode},
    {"mnemonic", Role::kPassphrase},
    {"morse", Role::kEverydayCode},
    {"network", Role::kBeforeKey},
    {"open", Role::kEverydayCode},
    {"otp", Role::kCode},
    {"pass", Role::kPass},
    {"passcode", Role::kCode},
    {"passcodes", Role::kCode},
    {"passphrase", Role::kPassphrase},
    {"passport", Role::kAccount},
    {"passwd", Role::kPassword},
    {"password", Role::kPassword},
    {"passwords", Role::kPassword},
    {"penal", Role::kEverydayCode},
    {"phrase", Role::kPhrase},
    {"pin", Role::kCode},
    {"pins", Role::kCode},
    {"post", Role::kEverydayCode},
    {"postal", Role::kEverydayCode},
    {"private", Role::kBeforeKey},
    {"product", Role::kBeforeKey},
    {"psk", Role::kPassword},
    {"pw", Role::kPassword},
    {"pwd", Role::kPassword},
    {"recovery", Role::kBeforePhrase},
    {"registration", Role::kBeforeKey},
    {"return", Role::kEverydayCode},
    {"routing", Role::kAccount},
    {"secret", Role::kSecret},
    {"security", Role::kSecurity},
    {"seed", Role::kBeforePhrase},
    {"signing", Role::kBeforeKey},
    {"social", Role::kSocial},
    {"source", Role::kEverydayCode},
    {"ssh", Role::kBeforeKey},
    {"ssn", Role::kIdentity},
    {"status", Role::kEverydayCode},
    {"tax", Role::kEverydayCode},
    {"token", Role::kSecret},
    {"totp", Role::kCode},
    {"verification", Role::kCode},
    {"wep", Role::kBeforeKey},
    {"wifi", Role::kBeforeKey},
    {"wpa", Role::kBeforeKey},
    {"wpa2", Role::kBeforeKey},
    {"zip", Role::kEverydayCode},
});

/// Ends of words written together: clientSecret, DBPASSWORD, AccountKey.
constexpr std::array kEndings = std::to_array<Entry>({
    {"accesskey", Role::kSecret},
    {"accountkey", Role::kSecret},
    {"apikey", Role::kSecret},
    {"passphrase", Role::kPassphrase},
    {"passwd", Role::kPassword},
    {"password", Role::kPassword},
    {"privatekey", Role::kSecret},
    {"secret", Role::kSecret},
    {"secretkey", Role::kSecret},
    {"token", Role::kSecret},
});

constexpr std::size_t kShortestWithEnding = 8;

/// What is no password, sorted.
constexpr std::array kEverydayWords = std::to_array<std::string_view>({
    "a",         "about",     "above",   "again",  "all",      "already",   "also",
    "always",    "an",        "and",     "any",    "as",       "at",        "attached",
    "available", "bad",       "because", "being",  "below",    "better",    "blank",
    "both",      "but",       "by",      "case",   "changed",  "correct",   "different",
    "due",       "easy",      "either",  "empty",  "enclosed", "expired",   "expiring",
    "fine",      "for",       "from",    "given",  "going",    "good",      "hard",
    "her",       "here",      "hidden",  "his",    "how",      "if",        "important",
    "in",        "incorrect", "invalid", "it",     "its",      "just",      "kept",
    "known",     "missing",   "my",      "needed", "never",    "no",        "not",
    "now",       "of",        "off",     "ok",     "okay",     "old",       "on",
    "one",       "only",      "or",      "our",    "out",      "protected", "required",
    "reset",     "right",     "safe",    "same",   "saved",    "secure",    "sensitive",
    "sent",      "set",       "shared",  "so",     "still",    "stored",    "strong",
    "that",      "the",       "their",   "there",  "this",     "to",        "too",
    "under",     "unknown",   "up",      "used",   "using",    "valid",     "very",
    "weak",      "what",      "when",    "where",  "which",    "with",      "working",
    "wrong",     "your",
});

/// A word in small letters, without memory of its own beyond the stack.
class Folded {
 public:
  explicit Folded(std::string_view word) : length_(std::min(word.size(), kLongestWord)) {
    const std::string_view end = word.substr(word.size() - length_);
    std::transform(end.begin(), end.end(), bytes_.begin(), to_small);
  }
  std::string_view view() const { return {bytes_.data(), length_}; }

 private:
  std::array<char, kLongestWord> bytes_{};
  std::size_t length_;  // of the word's end, where it is longer
};

/// The words of kRoles that begin with one byte.
struct Initial {
  std::uint8_t first = 0;     // index of the first of them
  std::uint32_t lengths = 0;  // a bit for each length that one of them has
};

constexpr std::size_t place(char ascii) { return static_cast<unsigned char>(ascii); }

constexpr std::array<Initial, 128> kInitials = [] {
  std::array<Initial, 128> initials{};
  for (std::size_t i = kRoles.size(); i-- > 0;) {
    Initial& initial = initials[place(kRoles[i].word.front())];
    initial.first = static_cast<std::uint8_t>(i);
    initial.lengths |= 1u << kRoles[i].word.size();
  }
  return initials;
}();

/// Most words are none of kRoles, and this says so at once.
bool may_be_in_roles(std::string_view word) {
  if (word.size() > kLongestWord) return false;
  const Initial& initial = kInitials[place(to_small(word.front()))];
  return (initial.lengths >> word.size() & 1) != 0;
}

Role find_role(std::string_view folded) {
  const char first = folded.front();
  for (std::size_t i = kInitials[place(first)].first;
       i < kRoles.size() && kRoles[i].word.front() == first; ++i) {
    if (kRoles[i].word == folded) return kRoles[i].role;
  }
  return Role::kNone;
}

bool may_have_ending(std::string_view word) {
  if (word.size() < kShortestWithEnding) return false;
  const char last = to_small(word.back());
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [last](const Entry& ending) { return ending.word.back() == last; });
}

Role role_of(std::string_view word) {
  const bool listed = may_be_in_roles(word);
  const bool ends = may_have_ending(word);
  if (!listed && !ends) return Role::kNone;
  const Folded folded(word);
  const Role role = listed ? find_role(folded.view()) : Role::kNone;
  if (role != Role::kNone || !ends) return role;
  for (const Entry& ending : kEndings) {
    if (folded.view().ends_with(ending.word)) return ending.role;
  }
  return Role::kNone;
}

bool is_name(Role role) { return role >= Role::kPassword && role <= Role::kPass; }

/// What the word is together with the one before it.
Role joined(Role before, Role role) {
  if (role == Role::kKey)
    return before == Role::kBeforeKey || before == Role::kSecurity || before == Role::kSecret ||
                   before == Role::kBeforePhrase
               ? Role::kSecret
               : Role::kNone;
  if (role == Role::kPhrase) {
    const bool named =
        before == Role::kBeforePhrase || before == Role::kSecret || before == Role::kPass;
    return named ? Role::kPassphrase : Role::kNone;
  }
  if (role == Role::kSecurity) return before == Role::kSocial ? Role::kIdentity : Role::kSecurity;
  if (role == Role::kCode && before == Role::kEverydayCode) return Role::kNone;
  return role;
}

bool closes(char byte) {
  return std::string_view("\"'`)]}*_").find(byte) != std::string_view::npos;
}
bool opens(char byte) {
  return std::string_view("\"'`([{<*>").find(byte) != std::string_view::npos;
}
bool separates(char byte) { return byte == ':' || byte == '=' || byte == '#'; }

std::string_view without_leading(std::string_view text, bool (*is_leading)(char)) {
  std::size_t count = 0;
  while (count < text.size() && is_leading(text[count])) ++count;
  return text.substr(count);
}

/// `role` as the name in front of `rest`, the remainder of its chunk.
SecretName named(Role role, std::string_view rest) {
  if (role == Role::kPass) role = Role::kPassword;
  rest = without_leading(rest.starts_with("(s)") ? rest.substr(3) : rest, closes);
  if (rest.empty()) return {role, After::kNothing, {}};
  if (!separates(rest.front())) return {role, After::kMark, {}};
  const std::string_view value = without_leading(without_leading(rest, separates), opens);
  return {role, value.empty() ? After::kSeparator : After::kValue, value};
}

bool holds_word(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_letter_or_digit);
}

}  // namespace

SecretName find_secret_name(std::string_view chunk, Role* before) {
  SecretName found;
  Role last = *before;
  for (std::size_t at = 0; at < chunk.size();) {
    std::size_t end = at;
    while (end < chunk.size() && is_letter_or_digit(chunk[end])) ++end;
    if (end == at) {
      ++at;
      continue;
    }
    last = joined(last, role_of(chunk.substr(at, end - at)));
    at = end;
    if (!is_name(last)) continue;
    const std::string_view rest = chunk.substr(end);
    const SecretName name = named(last, rest);
    if (name.after == After::kValue) {
      *before = last;
      return name;
    }
    const bool bare_pass = last == Role::kPass && name.after != After::kSeparator;
    if (!bare_pass && !holds_word(rest)) found = name;
  }
  *before = last;
  return found;
}

bool is_linking_verb(std::string_view word) {
  if (word.size() < 2 || word.size() > 3) return false;
  const Folded folded(word);
  return folded.view() == "is" || folded.view() == "was" || folded.view() == "are";
}

bool is_everyday_word(std::string_view word) {
  const Folded folded(word);
  return std::binary_search(kEverydayWords.begin(), kEverydayWords.end(), folded.view());
}

}  // namespace foretype::context
