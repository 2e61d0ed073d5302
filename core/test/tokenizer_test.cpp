// The tokenizer on vocabularies made here: the split against worked examples,
// merges against a slow twin. tests/unit/test_tokenizer.py compares with the
// `tokenizers` library.
#include "propose/lm/tokenizer.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "propose/lm/pretokenize.h"

namespace {

using foretype::lm::pretoken_end;
using foretype::lm::Token;
using foretype::lm::Tokenizer;

int failures = 0;

void expect(bool holds, std::string_view what) {
  if (holds) return;
  ++failures;
  std::fprintf(stderr, "FAIL %.*s\n", static_cast<int>(what.size()), what.data());
}

// --- vocabularies -----------------------------------------------------------

/// What create() takes, easy to spoil.
struct Parts {
  std::string bytes;
  std::vector<std::uint32_t> offsets = {0};
  std::vector<std::uint32_t> merges;
  std::vector<std::uint32_t> specials;

  std::uint32_t add(std::string_view token) {
    bytes += token;
    offsets.push_back(static_cast<std::uint32_t>(bytes.size()));
    return static_cast<std::uint32_t>(offsets.size() - 2);
  }
  std::string_view token(std::uint32_t id) const {
    return std::string_view(bytes).substr(offsets[id], offsets[id + 1] - offsets[id]);
  }
  foretype::Result<Tokenizer> create() const {
    return Tokenizer::create(bytes, offsets, merges, specials);
  }
};

Parts all_bytes() {
  Parts parts;
  for (int byte = 0; byte < 256; ++byte) parts.add(std::string(1, static_cast<char>(byte)));
  return parts;
}

/// All bytes and up to `count` merges of random tokens over the letters a to c.
Parts random_parts(std::size_t count, std::mt19937& random) {
  Parts parts = all_bytes();
  std::vector<std::uint32_t> pool = {'a', 'b', 'c'};
  std::map<std::string, std::uint32_t> known = {{"a", 'a'}, {"b", 'b'}, {"c", 'c'}};
  std::map<std::pair<std::uint32_t, std::uint32_t>, bool> merged;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t left = pool[random() % pool.size()];
    const std::uint32_t right = pool[random() % pool.size()];
    if (std::exchange(merged[{left, right}], true)) continue;
    const std::string both = std::string(parts.token(left)).append(parts.token(right));
    if (both.size() > 12) continue;
    if (!known.contains(both)) {
      known[both] = parts.add(both);
      pool.push_back(known[both]);
    }
    parts.merges.insert(parts.merges.end(), {left, right});
  }
  return parts;
}

std::vector<Token> encoded(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<Token> tokens;
  tokenizer.encode(text, &tokens);
  return tokens;
}

// --- the split --------------------------------------------------------------

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = pretoken_end(text, at);
    found.push_back(text.substr(at, end - at));
    at = end;
  }
  return found;
}

void check_split(std::string_view text, const std::vector<std::string_view>& expected) {
  expect(split(text) == expected, text);
}

void words_take_the_space_before_them() {
  check_split("", {});
  check_split("Hello there, you", {"Hello", " there", ",", " you"});
  check_split("a  b", {"a", " ", " b"});
  check_split("a\n\n b", {"a", "\n\n", " b"});
  check_split("a\nb", {"a", "\n", "b"});
  check_split("a \nb", {"a", " ", "\n", "b"});
  check_split("a  ", {"a", "  "});
  check_split("a\u00A0b", {"a", "\u00A0", "b"});
  check_split(" \u3000x", {" ", "\u3000", "x"});
}

void numbers_stand_alone() {
  check_split("v10 2", {"v", "1", "0", " ", "2"});
  check_split("a  5", {"a", "  ", "5"});
  check_split("\u00B2\u0663", {"\u00B2", "\u0663"});
}

void contractions_are_lower_case() {
  check_split("it's we're I'LL", {"it", "'s", " we", "'re", " I", "'", "LL"});
  check_split("'sx 'd ''s !'s", {"'s", "x", " '", "d", " ''", "s", " !'", "s"});
}

