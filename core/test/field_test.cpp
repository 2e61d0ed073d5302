// Which fields are refused: one table a reason.
#include "context/field.h"

#include <cstdio>
#include <string>
#include <string_view>

namespace {

using foretype::context::Field;
using foretype::context::may_read;
using foretype::context::Refusal;
using foretype::context::refusal_of;
using foretype::context::sentence;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

void check_name(std::string_view name, Refusal expected) {
  Field by_name;
  by_name.name = name;
  Field by_id;
  by_id.id = name;
  Field by_label;
  by_label.label = name;
  for (const Field& field : {by_name, by_id, by_label}) {
    expect(refusal_of(field) == expected, name);
  }
}

void check_autocomplete(std::string_view tokens, Refusal expected) {
  Field field;
  field.autocomplete = tokens;
  expect(refusal_of(field) == expected, tokens);
}

void ordinary_fields() {
  expect(refusal_of(Field()) == Refusal::kNone, "an unknown field");
  for (const std::string_view name :
       {"shipping",    "spin",      "opinion",    "Opinion",    "pinned",         "company",
        "message",     "subject",   "secretary",  "Caliban",    "passenger",      "bypass",
        "tokens",      "code",      "cardigan",   "accounting", "Secret meeting", "Name on card",
        "description", "pinterest", "discussion", "lesson",     "hotpot",         "passing"}) {
    check_name(name, Refusal::kNone);
  }
  for (const std::string_view tokens : {"", "off", "on", "name", "street-address", "username"}) {
    check_autocomplete(tokens, Refusal::kNone);
  }
}

void passwords() {
  for (const std::string_view name : {"password",
                                      "Password",
                                      "newPassword",
                                      "user_password2",
                                      "confirmpassword",
                                      "passwd",
                                      "pwd",
                                      "passphrase",
                                      "Pass phrase",
                                      "PIN",
                                      "user-pin",
                                      "userPin",
                                      "userPIN",
                                      "pin1",
                                      "PINField",
                                      "apiKey",
                                      "API key",
                                      "private_key",
                                      "secret",
                                      "token",
                                      "Secret answer",
                                      "Recovery phrase"}) {
    check_name(name, Refusal::kPassword);
  }
  check_autocomplete("current-password", Refusal::kPassword);
  check_autocomplete("section-a New-Password", Refusal::kPassword);
  check_autocomplete("username\tnew-password", Refusal::kPassword);
  Field field;
  field.type = "Password";
  expect(refusal_of(field) == Refusal::kPassword, "the type");
  field.type = "text";
  field.ever_password = true;
  expect(refusal_of(field) == Refusal::kPassword, "a password shown");
}

void payment() {
  for (const std::string_view name :
       {"cvv", "CVC", "card_cvv", "cardCvc", "cvv2", "cardNumber", "card-number", "cardnumber",
        "Card number (no spaces)", "credit-card", "ccnum", "cc-exp", "iban", "IBAN", "sort code",
        "accountNumber", "routing_number"}) {
    check_name(name, Refusal::kPayment);
  }
  for (const std::string_view tokens : {"cc-number", "cc-csc", "billing cc-exp", "CC-NAME"}) {
    check_autocomplete(tokens, Refusal::kPayment);
  }
}

void codes_and_identity() {
  for (const std::string_view name : {"otp", "otp1", "totpCode", "one-time code", "oneTimeCode",
                                      "Verification code", "2fa", "mfa_token", "smsCode"}) {
    check_name(name, Refusal::kOneTimeCode);
  }
  check_autocomplete("one-time-code", Refusal::kOneTimeCode);
  for (const std::string_view name :
       {"ssn", "ssnLast4", "SSNField", "social-security-number", "passportNumber",
        "Driver's license", "tax_id", "National Insurance number"}) {
    check_name(name, Refusal::kIdentity);
  }
}

void surroundings() {
  Field field;
  field.writing_suggestions = false;
  expect(refusal_of(field) == Refusal::kNoSuggestions, "writingsuggestions");
  expect(may_read(refusal_of(field)), "no suggestions: read all the same");
  field.read_only = true;
  expect(refusal_of(field) == Refusal::kReadOnly, "read only");
  field.name = "iban";
  expect(refusal_of(field) == Refusal::kPayment, "a name before read only");
  field.terminal = true;
  expect(refusal_of(field) == Refusal::kTerminal, "a terminal");
  field.private_window = true;
  expect(refusal_of(field) == Refusal::kPrivateWindow, "a private window");
}

void sentences() {
  expect(sentence(Refusal::kNone).empty(), "nothing to say");
  for (int i = 1; i <= static_cast<int>(Refusal::kNoSuggestions); ++i) {
    const std::string_view text = sentence(static_cast<Refusal>(i));
    expect(text.starts_with("Th") && text.ends_with('.'), "a whole sentence");
    expect(may_read(static_cast<Refusal>(i)) == (i == static_cast<int>(Refusal::kNoSuggestions)),
           "refused fields are not read");
  }
}

}  // namespace

int main() {
  ordinary_fields();
  passwords();
  payment();
  codes_and_identity();
  surroundings();
  sentences();
  if (failures == 0) std::printf("field: all tests passed\n");
  return failures == 0 ? 0 : 1;
}
