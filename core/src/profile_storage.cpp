// What goes to disk and comes back: operations, and everything as sections.
#include <algorithm>
#include <utility>

#include "foretype/profile.h"
#include "profile/section.h"

namespace foretype {

using profile::Kind;
using profile::Operation;

void Profile::keep_journal(bool kept) {
  if (!kept) journal_.wipe();
  journal_kept_ = kept;
}

std::string Profile::drain() { return journal_.drain(); }

Result<std::size_t> Profile::replay(std::string_view operations) {
  const bool kept = std::exchange(journal_kept_, false);
  const trie::Day today = day_;
  profile::JournalReader reader(operations);
  Operation operation;
  std::size_t count = 0;
  Result<bool> more = reader.next(&operation);
  for (; more.ok() && more.value(); more = reader.next(&operation)) {
    if (operation.day != day_) set_day(operation.day);
    apply(operation);
    ++count;
  }
  set_day(today);
  journal_kept_ = kept;
  if (!more.ok()) return more.error();
  return count;
}

void Profile::apply(const Operation& operation) {
  const std::string& context = operation.context;
  switch (operation.kind) {
    case Kind::kLearn:
      return learn_unit(context, operation.history, operation.text);
    case Kind::kUnlearn:
      return unlearn_unit(context, operation.history, operation.text);
    case Kind::kAccepted:
      return accepted(context, operation.text);
    case Kind::kUnaccepted:
      return unaccepted(context, operation.text);
    case Kind::kRejected:
      return rejected(context, operation.text);
    case Kind::kMessage:
      return remember(operation.text, context);
    case Kind::kHabit:
      return operation.number == 0 ? saw() : overlooked();
    case Kind::kBlock:
      block(operation.text);
      return;
    case Kind::kUnblock:
      unblock(operation.text);
      return;
    case Kind::kPrivate:
      return set_private(context, operation.number == 1);
    case Kind::kPaused:
      return pause(operation.number == 1);
    default:
      return;
  }
}

std::vector<Section> Profile::save() const {
  profile::Owner owner{paused_, habit_, blocked_, {}, memory_};
  for (const auto& [name, context] : contexts_.named()) {
    owner.contexts.emplace_back(name, context.is_private);
  }
  return {{"profile", profile::write_section(owner)}};
}

Result<bool> Profile::load(std::span<const Section> sections) {
  const auto found = std::find_if(sections.begin(), sections.end(),
                                  [](const Section& each) { return each.name == "profile"; });
  if (found == sections.end()) {
    return Error{ErrorCode::kTruncated, 0, "section profile is missing"};
  }
  profile::Owner owner;
  if (!found->bytes.empty()) {
    Result<profile::Owner> read = profile::read_section(found->bytes);
    if (!read.ok()) return read.error();
    owner = std::move(read.value());
  }
  profile::Contexts contexts(background_);
  for (const auto& [name, is_private] : owner.contexts) {
    contexts.make(name).is_private = is_private;
  }
  contexts_ = std::move(contexts);
  memory_ = std::move(owner.memory);
  habit_ = owner.habit;
  blocked_ = std::move(owner.blocked);
  paused_ = owner.paused;
  journal_.wipe();
  set_day(day_);
  memory_version_ = ++changes_;
  ++forgotten_;
  return true;
}

}  // namespace foretype
