#include "context/chunks.h"

#include <algorithm>
#include <array>

#include "context/ascii.h"
#include "context/unicode.h"
#include "context/utf8.h"

namespace foretype::context {

namespace {

constexpr std::size_t kNoRun = SIZE_MAX;
constexpr std::size_t kLongestGroup = UINT8_MAX;  // digits that are counted in one

/// Classes of bytes, to be joined.
enum Class : std::uint8_t {
  kSmall = 1,
  kCapital = 2,
  kNumeral = 4,
  kOddMark = 8,   // makes a chunk odd when inside
  kLeading = 16,  // stands before words
  kTrailing = 32,
  kBinding = 64,  // in tokens and names: AT&T
  kLetters = kSmall | kCapital
};

constexpr bool is_one_of(char byte, std::string_view set) {
  return set.find(byte) != std::string_view::npos;
}

constexpr std::uint8_t classify(char byte) {
  int kind = 0;
  if (is_small(byte)) kind |= kSmall;
  if (is_capital(byte)) kind |= kCapital;
  if (is_digit(byte)) kind |= kNumeral;
  if (is_one_of(byte, "!#$%^*=~?@")) kind |= kOddMark;
  if (is_one_of(byte, "([{<\"'`*#|")) kind |= kLeading;
  if (is_one_of(byte, ".,;:!?)]}>\"'`*#|")) kind |= kTrailing;
  if (is_one_of(byte, "&+")) kind |= kBinding;
  return static_cast<std::uint8_t>(kind);
}

constexpr std::array<std::uint8_t, 256> kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t byte = 0; byte < 256; ++byte) classes[byte] = classify(static_cast<char>(byte));
  return classes;
}();

std::uint8_t class_of(char byte) { return kClasses[static_cast<unsigned char>(byte)]; }
bool has_class(char byte, Class wanted) { return (class_of(byte) & wanted) != 0; }

std::uint8_t classes_in(std::string_view text) {
  std::uint8_t found = 0;
  for (const char byte : text) found |= class_of(byte);
  return found;
}

/// General punctuation, U+2000 to U+203F: quotes, dashes, the ellipsis.
bool is_typographic(std::string_view text) {
  return text.size() >= 3 && text[0] == '\xE2' && text[1] == '\x80';
}

/// Bytes of the mark that `chunk` begins with; 0 if it is none of those that stand before words.
std::size_t leading_mark(std::string_view chunk) {
  if (chunk.empty()) return 0;
  return has_class(chunk.front(), kLeading) ? 1 : is_typographic(chunk) ? 3 : 0;
}

std::size_t trailing_mark(std::string_view chunk) {
  if (chunk.empty()) return 0;
  if (has_class(chunk.back(), kTrailing)) return 1;
  return chunk.size() >= 3 && is_typographic(chunk.substr(chunk.size() - 3)) ? 3 : 0;
}

std::string_view core_of(std::string_view chunk) {
  while (const std::size_t mark = leading_mark(chunk)) chunk.remove_prefix(mark);
  while (const std::size_t mark = trailing_mark(chunk)) chunk.remove_suffix(mark);
  return chunk;
}

/// "-", or one of U+2010 to U+2015; 0 if text[at] is no hyphen or dash.
std::size_t hyphen_at(std::string_view text, std::size_t at) {
  if (text[at] == '-') return 1;
  const std::string_view rest = text.substr(at, 3);
  return is_typographic(rest) && rest[2] >= '\x90' && rest[2] <= '\x95' ? 3 : 0;
}

/// Digits, and single hyphens between them.
bool is_digit_groups(std::string_view core) {
  bool after_digit = false;
  for (std::size_t at = 0; at < core.size();) {
    const bool digit = is_digit(core[at]);
    const std::size_t length = digit ? 1 : hyphen_at(core, at);
    if (length == 0 || (!digit && !after_digit)) return false;
    after_digit = digit;
    at += length;
  }
  return after_digit;
}

