// Byte-level BPE as SmolLM2 uses it: split (single digits, then the GPT-2
// pattern), then merge pairs by rank. Equal to the `tokenizers` library. Every
// text decodes back to itself, but for bytes that the vocabulary has no token
// for (in SmolLM2's: six control characters, and bytes that begin planes 4 to 11
// or stand in no UTF-8); like the library, we leave these out.
//
// Immutable after create(): encode and the rest may run in several threads.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foretype/error.h"
#include "propose/lm/merges.h"

namespace foretype::lm {

class Tokenizer {
 public:
  /// token_bytes: raw bytes (not the printable alphabet of GPT-2) of all tokens, concatenated;
  /// token_offsets: [vocabulary + 1]; merges: pairs (left, right) in rank order, [2 * count];
  /// specials: ids of control tokens, which text never encodes to. Everything is copied or
  /// indexed; the spans need not outlive the call. Merges whose result is no token, tokens out of
  /// range, empty or double, pairs given twice etc. are errors.
  static Result<Tokenizer> create(std::span<const char> token_bytes,
                                  std::span<const std::uint32_t> token_offsets,
                                  std::span<const std::uint32_t> merges,
                                  std::span<const std::uint32_t> specials);

  int vocabulary() const { return static_cast<int>(special_.size()); }
  std::string_view bytes(Token token) const;  // empty for a control token or an id out of range
  bool is_special(Token token) const { return in_range(token) && special_[index(token)] != 0; }

  /// Appends the tokens of `text` (any bytes; invalid UTF-8 is encoded byte by byte as the
  /// `tokenizers` library would encode lone bytes it is able to represent). Linear in the text
  /// but for words, which take O(n log n).
  void encode(std::string_view text, std::vector<Token>* out) const;
  std::string decode(std::span<const Token> tokens) const;

  /// Byte offset at which the last pre-token of `text` begins: everything before it keeps its
  /// tokens whatever is typed after, and has the same ones when it is encoded alone. (Where later
  /// typing may still move that boundary, the one before.) 0 if there is none before. Costs about
  /// a word, not a text.
  static std::size_t stable_prefix(std::string_view text);

  /// Token ids sorted by their bytes (control tokens left out). Tokens that start with `prefix`
  /// are the contiguous range [first, last) of it.
  std::span<const Token> sorted() const { return sorted_; }
  struct Range {
    int first;
    int last;
  };
  Range with_prefix(std::string_view prefix) const;

 private:
  static constexpr Token kNoToken = -1;

  Tokenizer(std::span<const char> token_bytes, std::span<const std::uint32_t> token_offsets,
            std::size_t merges);

  static std::size_t index(Token token) { return static_cast<std::size_t>(token); }
  bool in_range(Token token) const { return token >= 0 && index(token) < special_.size(); }
  std::string_view raw_bytes(Token token) const;
  void sort_by_bytes();

  // The steps of create, in order; each gives the error's words, empty for none.
  std::string mark_specials(std::span<const std::uint32_t> specials);
  std::string sort_tokens();
  std::string add_merges(std::span<const std::uint32_t> pairs);

  std::string bytes_;                   // of all tokens
  std::vector<std::uint32_t> offsets_;  // [vocabulary + 1] in bytes_
  std::vector<std::uint8_t> special_;   // [vocabulary]
  std::vector<Token> sorted_;
  std::array<Token, 256> byte_tokens_;
  MergeTable merges_;
};

}  // namespace foretype::lm
