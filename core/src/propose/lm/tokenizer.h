// Byte-level BPE as SmolLM2 uses it: split (single digits, then the GPT-2
// pattern), then merge pairs by rank. Every byte string has a tokenisation and
// decodes back to itself.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foretype/error.h"

namespace foretype::lm {

using Token = std::int32_t;

class Tokenizer {
 public:
  /// token_bytes: raw bytes (not the printable alphabet of GPT-2) of all tokens, concatenated;
  /// token_offsets: [vocabulary + 1]; merges: pairs (left, right) in rank order, [2 * count];
  /// specials: ids of control tokens, which text never encodes to. Everything is copied or
  /// indexed; the spans need not outlive the call. Merges whose result is no token, tokens
  /// out of range, missing byte tokens etc. are errors.
  static Result<Tokenizer> create(std::span<const char> token_bytes,
                                  std::span<const std::uint32_t> token_offsets,
                                  std::span<const std::uint32_t> merges,
                                  std::span<const std::uint32_t> specials);

  int vocabulary() const;
  std::string_view bytes(Token token) const;  // empty for a control token or an id out of range
  bool is_special(Token token) const;

  /// Appends the tokens of `text` (any bytes; invalid UTF-8 is encoded byte by byte as the
  /// `tokenizers` library would encode lone bytes it is able to represent).
  void encode(std::string_view text, std::vector<Token>* out) const;
  std::string decode(std::span<const Token> tokens) const;

  /// Byte offset at which the last pre-token of `text` begins: everything before it keeps its
  /// tokens whatever is typed after. 0 if there is none before.
  static std::size_t stable_prefix(std::string_view text);

  /// Token ids sorted by their bytes (control tokens left out). Tokens that start with `prefix`
  /// are the contiguous range [first, last) of it.
  std::span<const Token> sorted() const;
  struct Range { int first; int last; };
  Range with_prefix(std::string_view prefix) const;
};

}  // namespace foretype::lm
