#include "context/secret_numbers.h"

#include <algorithm>
#include <string>

namespace foretype::context {

namespace {

constexpr std::size_t kSecretDigits = 16;  // in one group, whatever they are
constexpr std::size_t kLongestCard = 19;   // digits
constexpr std::size_t kAfterCard = 3;      // groups behind a card: month, year, check number
constexpr std::size_t kIbanGroup = 4;      // characters

class NumberMarker {
 public:
  NumberMarker(const Chunks& chunks, std::vector<bool>* secret)
      : chunks_(chunks), secret_(secret) {}

  void mark(const Run& run) {
    const bool whole = is_social_security(chunks_.number(run));
    if (whole) mark_groups(run.first_group, run.end_group);
    for (std::size_t group = run.first_group; group < run.end_group; ++group) {
      if (chunks_.number(group, group + 1).digits.size() >= kSecretDigits) {
        mark_groups(group, group + 1);
      }
      mark_from(group, run);
    }
  }

 private:
  /// Cards, and social security numbers in a chunk of their own, that begin with a group.
  void mark_from(std::size_t first, const Run& run) {
    const std::size_t most = std::min(first + kMostGroups, run.end_group);
    for (std::size_t end = first + 1; end <= most; ++end) {
      const Number number = chunks_.number(first, end);
      if (is_card(number)) mark_groups(first, std::min(end + kAfterCard, run.end_group));
      if (fills_chunk(first, end) && is_social_security(number)) mark_groups(first, end);
      if (number.digits.size() >= kLongestCard || number.groups.back() < 2) return;
    }
  }

  /// Whether groups [first, end) are all those of one chunk.
  bool fills_chunk(std::size_t first, std::size_t end) const {
    const std::size_t chunk = chunks_.chunk_of_group(first);
    const auto elsewhere = [&](std::size_t group) {
      return group >= chunks_.groups() || chunks_.chunk_of_group(group) != chunk;
    };
    return !elsewhere(end - 1) && elsewhere(end) && (first == 0 || elsewhere(first - 1));
  }

  void mark_groups(std::size_t first, std::size_t end) {
    const std::size_t last = chunks_.chunk_of_group(end - 1);
    for (std::size_t i = chunks_.chunk_of_group(first); i <= last; ++i) (*secret_)[i] = true;
  }

  const Chunks& chunks_;
  std::vector<bool>* secret_;
};

std::string without_hyphens(std::string_view text) {
  std::string kept(text);
  std::erase(kept, '-');
  return kept;
}

struct Iban {
  std::size_t chunks;  // 0: none
  bool open;           // none yet, but the chunks end before it can be told
};

/// The IBAN that begins with chunk `first`: one chunk, or groups of four and what is left.
/// Behind `complete` chunks the text goes on unknown.
Iban find_iban(const Chunks& chunks, std::size_t first, std::size_t complete) {
  const std::vector<Chunk>& all = chunks.all();
  const std::size_t wanted = iban_length(all[first].core);
  if (wanted == 0) return {0, false};
  std::string characters = without_hyphens(all[first].core);
  if (characters.size() != kIbanGroup) return {is_iban(characters) ? 1u : 0u, false};
  for (std::size_t i = first; characters.size() < wanted;) {
    if (!all[i].goes_on()) return {0, false};
    if (++i >= complete) return {0, true};
    const std::string_view group = all[i].core;
    if (group.size() != std::min(kIbanGroup, wanted - characters.size())) return {0, false};
    characters += group;
    if (characters.size() == wanted && is_iban(characters)) return {i - first + 1, false};
  }
  return {0, false};
}

}  // namespace

void mark_numbers(const Chunks& chunks, std::vector<bool>* secret) {
  NumberMarker marker(chunks, secret);
  for (const Run& run : chunks.runs()) {
    if (run.first < secret->size()) marker.mark(run);
  }
  for (std::size_t i = 0; i < secret->size(); ++i) {
    const Iban found = find_iban(chunks, i, secret->size());
    for (std::size_t k = 0; k < found.chunks; ++k) (*secret)[i + k] = true;
  }
}

bool may_become_iban(const Chunks& chunks, std::size_t first, std::size_t complete) {
  return find_iban(chunks, first, complete).open;
}

bool is_short(const Run& run) { return run.end_group - run.first_group <= kMostGroups; }

bool may_be_account(const Number& number) {
  return number.digits.size() >= 6 && number.digits.size() <= 18;
}

}  // namespace foretype::context
