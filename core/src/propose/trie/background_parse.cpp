#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "propose/trie/background.h"
#include "propose/trie/background_layout.h"

namespace foretype::trie {

namespace {

constexpr double kMostMass = 1.0 + 1e-4;  // levels are floats, so sums of them are not exact

}  // namespace

// Cuts the bytes into their tables and checks, in the file's order, all that Background relies on.
class BackgroundParser {
 public:
  explicit BackgroundParser(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  Result<std::shared_ptr<const Background>> parse() {
    if (check_header() && check_size() && check_sum()) {
      place_tables();
      if (check_levels() && check_text() && check_order() && check_rows()) {
        sum_blocks();
        if (check_masses()) return std::shared_ptr<const Background>(std::move(result_));
      }
    }
    return error_;
  }

 private:
  bool fail(ErrorCode code, std::uint64_t offset, std::string detail) {
    error_ = Error{code, offset, "background: " + std::move(detail)};
    return false;
  }

  bool check_header();
  bool check_size();
  bool check_sum();
  void place_tables();
  bool check_levels();
  bool check_text();
  bool check_order();
  bool check_rows();
  bool check_row(WordId word);
  bool check_masses();
  void sum_blocks();

  std::uint64_t expected_bytes() const {
    return kBackgroundHeaderBytes + 4 * kLevels + 8 * (words_ + 1) + 3 * bigrams_ + words_ +
           text_bytes_;
  }
  std::uint64_t offset_of(const std::uint8_t* place) const {
    return static_cast<std::uint64_t>(place - result_->bytes_.data());
  }

  std::span<const std::uint8_t> bytes_;
  std::uint64_t words_ = 0, bigrams_ = 0, text_bytes_ = 0;
  std::shared_ptr<Background> result_{new Background};
  Error error_{ErrorCode::kCorrupt, 0, ""};
};

bool BackgroundParser::check_header() {
  if (bytes_.size() < kBackgroundHeaderBytes) {
    return fail(ErrorCode::kTruncated, 0,
                "the header needs " + std::to_string(kBackgroundHeaderBytes) +
                    " bytes, there are " + std::to_string(bytes_.size()));
  }
  if (std::memcmp(bytes_.data(), kBackgroundMagic.data(), kBackgroundMagic.size()) != 0) {
    return fail(ErrorCode::kWrongFormat, 0, "this is not a background file");
  }
  const std::uint32_t version = load_u32(&bytes_[8]);
  if (version != kBackgroundVersion) {
    return fail(ErrorCode::kWrongVersion, 8,
                "format version " + std::to_string(version) + ", this program reads version " +
                    std::to_string(kBackgroundVersion));
  }
  words_ = load_u32(&bytes_[16]);
  bigrams_ = load_u32(&bytes_[20]);
  text_bytes_ = load_u32(&bytes_[24]);
  if (words_ > kMaxWords || bigrams_ > kMaxBigrams || load_u32(&bytes_[28]) != 0) {
    return fail(ErrorCode::kCorrupt, 16, "the header's counts are out of range");
  }
  return true;
}

bool BackgroundParser::check_size() {
  if (bytes_.size() == expected_bytes()) return true;
  return fail(bytes_.size() < expected_bytes() ? ErrorCode::kTruncated : ErrorCode::kCorrupt,
              bytes_.size(),
              "the header announces " + std::to_string(expected_bytes()) + " bytes, there are " +
                  std::to_string(bytes_.size()));
}

bool BackgroundParser::check_sum() {
  if (crc32(bytes_.subspan(16)) == load_u32(&bytes_[12])) return true;
  return fail(ErrorCode::kCorrupt, 12, "the checksum does not match");
}

void BackgroundParser::place_tables() {
  Background& to = *result_;
  to.bytes_.assign(bytes_.begin(), bytes_.end());
  to.words_ = static_cast<WordId>(words_);
  const std::uint8_t* at = to.bytes_.data() + kBackgroundHeaderBytes;
  for (float& level : to.levels_) {
    level = std::bit_cast<float>(load_u32(at));
    at += 4;
  }
  to.text_offsets_ = at;
  to.row_offsets_ = at += 4 * (words_ + 1);
  to.followers_ = at += 4 * (words_ + 1);
  to.unigrams_ = at += 2 * bigrams_;
  to.bigrams_ = at += words_;
  to.text_ = reinterpret_cast<const char*>(at + bigrams_);
}

bool BackgroundParser::check_levels() {
  float above = 1.0F;
  for (const float level : result_->levels_) {
    if (!(level >= 0.0F && level <= above)) {
      return fail(ErrorCode::kCorrupt, kBackgroundHeaderBytes,
                  "the levels do not fall from 1 to 0");
    }
    above = level;
  }
  return true;
}

bool BackgroundParser::check_text() {
  const Background& from = *result_;
  if (from.text_offset(0) != 0 || from.text_offset(from.words_) != text_bytes_) {
    return fail(ErrorCode::kCorrupt, offset_of(from.text_offsets_),
                "the words do not fill the text");
  }
  for (WordId word = 0; word < from.words_; ++word) {
    const std::uint32_t begin = from.text_offset(word);
    const std::uint32_t end = from.text_offset(word + 1);
    if (end < begin || end > text_bytes_ || end - begin > kMaxUnitBytes) {
      return fail(ErrorCode::kCorrupt, offset_of(from.text_offsets_) + 4 * word,
                  "word " + std::to_string(word) + " ends before it begins or is too long");
    }
  }
  return true;
}

bool BackgroundParser::check_order() {
  Background& from = *result_;
  from.keys_.reserve(result_->words_);
  from.casings_.reserve(result_->words_);
  std::string folded_before;
  for (WordId word = 0; word < from.words_; ++word) {
    const std::string_view text = from.text(word);
    std::string folded = fold(text);
    const int order = word == 0 ? -1 : folded_before.compare(folded);
    const bool rises = order < 0 || (order == 0 && from.text(word - 1) < text);
    if (!rises || text.find('\0') != std::string_view::npos) {
      return fail(ErrorCode::kCorrupt, offset_of(from.text_offsets_) + 4 * word,
                  "word " + std::to_string(word) + " is out of order or holds a NUL byte");
    }
    from.keys_.push_back(order_key(folded));
    from.casings_.push_back(casing_of(text));
    if (from.casings_.back() == Casing::kMixed) from.mixed_.push_back(word);
    folded_before = std::move(folded);
  }
  return true;
}

bool BackgroundParser::check_rows() {
  const Background& from = *result_;
  if (from.row_offset(0) != 0 || from.row_offset(from.words_) != bigrams_) {
    return fail(ErrorCode::kCorrupt, offset_of(from.row_offsets_),
                "the rows do not fill the bigrams");
  }
  for (WordId word = 0; word < from.words_; ++word) {
    if (!check_row(word)) return false;
  }
  return true;
}

bool BackgroundParser::check_row(WordId word) {
  const Background& from = *result_;
  const std::uint32_t begin = from.row_offset(word);
  const std::uint32_t end = from.row_offset(word + 1);
  bool good = begin <= end && end <= bigrams_;
  for (std::uint32_t at = begin; good && at < end; ++at) {
    good = from.follower(at) < from.words_ &&
           (at == begin || from.follower(at - 1) < from.follower(at));
  }
  return good || fail(ErrorCode::kCorrupt, offset_of(from.row_offsets_) + 4 * word,
                      "the row of word " + std::to_string(word) + " is not a rising list of words");
}

// Sums each row; neither a row nor the unigrams may have more than all the probability.
bool BackgroundParser::check_masses() {
  Background& to = *result_;
  if (to.known_ > kMostMass) {
    return fail(ErrorCode::kCorrupt, offset_of(to.unigrams_), "the unigrams sum to more than 1");
  }
  to.row_mass_.reserve(result_->words_);
  for (WordId word = 0; word < to.words_; ++word) {
    double mass = 0;
    for (std::uint32_t at = to.row_offset(word); at < to.row_offset(word + 1); ++at) {
      mass += static_cast<double>(to.levels_[to.bigrams_[at]]);
    }
    if (mass > kMostMass) {
      return fail(ErrorCode::kCorrupt, offset_of(to.bigrams_) + to.row_offset(word),
                  "the row of word " + std::to_string(word) + " sums to more than 1");
    }
    to.row_mass_.push_back(static_cast<float>(std::min(mass, 1.0)));
  }
  return true;
}

void BackgroundParser::sum_blocks() {
  Background& to = *result_;
  const std::size_t blocks = (to.words_ + kBlockWords - 1) / kBlockWords;
  to.block_sums_.assign(blocks, CasingSums{});
  to.block_best_.assign(blocks, 255);
  for (WordId word = 0; word < to.words_; ++word) {
    CasingSums& sums = to.block_sums_[word / kBlockWords];
    sums[static_cast<std::size_t>(to.casings_[word])] += to.unigram(word);
    to.known_ += to.unigram(word);
    std::uint8_t& best = to.block_best_[word / kBlockWords];
    best = std::min(best, to.unigrams_[word]);
  }
}

Result<std::shared_ptr<const Background>> Background::parse(std::span<const std::uint8_t> bytes) {
  return BackgroundParser(bytes).parse();
}

std::shared_ptr<const Background> Background::empty() {
  return std::shared_ptr<const Background>(new Background);
}

}  // namespace foretype::trie