/// 10am, 1990s, 3.5GB: a number with a letter or two at its end.
bool is_quantity(std::string_view core) {
  if (!is_digit(core.front())) return false;
  const auto is_letter_at = [&](std::size_t at) { return is_letter(core[at]); };
  std::size_t end = core.size();
  while (end > 0 && is_letter_at(end - 1)) --end;
  return core.size() - end <= 2 &&
         std::none_of(core.begin(), core.begin() + static_cast<std::ptrdiff_t>(end), is_letter);
}

bool is_mail_address(std::string_view core) {
  const std::size_t at = core.find('@');
  if (at == std::string_view::npos || core.find('@', at + 1) != std::string_view::npos)
    return false;
  if (core.find('.', at) == std::string_view::npos) return false;
  return std::all_of(core.begin(), core.end(), [](char byte) {
    return is_letter_or_digit(byte) ||
           std::string_view("@._+-").find(byte) != std::string_view::npos;
  });
}

constexpr std::size_t kShortestOdd = 4;

bool is_odd(std::string_view core) {
  if (core.size() < kShortestOdd) return false;
  const std::uint8_t classes = classes_in(core);
  if ((classes & kLetters) == 0) return false;
  const bool mark = (classes_in(core.substr(1, core.size() - 2)) & kOddMark) != 0;
  if ((classes & kNumeral) == 0 && !mark) return false;
  if (core.find("://") != std::string_view::npos || is_mail_address(core)) return false;
  return mark || !is_quantity(core);
}

// Bytes: keys are longer, and so are random tokens without digits or marks that stand in no word.
constexpr std::size_t kLongestPlain = 11;

constexpr std::size_t kLongStretch = 256;  // bytes
// More than an IBAN has groups, and more than there are between a secret and its name.
constexpr std::size_t kQuietChunks = 9;

/// Where the white space at text[at] ends, or the line.
std::size_t skip_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && !is_line_end(text[at])) {
    const std::size_t length = white_space_at(text, at);
    if (length == 0) break;
    at += length;
  }
  return at;
}

}  // namespace

void Chunks::cut(std::string_view text, std::size_t begin, std::size_t end) {
  clear();
  const std::string_view line = text.substr(0, end);
  for (std::size_t at = skip_spaces(line, begin); at < end; at = skip_spaces(line, at)) {
    at = add(line, at);
  }
}

std::size_t Chunks::cut_stretch(std::string_view text, std::size_t begin) {
  clear();
  std::size_t quiet = 0;  // chunks in a row that belong to no number and that no word can name
  std::size_t at = skip_spaces(text, begin);
  while (at < text.size() && !is_line_end(text[at])) {
    if (quiet >= kQuietChunks && at - begin >= kLongStretch) return at;
    at = skip_spaces(text, add(text, at));
    quiet = chunks_.back().odd || run_of_.back() != kNoRun ? 0 : quiet + 1;
  }
  return at;
}

void Chunks::clear() {
  chunks_.clear();
  runs_.clear();
  run_of_.clear();
  digits_.clear();
  groups_.clear();
  group_digits_.clear();
  group_chunks_.clear();
}

/// Adds the chunk that begins here; returns its end.
std::size_t Chunks::add(std::string_view text, std::size_t begin) {
  std::uint8_t classes = 0;
  std::size_t end = begin;
  for (; end < text.size() && white_space_at(text, end) == 0; ++end) classes |= class_of(text[end]);
  const std::string_view bytes = text.substr(begin, end - begin);
  const std::string_view core = core_of(bytes);
  const bool plain =
      (classes & (kNumeral | kOddMark | kBinding)) == 0 && bytes.size() <= kLongestPlain;
  chunks_.push_back({begin, end, bytes, core, plain, !plain && is_odd(core)});
  run_of_.push_back(kNoRun);
  if (!core.empty() && is_digit(core.front()) && is_digit_groups(core)) add_digits(core);
  return end;
}

