// Cutting text into units: the rules of units.h, one table each.
#include "context/units.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "context/unicode.h"
#include "context/utf8.h"

namespace {

using foretype::context::CharClass;
using foretype::context::is_word;
using foretype::context::starts_sentence;
using foretype::context::Unit;
using foretype::context::unit_text;
using foretype::context::units;

int failures = 0;

void fail(std::string_view what, std::string_view got, std::string_view expected) {
  std::printf("FAIL %.*s\n  got      %.*s\n  expected %.*s\n", static_cast<int>(what.size()),
              what.data(), static_cast<int>(got.size()), got.data(),
              static_cast<int>(expected.size()), expected.data());
  ++failures;
}

/// Units between bars; a space stands before those that have one; \n shows line ends.
std::string shown(std::string_view text) {
  std::string line = "|";
  for (const Unit& unit : units(text)) {
    if (unit.space_before) line += ' ';
    for (const char byte : unit_text(text, unit)) {
      if (byte == '\n') {
        line += "\\n";
      } else {
        line += byte;
      }
    }
    line += '|';
  }
  return line;
}

void check(std::string_view text, std::string_view expected) {
  const std::string got = shown(text);
  if (got != expected) fail(text, got, expected);
}

void expect(bool condition, std::string_view what) {
  if (!condition) fail(what, "false", "true");
}

void words() {
  check("", "|");
  check("Hello there", "|Hello| there|");
  check("don't they\u2019re users' 'tis", "|don't| they\u2019re| users|'| '|tis|");
  check("well-known - re\u2010use self--made", "|well-known| -| re\u2010use| self|--|made|");
  check("report_v2.docx snake__case _x_", "|report_v2.docx| snake__case| _|x|_|");
  check("3.5 1,000.25 10:30 5-6", "|3.5| 1,000.25| 10:30| 5-6|");
  check("one,two a:b 1,b", "|one|,|two| a|:|b| 1|,|b|");
  check("and/or R&D 3/4 a / b", "|and/or| R&D| 3/4| a| /| b|");
  check("jo.doe@mail.example.org", "|jo.doe@mail.example.org|");
  check("$5 50% C++", "|$|5| 50|%| C|++|");
}

void sentence_ends() {
  check("Done. Really? Yes!", "|Done|.| Really|?| Yes|!|");
  check("wait... what?!", "|wait|...| what|?|!|");
  check("wait...what", "|wait|...|what|");
  check("a!!! b\u2026", "|a|!!!| b|\u2026|");
  check("see v2.", "|see| v2|.|");
  check("So do I.", "|So| do| I|.|");
}

void initials() {
  check("the U.S. is, e.g., big", "|the| U.S.| is|,| e.g.|,| big|");
  check("U.S.A. at 5 p.m.", "|U.S.A.| at| 5| p.m.|");
  check("J. R.R. Doe", "|J|.| R.R.| Doe|");
  check("1.2. Ph.D.", "|1.2|.| Ph.D|.|");
}

void sigils() {
  check("@name #topic #1", "|@name| #topic| #1|");
  check("## Title", "|##| Title|");
  check("@@name @ home", "|@@|name| @| home|");
  check("(@jo)", "|(|@jo|)|");
}

void addresses() {
  check("see https://a.example/b?c=d&e=(f). Now", "|see| https://a.example/b?c=d&e=(f|)|.| Now|");
  check("<http://x.example>", "|<|http://x.example|>|");
  check("http:// x", "|http|:|//| x|");
  check("http://...", "|http|:|//|...|");
}

void marks() {
  check("((x))", "|(|(|x|)|)|");
  check("\"Hi,\" she said", "|\"|Hi|,|\"| she| said|");
  check("\u201CHi\u201D \u00ABx\u00BB", "|\u201C|Hi|\u201D| \u00AB|x|\u00BB|");
  check("---- == a=b", "|----| ==| a|=|b|");
  check("x\u2014y 5\u20136", "|x|\u2014|y| 5|\u2013|6|");
}

void spaces_and_line_ends() {
  check("  a\t b\u00A0c ", "| a| b| c|");
  check("a\nb", "|a|\\n|b|");
  check("a\r\nb\rc", "|a|\\n|b|\\n|c|");
  check("a\r\n\r\nb", "|a|\\n\\n|b|");
  check("a \n \t\n\n  b", "|a| \\n| \\n\\n| b|");
  check("a\n  ", "|a|\\n|");
}

void scripts_and_emoji() {
  check("na\u00EFve cafe\u0301s", "|na\u00EFve| cafe\u0301s|");
  check("\u05E9\u05DC\u05D5\u05DD \u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645",
        "|\u05E9\u05DC\u05D5\u05DD| \u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645|");
  check("\u4F60\u597D\u3002\u518D\u89C1", "|\u4F60\u597D|\u3002|\u518D\u89C1|");
  check("ok\U0001F44D\U0001F3FD\U0001F389 \u2764\uFE0F!",
        "|ok|\U0001F44D\U0001F3FD\U0001F389| \u2764\uFE0F|!|");
  check("\U0001F468\u200D\U0001F469\u200D\U0001F467 \U0001F1F3\U0001F1F1",
        "|\U0001F468\u200D\U0001F469\u200D\U0001F467| \U0001F1F3\U0001F1F1|");
  check("\uFEFFHello", "|\uFEFF|Hello|");
}

void damaged_bytes() {
  using namespace std::string_view_literals;
  check(
      "a\xFF\xFE"
      "b",
      "|a|\xFF|\xFE|b|");
  check("caf\xC3", "|caf|\xC3|");
  check("\xED\xA0\x80", "|\xED|\xA0|\x80|");
  check("a\0\0b"sv, "|a|\0\0|b|"sv);
}

void word_or_not() {
  for (const char* word : {"a", "7", "don't", "@name", "\u00E9", "https://a.example"}) {
    expect(is_word(word), word);
  }
  for (const char* mark : {"", ".", "...", "\n\n", "\U0001F389", "\xFF", "@", "\u0301"}) {
    expect(!is_word(mark), mark);
  }
}

void sentence_starts() {
  for (const char* before : {"", " ", "Hi,\n", "Done. ", "Done.\" ", "Really?", "Yes! (", "a\n- ",
                             "x\r\n\r\n\"", "\u518D\u89C1\u3002", "v2. ", "a\n> "}) {
    expect(starts_sentence(before), before);
  }
  for (const char* before : {"Hi, ", "e.g. ", "the U.S. ", "word", "well... ", "a - ",
                             "note: ", "\U0001F389 ", "\xFF"}) {
    expect(!starts_sentence(before), before);
  }
}

/// Between units, and around them, there is nothing but white space.
void nothing_is_lost(std::string_view text) {
  std::size_t at = 0;
  for (const Unit& unit : units(text)) {
    expect(unit.begin >= at && unit.end > unit.begin && unit.end <= text.size(), text);
    expect((unit.begin > at) == unit.space_before, text);
    at = unit.end;
  }
}

/// One endless unit of every kind takes a part of a second; a quadratic way would take hours.
void linear_time() {
  constexpr std::size_t kBytes = 1 << 20;
  for (const char* part :
       {"a", "a.", "a_", "_", "(", "\n ", " ", "://", "a://.", "\xC3", "@", "1,"}) {
    std::string text;
    while (text.size() < kBytes) text += part;
    const auto start = std::chrono::steady_clock::now();
    nothing_is_lost(text);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    expect(seconds.count() < 30, part);
  }
}

void utf8() {
  using foretype::context::decode_utf8;
  using foretype::context::unfinished_utf8;
  expect(decode_utf8("\U0010FFFF", 0).value == 0x10FFFF, "last code point");
  for (const char* bad : {"\xC0\x80", "\xE0\x80\x80", "\xF4\x90\x80\x80", "\x80", "\xF8\x88"}) {
    expect(!decode_utf8(bad, 0).valid, "overlong, out of range or stray");
  }
  expect(unfinished_utf8("a\xF0\x9F\x8E") == 1, "three bytes of four");
  expect(unfinished_utf8("a\xE2") == 1, "one byte of three");
  expect(unfinished_utf8("a\xED\xA0") == 3, "no more bytes mend a surrogate");
  expect(unfinished_utf8("\u00E9") == 2, "complete");
}

void classes() {
  using foretype::context::char_class;
  expect(char_class(U'a') == CharClass::kLetter, "a");
  expect(char_class(0x0660) == CharClass::kNumber, "Arabic-Indic zero");
  expect(char_class(0x3000) == CharClass::kSpace, "ideographic space");
  expect(char_class(0x0301) == CharClass::kMark, "combining acute");
  expect(char_class(0) == CharClass::kOther, "NUL");
  expect(char_class(0x10FFFF) == CharClass::kOther, "last");
  expect(char_class(0xFFFFFFFF) == CharClass::kOther, "beyond");
}

}  // namespace

int main() {
  words();
  sentence_ends();
  initials();
  sigils();
  addresses();
  marks();
  spaces_and_line_ends();
  scripts_and_emoji();
  damaged_bytes();
  word_or_not();
  sentence_starts();
  linear_time();
  utf8();
  classes();
  std::printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
