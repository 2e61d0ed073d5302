#include "propose/trie/background.h"

#include <algorithm>
#include <string>

#include "propose/trie/background_layout.h"

namespace foretype::trie {

std::uint32_t Background::text_offset(WordId word) const {
  return load_u32(text_offsets_ + std::size_t{4} * word);
}

std::uint32_t Background::row_offset(WordId word) const {
  return load_u32(row_offsets_ + std::size_t{4} * word);
}

WordId Background::follower(std::size_t at) const { return load_u16(followers_ + 2 * at); }

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
  LowestLevels(std::size_t limit, std::vector<Item>& kept) : limit_(limit), kept_(kept) {}

  /// False for a level that cannot enter any more.
  bool wants(std::uint8_t level) const { return kept_.size() < limit_ || level < worst_; }

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
  std::uint8_t worst_ = 0;
  std::size_t worst_at_ = 0;
};

}  // namespace

void Background::best_unigrams(WordRange range, std::size_t limit,
                               std::vector<WordId>& best) const {
  best.clear();
  LowestLevels<WordId> lowest(limit, best);
  for (WordId word = range.begin; word < range.end;) {
    if (word % kBlockWords == 0 && !lowest.wants(block_best_[word / kBlockWords])) {
      word += kBlockWords;
      continue;
    }
    if (lowest.wants(unigrams_[word])) lowest.offer(word, unigrams_[word]);
    ++word;
  }
}

Background::Row Background::row(std::string_view folded) const {
  const WordRange range = forms(folded);
  if (range.begin == range.end) return {};
  return {row_offset(range.begin), row_offset(range.begin + 1), row_mass_[range.begin]};
}

Background::Row Background::within(Row row, WordRange range) const {
  const auto first_from = [&](std::size_t begin, WordId word) {
    std::size_t end = row.end;
    while (begin < end) {
      const std::size_t middle = begin + (end - begin) / 2;
      if (follower(middle) < word) {
        begin = middle + 1;
      } else {
        end = middle;
      }
    }
    return begin;
  };
  const std::size_t begin = first_from(row.begin, range.begin);
  return {begin, first_from(begin, range.end), row.mass};
}

double Background::bigram(Row row, WordId word) const {
  const Row at = within(row, {word, word + 1});
  return at.begin < at.end ? levels_[bigrams_[at.begin]] : 0.0;
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
  for (std::size_t at = part.begin; at < part.end; ++at) {
    if (lowest.wants(bigrams_[at])) lowest.offer(follower(at), bigrams_[at]);
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
