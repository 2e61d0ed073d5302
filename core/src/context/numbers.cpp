#include "context/numbers.h"

#include <algorithm>
#include <array>

#include "context/ascii.h"

namespace foretype::context {

namespace {

constexpr std::size_t kShortestCard = 13;
constexpr std::size_t kLongestCard = 19;

constexpr std::string_view kIbanLengths =
    "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18"
    "FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21"
    "LY25MC27MD24ME22MK19MR27MT31MU30NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24SC31SE24SI19SK24SM27"
    "ST25SV28TL23TN24TR26UA29VA22VG24XK20";

int value(char digit) { return digit - '0'; }

int first(std::string_view digits, std::size_t count) {
  int number = 0;
  for (const char digit : digits.substr(0, count)) number = 10 * number + value(digit);
  return number;
}

/// Visa 4, Mastercard 51-55 and 2221-2720, American Express, Diners and JCB 3, Discover, UnionPay
/// and Maestro 5 and 6.
bool has_issuer(std::string_view digits) {
  if (digits.starts_with('2')) return first(digits, 4) >= 2221 && first(digits, 4) <= 2720;
  return digits.front() >= '3' && digits.front() <= '6';
}

/// Every second digit from the right counts double, its own digits summed: a multiple of ten.
bool passes_luhn(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int digit = value(digits[digits.size() - 1 - i]);
    sum += i % 2 == 0 ? digit : 2 * digit - (digit > 4 ? 9 : 0);
  }
  return sum % 10 == 0;
}

bool in_groups(const Number& number, std::initializer_list<std::uint8_t> groups) {
  return std::equal(number.groups.begin(), number.groups.end(), groups.begin(), groups.end());
}

bool shown_as_card(const Number& number) {
  return in_groups(number, {4, 4, 4, 4}) || in_groups(number, {4, 6, 5});
}

}  // namespace

bool is_card(const Number& number) {
  const std::size_t length = number.digits.size();
  if (length < kShortestCard || length > kLongestCard || !has_issuer(number.digits)) return false;
  return passes_luhn(number.digits) || shown_as_card(number);
}

bool is_social_security(const Number& number) {
  if (!in_groups(number, {3, 2, 4})) return false;
  const int area = first(number.digits, 3);
  const bool given_out = area != 0 && area != 666;
  return given_out && number.digits.substr(3, 2) != "00" && number.digits.substr(5) != "0000";
}

bool may_be_code(const Number& number) {
  if (number.digits.size() < 4 || number.digits.size() > 8) return false;
  return std::all_of(number.groups.begin(), number.groups.end(), [&](std::uint8_t group) {
    return group >= 3 || group == number.groups.front();
  });
}

bool is_year(const Number& number) {
  if (!in_groups(number, {4})) return false;
  return first(number.digits, 4) >= 1700 && first(number.digits, 4) < 2040;
}

std::size_t iban_length(std::string_view beginning) {
  if (beginning.size() < 4 || !is_letter(beginning[0]) || !is_letter(beginning[1])) return 0;
  if (!is_digit(beginning[2]) || !is_digit(beginning[3])) return 0;
  for (std::size_t at = 0; at < kIbanLengths.size(); at += 4) {
    const std::string_view country = kIbanLengths.substr(at, 2);
    if (to_small(country[0]) != to_small(beginning[0])) continue;
    if (to_small(country[1]) != to_small(beginning[1])) continue;
    return static_cast<std::size_t>(first(kIbanLengths.substr(at + 2), 2));
  }
  return 0;
}

bool is_iban(std::string_view characters) {
  if (iban_length(characters) != characters.size()) return false;
  int rest = 0;  // of the number modulo 97: the first four characters last, letters as 10 to 35
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const char character = to_small(characters[(i + 4) % characters.size()]);
    if (!is_letter_or_digit(character)) return false;
    rest = is_digit(character) ? 10 * rest + value(character) : 100 * rest + character - 'a' + 10;
    rest %= 97;
  }
  return rest == 1;
}

}  // namespace foretype::context
