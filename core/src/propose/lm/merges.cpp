#include "propose/lm/merges.h"

#include <algorithm>
#include <array>
#include <bit>
#include <queue>
#include <span>

namespace foretype::lm {

namespace {

/// Up to here scanning all pairs for the lowest rank beats keeping them in a heap.
constexpr std::size_t kShortWord = 48;

/// Merges a word of at most kShortWord tokens in place; returns how many are left.
std::size_t merge_short(const MergeTable& table, std::span<Token> word) {
  std::array<Merge, kShortWord> merges;  // [i]: of word[i] with word[i + 1]
  std::size_t size = word.size();
  for (std::size_t i = 0; i + 1 < size; ++i) merges[i] = table.find(word[i], word[i + 1]);
  while (size > 1) {
    std::size_t best = 0;
    for (std::size_t i = 1; i + 1 < size; ++i) {
      if (merges[i].rank < merges[best].rank) best = i;
    }
    if (merges[best].rank == kNoMerge) break;
    word[best] = merges[best].result;
    for (std::size_t i = best + 1; i + 1 < size; ++i) {
      word[i] = word[i + 1];
      merges[i] = merges[i + 1];
    }
    --size;
    if (best > 0) merges[best - 1] = table.find(word[best - 1], word[best]);
    if (best + 1 < size) merges[best] = table.find(word[best], word[best + 1]);
  }
  return size;
}

/// A word as a doubly linked list over its first tokens' positions, and its pairs in a heap.
class LongWord {
 public:
  LongWord(const MergeTable& table, std::span<Token> word)
      : table_(table), word_(word), previous_(word.size()), next_(word.size()) {
    for (std::size_t i = 0; i < word.size(); ++i) {
      previous_[i] = i - 1;  // wraps to kNone
      next_[i] = i + 1;
    }
    next_.back() = kNone;
    for (std::size_t i = 0; i < word.size(); ++i) propose(i);
  }

  /// Merges all; returns how many tokens are left, moved to the front of the word.
  std::size_t merge() {
    while (!heap_.empty()) {
      const Pair pair = heap_.top();
      heap_.pop();
      if (is_current(pair)) join(pair);
    }
    std::size_t size = 0;
    for (std::size_t at = 0; at != kNone; at = next_[at]) word_[size++] = word_[at];
    return size;
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  struct Pair {
    Merge merge;
    std::size_t left;
    Token left_token, right_token;  // as they were when the pair was proposed

    bool operator<(const Pair& other) const {  // the heap's top is the greatest
      if (merge.rank != other.merge.rank) return merge.rank > other.merge.rank;
      return left > other.left;
    }
  };

  void propose(std::size_t left) {
    if (left == kNone || next_[left] == kNone) return;
    const Token left_token = word_[left];
    const Token right_token = word_[next_[left]];
    const Merge merge = table_.find(left_token, right_token);
    if (merge.rank != kNoMerge) heap_.push({merge, left, left_token, right_token});
  }

  /// Whether the pair still stands as proposed. Tokens only grow, and a joined right half is
  /// kGone, so equal tokens mean the same pair.
  bool is_current(const Pair& pair) const {
    return word_[pair.left] == pair.left_token && next_[pair.left] != kNone &&
           word_[next_[pair.left]] == pair.right_token;
  }

  void join(const Pair& pair) {
    const std::size_t right = next_[pair.left];
    word_[pair.left] = pair.merge.result;
    word_[right] = kGone;
    next_[pair.left] = next_[right];
    if (next_[right] != kNone) previous_[next_[right]] = pair.left;
    propose(previous_[pair.left]);
    propose(pair.left);
  }

  static constexpr Token kGone = -1;

  const MergeTable& table_;
  std::span<Token> word_;
  std::vector<std::size_t> previous_, next_;
  std::priority_queue<Pair> heap_;
};

}  // namespace

MergeTable::MergeTable(std::size_t count) {
  const std::size_t size = std::bit_ceil(std::max<std::size_t>(2 * count, 2));
  slots_.resize(size);
  shift_ = 64u - static_cast<unsigned>(std::countr_zero(size));
}

bool MergeTable::add(Token left, Token right, Token result) {
  Slot& place = slots_[slot(left, right)];
  if (place.merge.rank != kNoMerge) return false;
  place = {left, right, {count_++, result}};
  return true;
}

Merge MergeTable::find(Token left, Token right) const { return slots_[slot(left, right)].merge; }

std::size_t MergeTable::slot(Token left, Token right) const {
  constexpr std::uint64_t kGoldenRatio = 0x9E3779B97F4A7C15;  // 2^64 / phi: Fibonacci hashing
  const std::uint64_t key =
      std::uint64_t{static_cast<std::uint32_t>(left)} << 32 | static_cast<std::uint32_t>(right);
  std::size_t at = static_cast<std::size_t>(key * kGoldenRatio >> shift_);
  while (slots_[at].merge.rank != kNoMerge &&
         (slots_[at].left != left || slots_[at].right != right)) {
    at = (at + 1) & (slots_.size() - 1);
  }
  return at;
}

void apply_merges(const MergeTable& table, std::vector<Token>* tokens, std::size_t from) {
  const std::span<Token> word = std::span(*tokens).subspan(from);
  if (word.size() < 2) return;
  const std::size_t size =
      word.size() <= kShortWord ? merge_short(table, word) : LongWord(table, word).merge();
  tokens->resize(from + size);
}

}  // namespace foretype::lm