void marks_run_together() {
  check_split("a...?! (b)", {"a", "...?!", " (", "b", ")"});
  check_split("e\u0301\U0001F389", {"e", "\u0301\U0001F389"});
  check_split("\xC3(\xFFz", {"\xC3(\xFF", "z"});
}

// --- merges -----------------------------------------------------------------

/// The definition: again and again the lowest rank, of equals the leftmost.
std::vector<Token> slow_merge(const Parts& parts, std::string_view word) {
  std::map<std::string, std::uint32_t> ids;
  for (std::uint32_t id = 0; id + 1 < parts.offsets.size(); ++id) {
    ids[std::string(parts.token(id))] = id;
  }
  std::vector<std::uint32_t> tokens;
  for (const char byte : word) tokens.push_back(static_cast<unsigned char>(byte));
  for (std::size_t rank = 0; rank < parts.merges.size(); rank += 2) {
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
      if (tokens[i] != parts.merges[rank] || tokens[i + 1] != parts.merges[rank + 1]) continue;
      tokens[i] = ids.at(std::string(parts.token(tokens[i])).append(parts.token(tokens[i + 1])));
      tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      rank = static_cast<std::size_t>(-2);  // begin again with the lowest
      break;
    }
  }
  return {tokens.begin(), tokens.end()};
}

void merges_equal_the_slow_twin() {
  std::mt19937 random(7);
  for (int vocabulary = 0; vocabulary < 60; ++vocabulary) {
    const Parts parts = random_parts(1 + random() % 60, random);
    const auto made = parts.create();
    expect(made.ok(), "a random vocabulary");
    for (const std::size_t length :
         {1u, 2u, 3u, 7u, 20u, 47u, 48u, 49u, 50u, 150u}) {  // 48: short and long
      std::string word;
      while (word.size() < length) word += static_cast<char>('a' + random() % 3);
      expect(encoded(made.value(), word) == slow_merge(parts, word), word);
    }
  }
}

void an_endless_word_is_not_quadratic() {
  std::mt19937 random(1);
  const auto made = random_parts(50, random).create();
  std::string word;
  while (word.size() < 1 << 20) word += static_cast<char>('a' + random() % 3);
  const auto start = std::chrono::steady_clock::now();
  const std::vector<Token> tokens = encoded(made.value(), word);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  expect(made.value().decode(tokens) == word, "an endless word comes back");
  expect(seconds.count() < 30, "an endless word in seconds, not hours");
}

void bytes_without_a_token_are_left_out() {
  Parts parts;
  for (const char* token : {"a", "b", "ab"}) parts.add(token);
  parts.merges = {0, 1};
  const auto made = parts.create();
  expect(encoded(made.value(), "a\u00E9b") == std::vector<Token>{2}, "as if it were not there");
}

void any_bytes_come_back() {
  const auto made = all_bytes().create();
  std::mt19937 random(3);
  for (int run = 0; run < 1000; ++run) {
    std::string text(random() % 40, ' ');
    for (char& byte : text) byte = static_cast<char>(random());
    expect(made.value().decode(encoded(made.value(), text)) == text, "any bytes come back");
  }
}

// --- stable prefix ----------------------------------------------------------

void every_string(const std::vector<std::string_view>& pieces, int length, const std::string& start,
                  std::vector<std::string>* all) {
  all->push_back(start);
  if (length == 0) return;
  for (const std::string_view piece : pieces) {
    every_string(pieces, length - 1, std::string(start).append(piece), all);
  }
}

/// Every text of up to four of these pieces, with every continuation of up to two.
void what_is_stable_stays() {
  const std::vector<std::string_view> pieces = {"'",  "r", "e", "s",    " ",
                                                "\n", "1", "!", "\xC3", "\xA9"};
  std::vector<std::string> texts, continuations;
  every_string(pieces, 4, "", &texts);
  every_string(pieces, 2, "", &continuations);
  for (const std::string& text : texts) {
    const std::size_t stable = Tokenizer::stable_prefix(text);
    const auto kept = split(std::string_view(text).substr(0, stable));
    for (const std::string& continuation : continuations) {
      const std::string whole = text + continuation;
      const auto now = split(whole);
      const bool same =
          kept.size() <= now.size() && std::equal(kept.begin(), kept.end(), now.begin());
      if (!same) return expect(false, whole);
    }
  }
}

