#include "context/randomness.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "context/ascii.h"
#include "context/randomness_table.h"

namespace foretype::context {

namespace {

// Sixteenths of a bit.
constexpr int kBit = 16;
constexpr int kOneOfTen = 53;
constexpr int kJoint = kBit;
constexpr int kEnough = 22 * kBit;
constexpr int kEnoughLikeWords = 34 * kBit;

constexpr int kFewest = 9;               // characters
constexpr int kFewestLikeWords = 12;     // characters
constexpr int kShortestBeforeSlash = 6;  // characters
constexpr int kFewestHexadecimal = 16;   // digits in a row

// Rows of kCharacterCost.
constexpr std::size_t kDigitRow = 27;
constexpr std::size_t kMarkBehindDigitRow = 28;

enum Alphabet { kSmallHex, kCapitalHex, kSmall, kCapital, kBoth, kAlphabets };

/// log2 of how many characters the alphabet has.
constexpr std::array<int, kAlphabets> kDrawCost = {4 * kBit, 4 * kBit, 83, 83, 95};

/// The best part that ends here, as a draw from one alphabet.
struct Part {
  int bits = 0;
  int characters = 0;
  bool unlike_words = false;  // a digit among them, or a mark that stands in no word

  void add(int gain, bool unlike_word) {
    if (bits + gain <= 0) return reset();
    bits += gain;
    ++characters;
    unlike_words = unlike_words || unlike_word;
  }
  void reset() { *this = Part(); }
  bool random() const {
    if (unlike_words) return characters >= kFewest && bits >= kEnough;
    return characters >= kFewestLikeWords && bits >= kEnoughLikeWords;
  }
};

class Meter {
 public:
  /// True as soon as what was read ends in a random part.
  bool read(char byte) {
    const bool repeated = byte == last_;
    last_ = byte;
    if (separates(byte)) return start_anew();
    if (is_letter_or_digit(byte)) ++word_length_;
    if (repeated) return hexadecimal_.add(byte);
    if (is_digit(byte)) return add_digit(byte);
    if (is_letter(byte)) return add_letter(byte);
    const bool odd = std::string_view("!#$%^*=~?@&+").find(byte) != std::string_view::npos;
    for (Part& part : parts_) part.add(-kJoint, odd);
    return after_mark();
  }

 private:
  bool separates(char byte) const {
    return !is_ascii(byte) || byte == ',' || (byte == '/' && word_length_ < kShortestBeforeSlash);
  }

  bool start_anew() {
    parts_.fill(Part());
    before_ = 0;
    return after_mark();
  }

  bool after_mark() {
    before_ = before_ == kDigitRow || before_ == kMarkBehindDigitRow ? kMarkBehindDigitRow : 0;
    case_ = 0;
    word_length_ = 0;
    hexadecimal_ = HexRun();
    return false;
  }

  bool add_digit(char byte) {
    const int cost = kCharacterCost[before_][26] + kOneOfTen;
    before_ = kDigitRow;
    case_ = 3;
    for (std::size_t i = 0; i < kAlphabets; ++i) parts_[i].add(cost - kDrawCost[i], true);
    return hexadecimal_.add(byte) || any_random();
  }

  bool add_letter(char byte) {
    const bool capital = is_capital(byte);
    const std::size_t letter = static_cast<std::size_t>(to_small(byte) - 'a');
    const int cost = kCharacterCost[before_][letter] + kCaseCost[case_][capital ? 1 : 0];
    before_ = letter + 1;
    case_ = capital ? 2 : 1;
    const bool hexadecimal = letter < 6;
    add_if(hexadecimal && !capital, kSmallHex, cost);
    add_if(hexadecimal && capital, kCapitalHex, cost);
    add_if(!capital, kSmall, cost);
    add_if(capital, kCapital, cost);
    add_if(true, kBoth, cost);
    return hexadecimal_.add(byte) || any_random();
  }

  void add_if(bool in_alphabet, Alphabet alphabet, int cost) {
    if (!in_alphabet) return parts_[alphabet].reset();
    parts_[alphabet].add(cost - kDrawCost[alphabet], false);
  }

  bool any_random() const {
    return std::any_of(parts_.begin(), parts_.end(),
                       [](const Part& part) { return part.random(); });
  }

  /// Hexadecimal digits in a row, letters among them in one case.
  struct HexRun {
    int length = 0;
    bool digit = false;
    bool small = false;
    bool capital = false;

    bool add(char byte) {
      if (!is_hexadecimal(byte)) {
        *this = HexRun();
        return false;
      }
      ++length;
      digit = digit || is_digit(byte);
      small = small || is_small(byte);
      capital = capital || is_capital(byte);
      return length >= kFewestHexadecimal && digit && small != capital;
    }
  };

  std::array<Part, kAlphabets> parts_;
  HexRun hexadecimal_;
  int word_length_ = 0;  // characters since the last mark
  char last_ = '\0';
  std::size_t before_ = 0;  // row of kCharacterCost
  std::size_t case_ = 0;    // row of kCaseCost
};

}  // namespace

bool looks_random(std::string_view chunk) {
  if (chunk.size() < static_cast<std::size_t>(kFewest)) return false;
  Meter meter;
  return std::any_of(chunk.begin(), chunk.end(), [&](char byte) { return meter.read(byte); });
}

}  // namespace foretype::context
