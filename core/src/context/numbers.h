// Numbers by which somebody can be paid, charged or identified: cards, IBANs, US
// social security numbers; and what may be a one-time code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace foretype::context {

/// Digits written in groups: "4111 1111-11" is "4111111111" in groups of 4, 4 and 2.
struct Number {
  std::string_view digits;
  std::span<const std::uint8_t> groups;  // digits in each, rising order of place
};

/// A payment card: 13 to 19 digits, an issuer's first digits, the check digit of ISO/IEC 7812-1
/// annex B (Luhn). Or any digits of an issuer in the groups that cards show, 4-4-4-4 or 4-6-5: one
/// with a mistyped digit is as secret.
bool is_card(const Number& number);

/// Groups of 3, 2 and 4 digits that the US social security administration gives out, or the tax
/// office in their place.
bool is_social_security(const Number& number);

/// 4 to 8 digits in groups of one size, or of three digits at least; no date has such.
bool may_be_code(const Number& number);

/// Four digits together, 1700 to 2039.
bool is_year(const Number& number);

/// Letters and digits of a whole IBAN that begins with this; 0 if none does. ISO 13616-1; the
/// lengths are those of the SWIFT registry.
std::size_t iban_length(std::string_view beginning);

/// Whether these letters and digits, spaces and hyphens left out, are an IBAN: length and check
/// digits.
bool is_iban(std::string_view characters);

}  // namespace foretype::context
