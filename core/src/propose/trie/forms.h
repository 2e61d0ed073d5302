// All case forms of one word, held while something is done to each of them.
#pragma once

#include <vector>

#include "propose/trie/state.h"

namespace foretype::trie {

class Forms {
 public:
  /// `unit` is any of the forms.
  Forms(State& state, UnitId unit) : state_(state) {
    UnitId form = unit;
    do {
      forms_.push_back(form);
      state_.vocabulary.acquire(form);
      form = state_.vocabulary[form].next_form;
    } while (form != unit);
  }
  ~Forms() {
    for (const UnitId form : forms_) state_.vocabulary.release(form);
  }
  Forms(const Forms&) = delete;
  Forms& operator=(const Forms&) = delete;

  /// Takes back all uses of every form.
  void drop_uses() {
    for (const UnitId form : forms_) {
      const UnitRecord& record = state_.vocabulary[form];
      state_.change_uses(
          form, {.inside = -std::int64_t{record.inside}, .opening = -std::int64_t{record.opening}});
    }
  }

 private:
  State& state_;
  std::vector<UnitId> forms_;
};

}  // namespace foretype::trie
