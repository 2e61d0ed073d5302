#include "profile/memory.h"

#include <algorithm>

namespace foretype::profile {
namespace {

// The end of a message that is too long, from a space on if there is one.
std::string_view kept_part(std::string_view text) {
  if (text.size() <= Memory::kBytes) return text;
  text.remove_prefix(text.size() - Memory::kBytes);
  const std::size_t space = text.find_first_of(" \n");
  if (space < Memory::kBytes / 2) text.remove_prefix(space + 1);
  return text;
}

void wipe(std::string* text) { std::fill(text->begin(), text->end(), '\0'); }

}  // namespace

void Memory::add(std::string_view context, trie::Day day, std::string_view text) {
  const std::string_view kept = kept_part(text);
  if (kept.empty()) return;
  messages_.push_back({std::string(context), day, std::string(kept)});
  make_room(context);
}

void Memory::make_room(std::string_view context) {
  std::size_t bytes = 0;
  for (const Remembered& each : messages_) bytes += each.context == context ? each.text.size() : 0;
  auto oldest = messages_.begin();
  while (bytes > kBytes) {
    while (oldest->context != context) ++oldest;
    bytes -= oldest->text.size();
    oldest = messages_.erase(oldest);
  }
}

bool Memory::drop(std::string_view context, std::string_view text) {
  const std::string_view kept = kept_part(text);
  for (auto each = messages_.rbegin(); each != messages_.rend(); ++each) {
    if (each->context != context || each->text != kept) continue;
    wipe(&each->text);
    messages_.erase(std::next(each).base());
    return true;
  }
  return false;
}

std::size_t Memory::drop_if(const std::function<bool(const Remembered&)>& goes) {
  std::deque<Remembered> kept;
  for (Remembered& each : messages_) {
    if (goes(each)) {
      wipe(&each.text);
    } else {
      kept.push_back(std::move(each));
    }
  }
  const std::size_t dropped = messages_.size() - kept.size();
  messages_ = std::move(kept);
  return dropped;
}

std::deque<std::string> Memory::visible(std::string_view context,
                                        const std::function<bool(std::string_view)>& hidden) const {
  std::deque<std::string> visible;
  std::size_t room = kBytes;
  const auto take_newest_first = [&](auto wanted) {
    for (auto each = messages_.rbegin(); each != messages_.rend(); ++each) {
      if (!wanted(*each)) continue;
      if (each->text.size() > room) return;
      room -= each->text.size();
      visible.push_front(each->text);
    }
  };
  take_newest_first([&](const Remembered& each) { return each.context == context; });
  take_newest_first(
      [&](const Remembered& each) { return each.context != context && !hidden(each.context); });
  return visible;
}

}  // namespace foretype::profile
