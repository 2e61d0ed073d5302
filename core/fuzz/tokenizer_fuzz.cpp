// The tokenizer and the unit cutter on any bytes, and the vocabulary reader on
// any vocabulary: what must hold is checked, a failure traps.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "context/units.h"
#include "propose/lm/tokenizer.h"

namespace {

using foretype::lm::Token;
using foretype::lm::Tokenizer;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

/// All bytes, and what merging `merges` of them in order gives.
Tokenizer small_tokenizer() {
  std::string bytes;
  std::vector<std::uint32_t> offsets = {0};
  const auto add = [&](std::string_view token) {
    bytes += token;
    offsets.push_back(static_cast<std::uint32_t>(bytes.size()));
  };
  for (int byte = 0; byte < 256; ++byte) add(std::string(1, static_cast<char>(byte)));
  for (const char* token : {" t", "he", " the", "'r", "'re", "  ", "    "}) add(token);
  const std::vector<std::uint32_t> merges = {' ', 't', 'h', 'e', 256, 257, '\'',
                                             'r', 259, 'e', ' ', ' ', 261, 261};
  return Tokenizer::create(bytes, offsets, merges, {}).value();
}

std::vector<Token> encoded(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<Token> tokens;
  tokenizer.encode(text, &tokens);
  return tokens;
}

void check_text(std::string_view text) {
  static const Tokenizer tokenizer = small_tokenizer();
  const std::vector<Token> tokens = encoded(tokenizer, text);
  require(tokenizer.decode(tokens) == text);
  const std::string_view start = text.substr(0, text.size() / 2);
  const std::size_t stable = Tokenizer::stable_prefix(start);
  require(stable <= start.size());
  const std::vector<Token> kept = encoded(tokenizer, start.substr(0, stable));
  require(kept.size() <= tokens.size() && std::equal(kept.begin(), kept.end(), tokens.begin()));
}

void check_units(std::string_view text) {
  std::size_t at = 0;
  for (const foretype::context::Unit& unit : foretype::context::units(text)) {
    require(unit.begin >= at && unit.begin < unit.end && unit.end <= text.size());
    at = unit.end;
  }
  foretype::context::starts_sentence(text);
}

/// The input's first part: tokens, each a length (its low three bits) and that many bytes, up to a
/// zero. Then a byte, 1 if the last token is a control token; the rest is merges by id.
void check_vocabulary(std::string_view input) {
  std::vector<std::uint32_t> offsets = {0};
  std::string bytes;
  std::size_t at = 0;
  while (at < input.size() && input[at] != 0) {
    const std::size_t length = static_cast<unsigned char>(input[at]) % 8u;
    bytes += input.substr(at + 1, length);
    offsets.push_back(static_cast<std::uint32_t>(bytes.size()));
    at = std::min(at + 1 + length, input.size());
  }
  const std::string_view rest = input.substr(std::min(at + 1, input.size()));
  std::vector<std::uint32_t> merges, specials;
  if (rest.starts_with('\1')) specials.push_back(static_cast<std::uint32_t>(offsets.size() - 2));
  for (const char id : rest.substr(std::min<std::size_t>(1, rest.size()))) {
    merges.push_back(static_cast<unsigned char>(id));
  }
  const auto made = Tokenizer::create(bytes, offsets, merges, specials);
  if (!made.ok()) return;
  for (const Token token : encoded(made.value(), input)) {
    require(!made.value().bytes(token).empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_text(input);
  check_units(input);
  check_vocabulary(input);
  return 0;
}
