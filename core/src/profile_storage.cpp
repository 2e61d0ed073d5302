// What goes to disk and comes back: operations, and everything as sections.
#include <algorithm>
#include <utility>

#include "foretype/profile.h"
#include "profile/envelope.h"
#include "profile/section.h"

namespace foretype {

using profile::Kind;
using profile::Operation;

namespace {

constexpr profile::Envelope kRank{"FTRANKS\n", 1, "rank"};

std::string section_name(std::size_t number) { return "trie/" + std::to_string(number); }

const Section* find_section(std::span<const Section> sections, std::string_view name) {
  const auto found = std::find_if(sections.begin(), sections.end(),
                                  [name](const Section& each) { return each.name == name; });
  return found == sections.end() ? nullptr : &*found;
}

Error of_section(const std::string& name, Error error) {
  error.detail = "section " + name + ": " + error.detail;
  return error;
}

Error missing(const std::string& name) {
  return of_section(name, {ErrorCode::kTruncated, 0, "it is missing"});
}

Result<trie::Trie> load_trie(std::span<const Section> sections, const std::string& name,
                             const std::shared_ptr<const trie::Background>& background) {
  const Section* section = find_section(sections, name);
  if (section == nullptr) return missing(name);
  if (section->bytes.empty()) return trie::Trie(background);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(section->bytes.data());
  Result<trie::Trie> trie = trie::Trie::load({bytes, section->bytes.size()}, background);
  if (!trie.ok()) return of_section(name, trie.error());
  return trie;
}

Result<profile::Judgement> load_judgement(std::span<const Section> sections) {
  profile::Judgement judgement;
  const Section* section = find_section(sections, "rank");
  if (section == nullptr || section->bytes.empty()) return judgement;
  const Result<std::string_view> body = profile::unsealed(kRank, section->bytes);
  if (!body.ok()) return of_section(section->name, body.error());
  if (judgement.load(body.value())) return judgement;
  return of_section(section->name,
                    profile::damaged_body(kRank, 0, "holds what is no number or not its version"));
}

Result<statistics::Window> load_statistics(std::span<const Section> sections) {
  const Section* section = find_section(sections, "statistics");
  if (section == nullptr) return statistics::Window();
  Result<statistics::Window> window = statistics::Window::load(section->bytes);
  if (!window.ok()) return of_section(section->name, window.error());
  return window;
}

}  // namespace

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
    case Kind::kJudgement: {
      profile::Judgement read;
      if (read.load(operation.text)) judgement_ = read;
      judgement_kept_ = judgement_.save();
      return;
    }
    default:
      return;
  }
}

std::vector<Section> Profile::save() const {
  profile::Owner owner{paused_, habit_, blocked_, {}, memory_};
  std::vector<Section> sections(1);
  sections.push_back({section_name(0), trie().save()});
  for (const auto& [name, context] : contexts_.named()) {
    owner.contexts.emplace_back(name, context.is_private);
    sections.push_back({section_name(owner.contexts.size()), context.trie.save()});
  }
  sections.front() = {"profile", profile::write_section(owner)};
  sections.push_back({"rank", profile::sealed(kRank, judgement_.save())});
  for (Section& section : save_counts()) sections.push_back(std::move(section));
  return sections;
}

std::vector<Section> Profile::save_counts() const { return {{"statistics", statistics_.save()}}; }

Result<bool> Profile::load(std::span<const Section> sections) {
  const Section* own = find_section(sections, "profile");
  if (own == nullptr) return missing("profile");
  profile::Owner owner;
  if (!own->bytes.empty()) {
    Result<profile::Owner> read = profile::read_section(own->bytes);
    if (!read.ok()) return of_section("profile", read.error());
    owner = std::move(read.value());
  }
  Result<statistics::Window> statistics = load_statistics(sections);
  if (!statistics.ok()) return statistics.error();
  const Result<profile::Judgement> judgement = load_judgement(sections);
  if (!judgement.ok()) return judgement.error();
  profile::Contexts contexts(background_);
  for (std::size_t number = 0; number <= owner.contexts.size(); ++number) {
    Result<trie::Trie> trie = load_trie(sections, section_name(number), background_);
    if (!trie.ok()) return trie.error();
    if (number == 0) {
      contexts.common() = std::move(trie.value());
      continue;
    }
    const auto& [name, is_private] = owner.contexts[number - 1];
    profile::Contexts::Context& context = contexts.make(name);
    context.trie = std::move(trie.value());
    context.is_private = is_private;
  }
  contexts_ = std::move(contexts);
  memory_ = std::move(owner.memory);
  habit_ = owner.habit;
  judgement_ = judgement.value();
  judgement_kept_ = judgement_.save();
  statistics_ = std::move(statistics.value());
  blocked_ = std::move(owner.blocked);
  paused_ = owner.paused;
  set_day(day_);
  journal_.wipe();
  memory_version_ = ++changes_;
  ++forgotten_;
  return true;
}

}  // namespace foretype
