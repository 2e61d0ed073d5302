#include "profile/section.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include "profile/encoding.h"
#include "profile/envelope.h"

namespace foretype::profile {
namespace {

constexpr Envelope kEnvelope{"FTOWNER\n", 1, "profile"};
constexpr std::size_t kLongestText = std::size_t{1} << 24;

std::uint64_t number_of(std::string_view name,
                        const std::vector<std::pair<std::string, bool>>& contexts) {
  for (std::size_t i = 0; i < contexts.size(); ++i) {
    if (contexts[i].first == name) return i + 1;
  }
  return 0;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : decoder_(bytes) {}

  Result<Owner> read() {
    owner_.paused = decoder_.number_up_to(1) == 1;
    const std::uint64_t seen = decoder_.number_up_to(UINT32_MAX);
    const std::uint64_t overlooked = decoder_.number_up_to(UINT32_MAX);
    owner_.habit = Habit(seen, overlooked);
    read_blocked();
    read_contexts();
    read_messages();
    if (decoder_.failed()) return damaged("ends too soon or holds a number out of range");
    if (!sorted_) return damaged("is not in order");
    if (!decoder_.at_end()) return damaged("goes on after its end");
    return std::move(owner_);
  }

 private:
  Error damaged(const std::string& how) const {
    return damaged_body(kEnvelope, decoder_.offset(), how);
  }

  // At most what is left, since each entry has a byte: a damaged count allocates nothing.
  std::uint64_t count() { return decoder_.number_up_to(decoder_.left()); }

  void read_blocked() {
    const std::uint64_t words = count();
    for (std::uint64_t i = 0; i < words && !decoder_.failed(); ++i) {
      std::string word(decoder_.text(kLongestText));
      sorted_ = sorted_ && (owner_.blocked.empty() || *owner_.blocked.rbegin() < word);
      owner_.blocked.insert(std::move(word));
    }
  }

  void read_contexts() {
    const std::uint64_t contexts = count();
    for (std::uint64_t i = 0; i < contexts && !decoder_.failed(); ++i) {
      std::string name(decoder_.text(kLongestText));
      const bool is_private = decoder_.number_up_to(1) == 1;
      sorted_ = sorted_ && (i == 0 ? !name.empty() : owner_.contexts.back().first < name);
      owner_.contexts.emplace_back(std::move(name), is_private);
    }
  }

  void read_messages() {
    const std::uint64_t messages = count();
    for (std::uint64_t i = 0; i < messages && !decoder_.failed(); ++i) {
      const std::uint64_t number = decoder_.number_up_to(owner_.contexts.size());
      const auto day = static_cast<trie::Day>(decoder_.number_up_to(UINT16_MAX));
      const std::string_view text = decoder_.text(Memory::kBytes);
      const std::size_t at = static_cast<std::size_t>(number);
      owner_.memory.add(at == 0 ? std::string_view() : owner_.contexts[at - 1].first, day, text);
    }
  }

  Decoder decoder_;
  Owner owner_;
  bool sorted_ = true;
};

}  // namespace

std::string write_section(const Owner& owner) {
  std::string out;
  put_number(owner.paused ? 1 : 0, &out);
  put_number(owner.habit.seen(), &out);
  put_number(owner.habit.unseen(), &out);
  put_number(owner.blocked.size(), &out);
  for (const std::string& word : owner.blocked) put_text(word, &out);
  put_number(owner.contexts.size(), &out);
  for (const auto& [name, is_private] : owner.contexts) {
    put_text(name, &out);
    put_number(is_private ? 1 : 0, &out);
  }
  put_number(owner.memory.messages().size(), &out);
  for (const Remembered& each : owner.memory.messages()) {
    put_number(number_of(each.context, owner.contexts), &out);
    put_number(each.day, &out);
    put_text(each.text, &out);
  }
  return sealed(kEnvelope, out);
}

Result<Owner> read_section(std::string_view bytes) {
  const Result<std::string_view> body = unsealed(kEnvelope, bytes);
  if (!body.ok()) return body.error();
  return Reader(body.value()).read();
}

}  // namespace foretype::profile
