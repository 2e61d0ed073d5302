#include "profile/contexts.h"

#include <utility>

namespace foretype::profile {

Contexts::Contexts(std::shared_ptr<const trie::Background> background)
    : background_(std::move(background)), common_(background_) {}

Contexts::Context* Contexts::find(std::string_view name) {
  const auto found = named_.find(name);
  return found == named_.end() ? nullptr : &found->second;
}

const Contexts::Context* Contexts::find(std::string_view name) const {
  const auto found = named_.find(name);
  return found == named_.end() ? nullptr : &found->second;
}

Contexts::Context& Contexts::make(std::string_view name) {
  const auto found = named_.find(name);
  if (found != named_.end()) return found->second;
  return named_.emplace(std::string(name), Context{empty_trie()}).first->second;
}

bool Contexts::is_private(std::string_view name) const {
  const Context* context = find(name);
  return context != nullptr && context->is_private;
}

void Contexts::set_private(std::string_view name, bool is_private) {
  Context& context = make(name);
  if (context.is_private == is_private) return;
  context.is_private = is_private;
  common_.add_all(context.trie, is_private ? -1 : 1);
}

void Contexts::forget(std::string_view name) {
  if (name.empty()) {
    common_ = empty_trie();
    for (const auto& [other, context] : named_) {
      if (!context.is_private) common_.add_all(context.trie, 1);
    }
    return;
  }
  const auto found = named_.find(name);
  if (found == named_.end()) return;
  if (!found->second.is_private) common_.add_all(found->second.trie, -1);
  named_.erase(found);
}

void Contexts::drop_empty(const std::function<bool(std::string_view)>& needed) {
  std::erase_if(named_, [&](const auto& each) {
    const auto& [name, context] = each;
    return !context.is_private && context.trie.ngrams() == 0 && !needed(name);
  });
}

void Contexts::set_day(trie::Day day) {
  day_ = day;
  each_trie([day](trie::Trie& trie) { trie.set_today(day); });
}

std::size_t Contexts::ngrams() const {
  std::size_t ngrams = common_.ngrams();
  for (const auto& [name, context] : named_) {
    if (context.is_private) ngrams += context.trie.ngrams();
  }
  return ngrams;
}

std::size_t Contexts::memory_bytes() const {
  std::size_t bytes = common_.memory_bytes();
  for (const auto& [name, context] : named_) bytes += context.trie.memory_bytes();
  return bytes;
}

trie::Trie Contexts::empty_trie() const {
  trie::Trie trie(background_);
  trie.set_today(day_);
  return trie;
}

}  // namespace foretype::profile
