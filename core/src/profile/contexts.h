// N-grams by context. What is learned in a context stands in its own trie and,
// unless the context is private, in the common one too.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "propose/trie/trie.h"

namespace foretype::profile {

class Contexts {
 public:
  explicit Contexts(std::shared_ptr<const trie::Background> background);

  struct Context {
    trie::Trie trie;
    bool is_private = false;
    std::uint64_t version = 0;  // the last change of what only sessions in this context may read
  };
  using Named = std::map<std::string, Context, std::less<>>;

  trie::Trie& common() { return common_; }
  const trie::Trie& common() const { return common_; }

  /// All but the common one, by name.
  Named& named() { return named_; }
  const Named& named() const { return named_; }
  Context* find(std::string_view name);
  const Context* find(std::string_view name) const;
  /// The context of this name, which is not empty; made if need be.
  Context& make(std::string_view name);
  bool is_private(std::string_view name) const;

  /// Calls `visit(trie)` for each trie that learns what is written in this context; "" is the
  /// common one alone.
  template <typename Visit>
  void each_learning(std::string_view name, Visit visit) {
    if (name.empty()) return visit(common_);
    Context& context = make(name);
    visit(context.trie);
    if (!context.is_private) visit(common_);
  }
  template <typename Visit>
  void each_trie(Visit visit) {
    visit(common_);
    for (auto& [name, context] : named_) visit(context.trie);
  }
  template <typename Visit>
  void each_trie(Visit visit) const {
    visit(common_);
    for (const auto& [name, context] : named_) visit(context.trie);
  }

  /// The trie of this name, "" the common one; made if need be.
  trie::Trie& trie_of(std::string_view name) { return name.empty() ? common_ : make(name).trie; }
  /// The same as each_learning, but makes no context: without one nothing is visited.
  template <typename Visit>
  void each_learned(std::string_view name, Visit visit) {
    if (name.empty() || find(name) != nullptr) each_learning(name, visit);
  }

  /// Moves the context's counts out of the common trie, or into it.
  void set_private(std::string_view name, bool is_private);
  /// Forgets what was learned in one context, and the context; "" is what was learned in none.
  void forget(std::string_view name);
  /// Drops the contexts that hold nothing and for which `needed` does not hold.
  void drop_empty(const std::function<bool(std::string_view name)>& needed);

  void set_day(trie::Day day);
  /// N-grams as the owner counts them: those of contexts that are not private stand in the common
  /// trie already.
  std::size_t ngrams() const;
  std::size_t memory_bytes() const;
  trie::Trie empty_trie() const;

 private:
  std::shared_ptr<const trie::Background> background_;
  trie::Day day_ = 0;
  trie::Trie common_;
  Named named_;
};

}  // namespace foretype::profile
