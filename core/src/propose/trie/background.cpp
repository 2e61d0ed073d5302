#include "propose/trie/background.h"

#include <algorithm>
#include <string>

namespace foretype::trie {

std::uint32_t Background::text_offset(WordId word) const {
  return load_u32(text_offsets_ + std::size_t{4} * word);
}

std::uint32_t Background::row_offset(WordId word) const {
  return load_u32(row_offsets_ + std::size_t{4} * word);
}

std::string_view Background::text(WordId word) const {
  const std::uint32_t begin = text_offset(word);
  return {text_ + begin, text_offset(word + 1) - begin};
}

WordRange Background::with_prefix(std::string_view prefix) const {
  if (prefix.empty()) return {0, words_};
  const std::size_t shared = std::min<std::size_t>(prefix.size(), 8);
  const std::uint64_t low = order_key(prefix);
  const std::uint64_t high = low | (shared == 8 ? 0 : ~std::uint64_t{0} >> (8 * shared));
  const auto first = std::lower_bound(keys_.begin(), keys_.end(), low);
  const auto last = std::upper_bound(first, keys_.end(), high);
  WordRange range{static_cast<WordId>(first - keys_.begin()),
                  static_cast<WordId>(last - keys_.begin())};
  // Among equal keys the longer bytes decide (and a NUL in the prefix, which no word has).
  const auto differs = [&](WordId word) {
    return fold(text(word)).substr(0, prefix.size()).compare(prefix);
  };
  if (prefix.size() > 8 || prefix.find('\0') != std::string_view::npos) {
    while (range.begin < range.end && differs(range.begin) < 0) ++range.begin;
    while (range.begin < range.end && differs(range.end - 1) > 0) --range.end;
  }
  return range;
}

WordRange Background::forms(std::string_view folded) const {
  WordRange range = with_prefix(folded);
  // Shorter forms sort first, so the exact ones lead the range.
  WordId end = range.begin;
  while (end < range.end && text(end).size() == folded.size()) ++end;
  range.end = end;
  return range;
}

WordId Background::find(std::string_view wanted) const {
  const WordRange range = forms(fold(wanted));
  for (WordId word = range.begin; word < range.end; ++word) {
    if (text(word) == wanted) return word;
  }
  return kNoWord;
}

CasingSums Background::unigram_sums(WordRange range) const {
  CasingSums sums{};
  for (WordId word = range.begin; word < range.end;) {
    if (word % kBlockWords == 0 && word + kBlockWords <= range.end) {
      const CasingSums& block = block_sums_[word / kBlockWords];
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += block[i];
      word += kBlockWords;
    } else {
      sums[static_cast<std::size_t>(casings_[word])] += unigram(word);
      ++word;
    }
  }
  return sums;
}

std::span<const WordId> Background::mixed(WordRange range) const {
  const auto first = std::lower_bound(mixed_.begin(), mixed_.end(), range.begin);
  return {first, std::lower_bound(first, mixed_.end(), range.end)};
}

namespace {

// Keeps the `limit` items with the lowest level seen so far, unsorted.
template <typename Item>
class LowestLevels {
 public:
  /// `bound`: at least `limit` items have a level up to it.
  LowestLevels(std::size_t limit, std::vector<Item>& kept, std::uint8_t bound = 255)
      : limit_(limit), kept_(kept), bound_(bound) {}

  /// False for a level that cannot enter any more.
  bool wants(std::uint8_t level) const {
    return kept_.size() < limit_ ? level <= bound_ : level < worst_;
  }

  void offer(Item item, std::uint8_t level) {
    if (kept_.size() < limit_) {
      kept_.push_back(item);
      levels_.push_back(level);
    } else {
      kept_[worst_at_] = item;
      levels_[worst_at_] = level;
    }
    const auto worst = std::max_element(levels_.begin(), levels_.end());
    worst_ = *worst;
    worst_at_ = static_cast<std::size_t>(worst - levels_.begin());
  }

