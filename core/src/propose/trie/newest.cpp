// The words of a trie as their owner looks through them: the newest first.
#include <algorithm>
#include <optional>
#include <tuple>

#include "context/units.h"
#include "propose/trie/rows.h"
#include "propose/trie/state.h"
#include "propose/trie/trie.h"

namespace foretype::trie {
namespace {

/// A word in all its forms in use.
struct Entry {
  UnitId folded;
  UnitId newest = 0;  // ids rise, unless one is used again
  std::uint32_t uses = 0;
  Day first_day = 0;
  Day last_day = 0;
};

std::optional<Entry> entry_of(const Vocabulary& vocabulary, UnitId folded) {
  Entry entry{folded};
  UnitId form = folded;
  do {
    const UnitRecord& record = vocabulary[form];
    if (record.uses() > 0) {
      entry.first_day =
          entry.uses == 0 ? record.first_day : std::min(entry.first_day, record.first_day);
      entry.last_day = std::max(entry.last_day, record.last_day);
      entry.newest = std::max(entry.newest, form);
      entry.uses += record.uses();
    }
    form = record.next_form;
  } while (form != folded);
  return entry.uses > 0 ? std::optional(entry) : std::nullopt;
}

template <typename Visit>
void each_entry(const Vocabulary& vocabulary, Visit visit) {
  vocabulary.each([&](UnitId unit) {
    if (vocabulary[unit].folded != unit || !context::is_word(vocabulary.text(unit))) return;
    if (const std::optional<Entry> entry = entry_of(vocabulary, unit)) visit(*entry);
  });
}

bool is_newer(const Entry& left, const Entry& right) {
  return std::tie(left.first_day, left.last_day, left.newest) >
         std::tie(right.first_day, right.last_day, right.newest);
}

}  // namespace

std::vector<WordEntry> Trie::newest_words(std::string_view folded_prefix, bool own_only,
                                          std::size_t most) const {
  const Vocabulary& vocabulary = state_->vocabulary;
  std::vector<Entry> found;
  each_entry(vocabulary, [&](const Entry& entry) {
    if (own_only && vocabulary[entry.folded].in_background()) return;
    if (vocabulary.text(entry.folded).starts_with(folded_prefix)) found.push_back(entry);
  });
  const std::size_t taken = std::min(most, found.size());
  const auto end = found.begin() + static_cast<std::ptrdiff_t>(taken);
  std::partial_sort(found.begin(), end, found.end(), is_newer);
  std::vector<WordEntry> words;
  for (auto entry = found.begin(); entry != end; ++entry) {
    words.push_back({std::string(vocabulary.text(entry->folded)), entry->uses, entry->first_day,
                     entry->last_day});
  }
  return words;
}

std::size_t Trie::words() const {
  std::size_t count = 0;
  each_entry(state_->vocabulary, [&](const Entry&) { ++count; });
  return count;
}

}  // namespace foretype::trie
