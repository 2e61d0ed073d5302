// What must not be learned although the field is an ordinary one: keys, random
// tokens, card and account numbers, one-time codes, passwords that follow their
// name, addresses that let in whoever has them.
//
// A *chunk* is what stands between white space; a secret is made of whole chunks, so no unit is
// ever split. The rules:
//  1. Keys: known beginnings (key_shapes.h), and tokens that look drawn at random (randomness.h).
//  2. A block of lines from "-----BEGIN " on, up to "-----END" or the first line that cannot belong
//     to it: one with a space, unless its first word ends in a colon.
//  3. Numbers: cards and US social security numbers (digit_runs.h), IBANs (iban.h), also in groups.
//  4. Addresses with a password before @, or with a parameter named like a secret (parameters.h).
//  5. What a word names (secret_words.h), within six chunks, or on the line above:
//       password      the word behind ":" or "=", or behind "is" where it is no everyday word; any
//                     odd chunk (letters with digits, a mark inside) before or after it, and one
//                     with several capitals inside after it
//       passphrase    the same, to the end of the sentence
//       secret, key   the word right behind ":" or "="; any odd chunk before or after it
//       code, PIN     a number of 4 to 8 digits, or a mixed code, before or after it; what may be a
//                     year only right after it or after "is"
//       account, SSN  a number of 6 to 18 digits, before or after it
// Pure and linear in the text.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "context/range.h"
#include "context/secret_stretch.h"

namespace foretype::context {

/// The parts of `text` that must not be learned: rising, disjoint, whole units; one for each chunk,
/// or for the lines of a block. Any bytes are accepted.
std::vector<Range> secret_ranges(std::string_view text);

/// Where the part of `text` begins that could still become secret when more is typed at its end:
/// the chunk at its end, and before it numbers and odd chunks that a word may yet name, on the last
/// line only. What ends before it and lies in no range of secret_ranges(text) lies in no range of
/// any longer text either.
std::size_t undecided_from(std::string_view text);

/// Both for a text that is being edited, at the cost of the stretch of text that changed: a line,
/// or a few hundred bytes of a long one.
class Secrets {
 public:
  Secrets();

  /// The text is now this, and its first `unchanged` bytes are those of the text before.
  void set(std::string_view text, std::size_t unchanged);

  /// secret_ranges() of the text.
  const std::vector<Range>& ranges() const { return ranges_; }
  /// undecided_from() of the text.
  std::size_t undecided() const { return undecided_; }

 private:
  /// Where reading may start again.
  struct Checkpoint {
    std::size_t begin = 0;
    ReadingState state;
  };

  std::vector<Checkpoint> checkpoints_;  // rising, the first one at 0
  std::vector<Range> ranges_;
  std::size_t undecided_ = 0;
};

}  // namespace foretype::context
