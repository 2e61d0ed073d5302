#include "profile/journal.h"

#include <algorithm>
#include <utility>

#include "propose/trie/casing.h"
#include "propose/trie/trie.h"

namespace foretype::profile {
namespace {

constexpr std::size_t kMostHistory = trie::kMaxOrder - 1;
constexpr std::size_t kLongestText = std::size_t{1} << 24;  // of a message, name or word

constexpr std::size_t kMostJudgement = 4096;  // bytes

}  // namespace

std::vector<std::string> next_history(std::span<const std::string> history, std::string_view unit) {
  const std::size_t dropped =
      history.size() >= kMostHistory ? history.size() - kMostHistory + 1 : 0;
  std::vector<std::string> next(history.begin() + static_cast<std::ptrdiff_t>(dropped),
                                history.end());
  next.emplace_back(unit);
  return next;
}

void Journal::begin(Kind kind, std::string_view context) {
  const bool first = bytes_.empty();
  if (first || context != context_) {
    bytes_.push_back(static_cast<char>(Kind::kContext));
    put_text(context, &bytes_);
    context_ = context;
    next_history_.clear();
  }
  if (first || day_ != written_day_) {
    bytes_.push_back(static_cast<char>(Kind::kDay));
    put_number(day_, &bytes_);
    written_day_ = day_;
  }
  bytes_.push_back(static_cast<char>(kind));
}

void Journal::learn(std::string_view context, History history, std::string_view unit) {
  const bool follows =
      !bytes_.empty() && context == context_ && !history.empty() &&
      std::equal(history.begin(), history.end(), next_history_.begin(), next_history_.end());
  begin(follows ? Kind::kLearnNext : Kind::kLearn, context);
  if (!follows) {
    put_number(history.size(), &bytes_);
    for (const std::string& each : history) put_text(each, &bytes_);
  }
  put_text(unit, &bytes_);
  next_history_ = next_history(history, unit);
}

void Journal::unlearn(std::string_view context, History history, std::string_view unit) {
  begin(Kind::kUnlearn, context);
  put_number(history.size(), &bytes_);
  for (const std::string& each : history) put_text(each, &bytes_);
  put_text(unit, &bytes_);
}

void Journal::text(Kind kind, std::string_view context, std::string_view text) {
  begin(kind, context);
  put_text(text, &bytes_);
}

void Journal::number(Kind kind, std::string_view context, std::uint64_t number) {
  begin(kind, context);
  put_number(number, &bytes_);
}

std::string Journal::drain() {
  next_history_.clear();
  return std::exchange(bytes_, {});
}

void Journal::wipe() {
  std::fill(bytes_.begin(), bytes_.end(), '\0');
  bytes_.clear();
  for (std::string& each : next_history_) std::fill(each.begin(), each.end(), '\0');
  next_history_.clear();
}

Result<bool> JournalReader::next(Operation* operation) {
  while (!decoder_.at_end()) {
    const std::size_t at = decoder_.offset();
    const auto kind = static_cast<Kind>(decoder_.number_up_to(0xFF));
    *operation = {};
    const bool known = read(kind, operation);
    if (decoder_.failed()) {
      return Error{decoder_.truncated() ? ErrorCode::kTruncated : ErrorCode::kCorrupt, at,
                   "a journal operation is damaged"};
    }
    if (!known) {
      return Error{ErrorCode::kUnsupported, at,
                   "journal operation " + std::to_string(static_cast<int>(kind)) + " is unknown"};
    }
    if (kind == Kind::kContext || kind == Kind::kDay) continue;
    if (kind == Kind::kLearnNext) operation->kind = Kind::kLearn;
    operation->context = context_;
    operation->day = day_;
    return true;
  }
  return false;
}

bool JournalReader::read(Kind kind, Operation* operation) {
  operation->kind = kind;
  switch (kind) {
    case Kind::kContext:
      context_ = decoder_.text(kLongestText);
      next_history_.clear();
      return true;
    case Kind::kDay:
      day_ = static_cast<trie::Day>(decoder_.number_up_to(0xFFFF));
      return true;
    case Kind::kLearn:
    case Kind::kUnlearn:
      read_history(&operation->history);
      operation->text = read_unit();
      break;
    case Kind::kLearnNext:
      operation->history = next_history_;
      operation->text = read_unit();
      break;
    case Kind::kAccepted:
    case Kind::kRejected:
    case Kind::kUnaccepted:
      operation->text = read_unit();
      return true;
    case Kind::kMessage:
    case Kind::kBlock:
    case Kind::kUnblock:
      operation->text = decoder_.text(kLongestText);
      return true;
    case Kind::kJudgement:
      operation->text = decoder_.text(kMostJudgement);
      return true;
    case Kind::kHabit:
    case Kind::kPrivate:
    case Kind::kPaused:
      operation->number = decoder_.number_up_to(1);
      return true;
    default:
      return false;
  }
  if (kind != Kind::kUnlearn) next_history_ = next_history(operation->history, operation->text);
  return true;
}

void JournalReader::read_history(std::vector<std::string>* history) {
  const std::uint64_t units = decoder_.number_up_to(kMostHistory);
  for (std::uint64_t i = 0; i < units; ++i) {
    history->emplace_back(decoder_.text(trie::kMaxUnitBytes));
  }
}

std::string JournalReader::read_unit() { return std::string(decoder_.text(trie::kMaxUnitBytes)); }

}  // namespace foretype::profile
