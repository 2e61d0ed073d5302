#include "propose/lm/tokenizer.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "propose/lm/pretokenize.h"

namespace foretype::lm {

namespace {

/// What is wrong with the offsets, empty if nothing is.
std::string check_offsets(std::size_t bytes, std::span<const std::uint32_t> offsets) {
  if (offsets.empty()) return "token offsets are missing";
  if (offsets.size() - 1 > INT32_MAX) return "more tokens than fit 31 bits";
  if (offsets.front() != 0 || offsets.back() != bytes) {
    return "token offsets do not span the " + std::to_string(bytes) + " token bytes";
  }
  if (!std::is_sorted(offsets.begin(), offsets.end())) return "token offsets go backwards";
  return "";
}

/// The first eight bytes as a number that orders like them, padded with zeros.
std::uint64_t first_eight(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    value = value << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u);
  }
  return value;
}

Error corrupt(std::string detail) { return {ErrorCode::kCorrupt, 0, std::move(detail)}; }

}  // namespace

Result<Tokenizer> Tokenizer::create(std::span<const char> token_bytes,
                                    std::span<const std::uint32_t> token_offsets,
                                    std::span<const std::uint32_t> merges,
                                    std::span<const std::uint32_t> specials) {
  std::string wrong = check_offsets(token_bytes.size(), token_offsets);
  if (!wrong.empty()) return corrupt(std::move(wrong));
  if (merges.size() % 2 != 0) return corrupt("merges do not come in pairs");
  Tokenizer tokenizer(token_bytes, token_offsets, merges.size() / 2);
  wrong = tokenizer.mark_specials(specials);
  if (wrong.empty()) wrong = tokenizer.sort_tokens();
  if (wrong.empty()) wrong = tokenizer.add_merges(merges);
  if (!wrong.empty()) return corrupt(std::move(wrong));
  return tokenizer;
}

Tokenizer::Tokenizer(std::span<const char> token_bytes,
                     std::span<const std::uint32_t> token_offsets, std::size_t merges)
    : bytes_(token_bytes.begin(), token_bytes.end()),
      offsets_(token_offsets.begin(), token_offsets.end()),
      special_(token_offsets.size() - 1, 0),
      merges_(merges) {
  byte_tokens_.fill(kNoToken);
}

std::string Tokenizer::mark_specials(std::span<const std::uint32_t> specials) {
  for (const std::uint32_t special : specials) {
    if (special >= special_.size()) {
      return "control token " + std::to_string(special) + " is out of range";
    }
    special_[special] = 1;
  }
  return "";
}

std::string Tokenizer::sort_tokens() {
  for (Token token = 0; token < vocabulary(); ++token) {
    if (is_special(token)) continue;
    const std::string_view spelled = raw_bytes(token);
    if (spelled.empty()) return "token " + std::to_string(token) + " has no bytes";
    if (spelled.size() == 1) byte_tokens_[static_cast<unsigned char>(spelled[0])] = token;
    sorted_.push_back(token);
  }
  sort_by_bytes();
  const auto twin = std::adjacent_find(sorted_.begin(), sorted_.end(), [this](Token a, Token b) {
    return raw_bytes(a) == raw_bytes(b);
  });
  if (twin == sorted_.end()) return "";
  return "tokens " + std::to_string(twin[0]) + " and " + std::to_string(twin[1]) +
         " have the same bytes";
}

void Tokenizer::sort_by_bytes() {
  struct Entry {
    std::uint64_t start;  // the first eight bytes decide nearly always, without a look at the rest
    Token token;
  };
  std::vector<Entry> entries;
  entries.reserve(sorted_.size());
  for (const Token token : sorted_) entries.push_back({first_eight(raw_bytes(token)), token});
  std::stable_sort(entries.begin(), entries.end(), [this](const Entry& a, const Entry& b) {
    return a.start != b.start ? a.start < b.start : raw_bytes(a.token) < raw_bytes(b.token);
  });
  for (std::size_t i = 0; i < entries.size(); ++i) sorted_[i] = entries[i].token;
}

std::string Tokenizer::add_merges(std::span<const std::uint32_t> pairs) {
  std::unordered_map<std::string_view, Token> by_bytes;
  by_bytes.reserve(sorted_.size());
  for (const Token token : sorted_) by_bytes.emplace(raw_bytes(token), token);
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    const std::string name = "merge " + std::to_string(i / 2);
    const auto left = static_cast<Token>(pairs[i]);
    const auto right = static_cast<Token>(pairs[i + 1]);
    if (bytes(left).empty() || bytes(right).empty()) return name + " is of a token out of range";
    const auto result = by_bytes.find(std::string(bytes(left)).append(bytes(right)));
    if (result == by_bytes.end()) return name + " gives no token";
    if (!merges_.add(left, right, result->second)) return name + " was given before";
  }
  return "";
}

std::string_view Tokenizer::raw_bytes(Token token) const {
  const std::uint32_t begin = offsets_[index(token)];
  return std::string_view(bytes_).substr(begin, offsets_[index(token) + 1] - begin);
}

std::string_view Tokenizer::bytes(Token token) const {
  return in_range(token) && !is_special(token) ? raw_bytes(token) : std::string_view();
}

void Tokenizer::encode(std::string_view text, std::vector<Token>* out) const {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = pretoken_end(text, at);
    const std::size_t from = out->size();
    for (; at < end; ++at) {
      const Token token = byte_tokens_[static_cast<unsigned char>(text[at])];
      if (token != kNoToken) out->push_back(token);
    }
    apply_merges(merges_, out, from);
  }
}

std::string Tokenizer::decode(std::span<const Token> tokens) const {
  std::string text;
  for (const Token token : tokens) text.append(bytes(token));
  return text;
}

std::size_t Tokenizer::stable_prefix(std::string_view text) { return last_pretoken(text); }

Tokenizer::Range Tokenizer::with_prefix(std::string_view prefix) const {
  const auto begin = sorted_.begin();
  const auto first =
      std::lower_bound(begin, sorted_.end(), prefix,
                       [this](Token token, std::string_view p) { return raw_bytes(token) < p; });
  const auto last = std::partition_point(
      first, sorted_.end(), [&](Token token) { return raw_bytes(token).starts_with(prefix); });
  return {static_cast<int>(first - begin), static_cast<int>(last - begin)};
}

}  // namespace foretype::lm
