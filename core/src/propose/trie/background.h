// English unigrams and bigrams, read in place from the bytes of one file.
// docs/formats/background.md describes every byte.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "foretype/error.h"
#include "propose/trie/background_layout.h"
#include "propose/trie/casing.h"

namespace foretype::trie {

using WordId = std::uint32_t;
inline constexpr WordId kNoWord = 0xFFFFFFFF;

/// Consecutive words: those whose folded form begins with one prefix.
struct WordRange {
  WordId begin = 0;
  WordId end = 0;
};

/// Probability summed by the words' casing.
using CasingSums = std::array<double, kCasings>;

class Background {
 public:
  /// Checks everything that the readers below rely on. The bytes are copied once and kept.
  static Result<std::shared_ptr<const Background>> parse(std::span<const std::uint8_t> bytes);
  /// A background that knows nothing.
  static std::shared_ptr<const Background> empty();

  WordId words() const { return words_; }
  std::string_view text(WordId word) const;
  Casing casing(WordId word) const { return casings_[word]; }
  WordId find(std::string_view text) const;
  /// Words whose folded form begins with `folded_prefix`.
  WordRange with_prefix(std::string_view folded_prefix) const;
  /// Words whose folded form is `folded`.
  WordRange forms(std::string_view folded) const;

  double unigram(WordId word) const { return levels_[unigrams_[word]]; }
  double known() const { return known_; }  // sum of all words' unigram probabilities
  CasingSums unigram_sums(WordRange range) const;
  /// Words of the range that are shown as they are: those of mixed case, rising.
  std::span<const WordId> mixed(WordRange range) const;
  /// Puts into `best` the words of the range with the highest unigram probability, at most `limit`.
  void best_unigrams(WordRange range, std::size_t limit, std::vector<WordId>& best) const;

  /// The words known to follow one folded word.
  struct Row {
    std::size_t begin = 0;
    std::size_t end = 0;
    double mass = 0;  // sum of the probabilities
  };
  Row row(std::string_view folded) const;
  /// The part of a row whose words lie in the range; `mass` stays that of the whole row.
  Row within(Row row, WordRange range) const;
  double bigram(Row row, WordId word) const;  // 0 where it is not in the row
  CasingSums bigram_sums(Row part) const;
  void best_bigrams(Row part, std::size_t limit, std::vector<WordId>& best) const;

 private:
  Background() = default;
  friend class BackgroundParser;

  WordId follower(std::size_t at) const { return load_u16(followers_ + 2 * at); }
  std::size_t first_from(Row row, WordId word) const;
  std::uint8_t level_of_best(WordRange range, std::size_t limit) const;
  std::uint32_t text_offset(WordId word) const;
  std::uint32_t row_offset(WordId word) const;

  std::vector<std::uint8_t> bytes_;
  // Into bytes_:
  const std::uint8_t* text_offsets_ = nullptr;  // words_ + 1 of u32
  const std::uint8_t* row_offsets_ = nullptr;   // words_ + 1 of u32
  const std::uint8_t* followers_ = nullptr;     // u16 each
  const std::uint8_t* unigrams_ = nullptr;      // level of each word
  const std::uint8_t* bigrams_ = nullptr;       // level of each follower
  const char* text_ = nullptr;
  WordId words_ = 0;
  std::array<float, 256> levels_{};  // probability of each level, falling
  // Made by parse(), about 14 bytes a word:
  std::vector<std::uint64_t> keys_;  // order_key of each word's folded form
  std::vector<Casing> casings_;
  std::vector<WordId> mixed_;  // words of mixed case
  std::vector<float> row_mass_;
  double known_ = 0;
  std::vector<CasingSums> block_sums_;    // unigrams of each block of words
  std::vector<std::uint8_t> block_best_;  // lowest level in each block of words
};

/// casing_of(), and kShout or kShoutTitle for all capitals (two at least) of a word which the
/// background knows better in that other form. `forms`: the background's of the word.
Casing usual_casing(const Background& background, std::string_view text, WordRange forms);

}  // namespace foretype::trie
