// The last messages, for the language model to read before the current one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "propose/trie/decay.h"

namespace foretype::profile {

/// A finished message and where it was written.
struct Remembered {
  std::string context;
  trie::Day day = 0;
  std::string text;
};

class Memory {
 public:
  /// Kept of each context, and shown of all together.
  static constexpr std::size_t kBytes = 4096;

  /// The newest message. Older ones of its context go when it is too much; of a longer message its
  /// end is kept, from a space on.
  void add(std::string_view context, trie::Day day, std::string_view text);
  /// Drops the newest message of this context that was added with this text.
  bool drop(std::string_view context, std::string_view text);
  /// Drops the messages for which `goes` holds, their bytes overwritten; returns how many.
  std::size_t drop_if(const std::function<bool(const Remembered&)>& goes);

  /// Oldest first.
  const std::deque<Remembered>& messages() const { return messages_; }
  /// What a session in `context` may read, at most kBytes, the last to be read last: before all
  /// its own messages, then those of contexts that are not `hidden`, each oldest first.
  std::deque<std::string> visible(std::string_view context,
                                  const std::function<bool(std::string_view)>& hidden) const;

 private:
  void make_room(std::string_view context);

  std::deque<Remembered> messages_;
};

}  // namespace foretype::profile
