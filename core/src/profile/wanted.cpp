#include "profile/wanted.h"

#include "profile/mention.h"
#include "propose/trie/casing.h"
#include "propose/trie/rows.h"

namespace foretype::profile {
namespace {

using Units = std::vector<std::string>;

// Words in use, in small letters, for which `fits` holds.
template <typename Fits>
Units words_in(const trie::Trie& trie, Fits fits) {
  Units words;
  trie.each_word([&](const trie::WordRow& row) {
    std::string word = trie::fold(row.unit);
    if (fits(word)) words.push_back(std::move(word));
  });
  return words;
}

}  // namespace

Wanted::Wanted(std::string_view text) : plain_(plain(text)), units_(folded_units(plain_)) {}

bool Wanted::in_message(std::string_view text) const {
  if (empty()) return false;
  return mentions(plain(text), plain_) || holds_run(folded_units(text), units_);
}

bool Wanted::in_trie(const trie::Trie& trie) const {
  if (empty()) return false;
  bool found = false;
  if (units_.size() == 1) {
    trie.each_word(
        [&](const trie::WordRow& row) { found = found || mentions(trie::fold(row.unit), plain_); });
  } else {
    trie.each_ngram([&](const trie::NgramRow& row) { found = found || in_ngram(row); });
  }
  return found;
}

// Whether it holds two neighbouring units of the phrase next to each other.
bool Wanted::in_ngram(const trie::NgramRow& row) const {
  Units units = row.context;
  units.push_back(trie::fold(row.unit));
  for (std::size_t i = 0; i + 1 < units_.size(); ++i) {
    if (holds_run(units, {units_.data() + i, 2})) return true;
  }
  return false;
}

void Wanted::forget_in(trie::Trie* trie) const {
  if (units_.size() == 1) forget_word(trie);
  if (units_.size() > 1) forget_phrase(trie);
}

void Wanted::forget_word(trie::Trie* trie) const {
  trie->forget_word(plain_);
  for (const std::string& word :
       words_in(*trie, [this](const std::string& word) { return mentions(word, plain_); })) {
    trie->forget_word(word);
  }
}

// The first word of a phrase may be the end of a compound, and its last one the beginning:
// "ask@John Smith's" mentions "John Smith".
void Wanted::forget_phrase(trie::Trie* trie) const {
  const std::string& first = units_.front();
  const std::string& last = units_.back();
  Units firsts = words_in(*trie, [&](const std::string& word) {
    return word.ends_with(first) && mentions(word, first);
  });
  Units lasts = words_in(*trie, [&](const std::string& word) {
    return word.starts_with(last) && mentions(word, last);
  });
  firsts.push_back(first);
  lasts.push_back(last);
  trie->forget_phrase(units_);
  if (units_.size() == 2) {
    for (const std::string& one : firsts) {
      for (const std::string& other : lasts) trie->forget_phrase(Units{one, other});
    }
    return;
  }
  for (const std::string& one : firsts) trie->forget_phrase(Units{one, units_[1]});
  for (const std::string& one : lasts) trie->forget_phrase(Units{units_[units_.size() - 2], one});
}

}  // namespace foretype::profile