 private:
  std::size_t limit_;
  std::vector<Item>& kept_;
  std::vector<std::uint8_t> levels_;
  std::uint8_t bound_;
  std::uint8_t worst_ = 0;
  std::size_t worst_at_ = 0;
};

// So many levels are looked at together: the compiler makes a few vector instructions of it.
constexpr std::size_t kChunk = 32;

std::uint8_t least_of(const std::uint8_t* begin, const std::uint8_t* end) {
  std::uint8_t least = 255;
  for (; begin != end; ++begin) least = std::min(least, *begin);
  return least;
}

}  // namespace

// A level that at least `limit` words of the range reach, as the best of so many whole blocks do;
// 255 where there are not so many blocks.
std::uint8_t Background::level_of_best(WordRange range, std::size_t limit) const {
  const std::size_t first = (range.begin + kBlockWords - 1) / kBlockWords;
  const std::size_t end = range.end / kBlockWords;
  if (end < first + limit || limit == 0) return 255;
  std::array<std::uint16_t, kLevels> blocks{};
  for (std::size_t block = first; block < end; ++block) ++blocks[block_best_[block]];
  std::size_t reached = 0;
  std::size_t level = 0;
  while ((reached += blocks[level]) < limit) ++level;
  return static_cast<std::uint8_t>(level);
}

void Background::best_unigrams(WordRange range, std::size_t limit,
                               std::vector<WordId>& best) const {
  best.clear();
  LowestLevels<WordId> lowest(limit, best, level_of_best(range, limit));
  for (WordId begin = range.begin; begin < range.end;) {
    const WordId block = begin / kBlockWords;
    const WordId end = std::min(range.end, (block + 1) * kBlockWords);
    if (lowest.wants(block_best_[block])) {
      for (WordId word = begin; word < end; ++word) {
        if (lowest.wants(unigrams_[word])) lowest.offer(word, unigrams_[word]);
      }
    }
    begin = end;
  }
}

Background::Row Background::row(std::string_view folded) const {
  const WordRange range = forms(folded);
  if (range.begin == range.end) return {};
  return {row_offset(range.begin), row_offset(range.begin + 1), row_mass_[range.begin]};
}

// Where in the row the first follower from `word` on stands.
std::size_t Background::first_from(Row row, WordId word) const {
  std::size_t begin = row.begin;
  for (std::size_t size = row.end - row.begin; size > 0;) {
    const std::size_t half = size / 2;
    const bool before = follower(begin + half) < word;
    begin += before ? half + 1 : 0;
    size = before ? size - half - 1 : half;
  }
  return begin;
}

Background::Row Background::within(Row row, WordRange range) const {
  const std::size_t begin = first_from(row, range.begin);
  return {begin, first_from({begin, row.end, row.mass}, range.end), row.mass};
}

double Background::bigram(Row row, WordId word) const {
  const std::size_t at = first_from(row, word);
  return at < row.end && follower(at) == word ? levels_[bigrams_[at]] : 0.0;
}

CasingSums Background::bigram_sums(Row part) const {
  CasingSums sums{};
  for (std::size_t at = part.begin; at < part.end; ++at) {
    sums[static_cast<std::size_t>(casings_[follower(at)])] += levels_[bigrams_[at]];
  }
  return sums;
}

void Background::best_bigrams(Row part, std::size_t limit, std::vector<WordId>& best) const {
  best.clear();
  LowestLevels<WordId> lowest(limit, best);
  for (std::size_t chunk = part.begin; chunk < part.end; chunk += kChunk) {
    const std::size_t end = std::min(chunk + kChunk, part.end);
    if (!lowest.wants(least_of(bigrams_ + chunk, bigrams_ + end))) continue;
    for (std::size_t at = chunk; at < end; ++at) {
      if (lowest.wants(bigrams_[at])) lowest.offer(follower(at), bigrams_[at]);
    }
  }
}

Casing usual_casing(const Background& background, std::string_view text, WordRange forms) {
  const Casing casing = casing_of(text);
  if (casing != Casing::kUpper || capitals(text) < 2) return casing;
  Casing best = casing;
  double most = 0;
  for (WordId word = forms.begin; word < forms.end; ++word) {
    if (background.unigram(word) <= most) continue;
    most = background.unigram(word);
    best = background.casing(word);
  }
  if (best == Casing::kLower) return Casing::kShout;
  return best == Casing::kTitle ? Casing::kShoutTitle : casing;
}

}  // namespace foretype::trie