void Chunks::add_digits(std::string_view core) {
  const std::size_t index = chunks_.size() - 1;
  const bool begins_here = core.begin() == chunks_[index].bytes.begin();
  const bool goes_on = index > 0 && run_of_[index - 1] != kNoRun && chunks_[index - 1].goes_on();
  if (!begins_here || !goes_on) runs_.push_back({index, index, groups_.size(), groups_.size()});
  for (std::size_t at = 0; at < core.size();) {
    if (!is_digit(core[at])) {
      at += hyphen_at(core, at);
      continue;
    }
    group_digits_.push_back(digits_.size());
    group_chunks_.push_back(index);
    for (; at < core.size() && is_digit(core[at]); ++at) digits_ += core[at];
    groups_.push_back(
        static_cast<std::uint8_t>(std::min(digits_.size() - group_digits_.back(), kLongestGroup)));
  }
  runs_.back().last = index;
  runs_.back().end_group = groups_.size();
  run_of_[index] = runs_.size() - 1;
}

const Run* Chunks::run_of(std::size_t chunk) const {
  return run_of_[chunk] == kNoRun ? nullptr : &runs_[run_of_[chunk]];
}

Number Chunks::number(std::size_t first_group, std::size_t end_group) const {
  const std::size_t begin = group_digits_[first_group];
  const std::size_t end = end_group < groups_.size() ? group_digits_[end_group] : digits_.size();
  return {std::string_view(digits_).substr(begin, end - begin),
          std::span(groups_).subspan(first_group, end_group - first_group)};
}

std::size_t white_space_at(std::string_view text, std::size_t at) {
  const char byte = text[at];
  if (is_ascii(byte)) return byte == ' ' || (byte >= '\t' && byte <= '\r') ? 1 : 0;
  if (byte != '\xC2' && (byte < '\xE1' || byte > '\xE3')) return 0;  // all others begin so
  const CodePoint point = decode_utf8(text, at);
  return point.valid && char_class(point.value) == CharClass::kSpace ? point.length : 0;
}

std::size_t line_end(std::string_view text, std::size_t at) {
  while (at < text.size() && !is_line_end(text[at])) ++at;
  return at;
}

std::size_t last_chunks(std::string_view text, std::size_t count) {
  bool inside = false;
  std::size_t begin = text.size();
  while (begin > 0) {
    const bool ascii = is_ascii(text[begin - 1]);
    const std::size_t length = ascii ? 1 : decode_utf8_before(text, begin).length;
    if (is_line_end(text[begin - 1])) break;
    const bool space = white_space_at(text, begin - length) > 0;
    if (space && inside && --count == 0) break;
    inside = !space;
    begin -= length;
  }
  return begin;
}

bool may_be_mixed_code(std::string_view core) {
  if (core.size() > 2 && is_letter(core[0]) && core[1] == '-') {
    const std::string_view digits = core.substr(2);
    return digits.size() >= 4 && digits.size() <= 8 &&
           std::all_of(digits.begin(), digits.end(), is_digit);
  }
  if (core.size() < 5 || core.size() > 10) return false;
  const std::uint8_t classes = classes_in(core);
  const bool one_case = (classes & kLetters) == kSmall || (classes & kLetters) == kCapital;
  if (!one_case || !std::all_of(core.begin(), core.end(), is_letter_or_digit)) return false;
  const auto digits = std::count_if(core.begin(), core.end(), is_digit);
  int changes = 0;
  for (std::size_t i = 1; i < core.size(); ++i) {
    if (is_digit(core[i]) != is_digit(core[i - 1])) ++changes;
  }
  return digits >= 2 && (changes >= 2 || (changes == 1 && is_digit(core.front())));
}

bool is_humped(std::string_view core) {
  int humps = 0;
  for (std::size_t i = 1; i < core.size(); ++i) {
    if (is_small(core[i - 1]) && is_capital(core[i])) ++humps;
  }
  return humps >= 2;
}

}  // namespace foretype::context
