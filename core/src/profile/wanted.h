// A word or phrase that is to be found everywhere, in any case form.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "propose/trie/trie.h"

namespace foretype::profile {

class Wanted {
 public:
  explicit Wanted(std::string_view text);

  bool empty() const { return units_.empty(); }
  bool in_message(std::string_view text) const;
  bool in_trie(const trie::Trie& trie) const;
  void forget_in(trie::Trie* trie) const;

 private:
  bool in_ngram(const trie::NgramRow& row) const;
  void forget_word(trie::Trie* trie) const;
  void forget_phrase(trie::Trie* trie) const;

  std::string plain_;
  std::vector<std::string> units_;  // small letters
};

}  // namespace foretype::profile