void little_is_unstable() {
  const auto check = [](std::string_view text, std::size_t expected) {
    expect(Tokenizer::stable_prefix(text) == expected, text);
  };
  check("", 0);
  check("Hello", 0);
  check("Hello there", 5);
  check("Hello ", 5);
  check("Hello.", 5);
  check("it's", 2);
  check("it'r", 2);
  check("a 12", 3);
  check("a \xC3", 1);
  check("a b\n\nc", 3);
  check("a b\n\nc d", 6);
}

// --- tables -----------------------------------------------------------------

void tokens_are_found_by_prefix() {
  std::mt19937 random(5);
  const Parts parts = random_parts(40, random);
  const auto made = parts.create();
  const Tokenizer& tokenizer = made.value();
  const auto sorted = tokenizer.sorted();
  for (const std::string_view prefix : {"", "a", "ab", "abc", "c", "cc", "\xFF", "zz"}) {
    const auto range = tokenizer.with_prefix(prefix);
    for (int i = 0; i < static_cast<int>(sorted.size()); ++i) {
      const bool inside = i >= range.first && i < range.last;
      const std::string_view bytes = tokenizer.bytes(sorted[static_cast<std::size_t>(i)]);
      expect(bytes.starts_with(prefix) == inside, prefix);
    }
  }
}

void control_tokens_have_no_bytes() {
  Parts parts = all_bytes();
  parts.specials = {parts.add("<end>")};
  const auto made = parts.create();
  const Tokenizer& tokenizer = made.value();
  expect(tokenizer.is_special(256) && !tokenizer.is_special('a'), "is_special");
  expect(tokenizer.bytes(256).empty() && tokenizer.bytes('a') == "a", "bytes");
  expect(tokenizer.bytes(-1).empty() && tokenizer.bytes(257).empty(), "out of range");
  expect(!tokenizer.is_special(-1) && !tokenizer.is_special(257), "out of range");
  expect(tokenizer.sorted().size() == 256 && tokenizer.vocabulary() == 257, "sizes");
  expect(encoded(tokenizer, "<end>").size() == 5, "text never encodes to a control token");
}

void check_refused(const Parts& parts, std::string_view detail) {
  const auto made = parts.create();
  expect(!made.ok() && made.error().detail == detail, detail);
}

void contradictions_are_refused() {
  const Parts good = all_bytes();
  Parts parts = good;
  parts.offsets.clear();
  check_refused(parts, "token offsets are missing");
  parts = good;
  parts.offsets.back() = 255;
  check_refused(parts, "token offsets do not span the 256 token bytes");
  parts = good;
  std::swap(parts.offsets[7], parts.offsets[8]);
  check_refused(parts, "token offsets go backwards");
  parts = good;
  parts.add("");
  check_refused(parts, "token 256 has no bytes");
  parts = good;
  parts.add("a");
  check_refused(parts, "tokens 97 and 256 have the same bytes");
  parts = good;
  parts.specials = {256};
  check_refused(parts, "control token 256 is out of range");
}

void wrong_merges_are_refused() {
  Parts parts = all_bytes();
  parts.merges = {'a', 'b', 'c'};
  check_refused(parts, "merges do not come in pairs");
  parts.merges = {'a', 300};
  check_refused(parts, "merge 0 is of a token out of range");
  parts.merges = {'a', 'b'};
  check_refused(parts, "merge 0 gives no token");
  parts.add("ab");
  parts.merges = {'a', 'b', 'a', 'b'};
  check_refused(parts, "merge 1 was given before");
}

}  // namespace

int main() {
  words_take_the_space_before_them();
  numbers_stand_alone();
  contractions_are_lower_case();
  marks_run_together();
  merges_equal_the_slow_twin();
  an_endless_word_is_not_quadratic();
  bytes_without_a_token_are_left_out();
  any_bytes_come_back();
  what_is_stable_stays();
  little_is_unstable();
  tokens_are_found_by_prefix();
  control_tokens_have_no_bytes();
  contradictions_are_refused();
  wrong_merges_are_refused();
  return failures == 0 ? 0 : 1;
}
