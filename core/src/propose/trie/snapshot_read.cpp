#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "propose/trie/background_layout.h"
#include "propose/trie/background_walk.h"
#include "propose/trie/snapshot.h"
#include "propose/trie/snapshot_layout.h"

namespace foretype::trie {
namespace {

// The least bytes that one unit, and one context, take.
constexpr std::uint64_t kLeastUnit = 4;
constexpr std::uint64_t kLeastContext = 2;

// What is asked of a unit again and again, closer together than in its record.
struct UnitFacts {
  std::uint32_t references = 0;
  Casing casing = Casing::kOther;
  bool in_background = false;
  bool is_folded = false;  // its own small form
  bool is_empty = false;   // the beginning of a message: followed, but follows nothing
};

// Reads in the file's order and checks all that the trie relies on.
class SnapshotReader {
 public:
  SnapshotReader(std::span<const std::uint8_t> bytes, State& state)
      : bytes_(bytes), from_(bytes), state_(state), walk_(state.vocabulary.background()) {}

  std::optional<Error> read() {
    if (read_header() && check_sum() && read_units() && read_contexts() && read_recent() &&
        check_end()) {
      return std::nullopt;
    }
    return error_;
  }

 private:
  bool fail(ErrorCode code, std::uint64_t offset, std::string detail) {
    error_ = Error{code, offset, "trie: " + std::move(detail)};
    return false;
  }
  // A number that ran past the end, or else a value that cannot be.
  bool fail_here(const std::string& thing, std::uint32_t number, const std::string& detail) {
    const std::string name = thing + " " + std::to_string(number);
    if (from_.failed()) return fail(ErrorCode::kTruncated, from_.offset(), name + " is cut off");
    return fail(ErrorCode::kCorrupt, from_.offset(), name + " " + detail);
  }

  bool read_header();
  bool check_sum();
  bool read_units();
  bool read_unit(UnitId unit);
  bool read_uses(UnitId unit);
  bool close_group(UnitId first, UnitId end);
  bool read_contexts();
  bool read_context(Ngrams::ContextId context, Ngrams::ContextId parent, int level);
  bool read_followers(Ngrams::ContextId context, std::size_t count);
  bool read_recent();
  bool check_end();
  bool check_references();

  // The day so long before the latest one; false if there is none.
  bool day_before(std::uint32_t age, Day* day) const {
    *day = static_cast<Day>(latest_ - age);
    return age <= latest_;
  }

  std::span<const std::uint8_t> bytes_;
  ByteReader from_;
  State& state_;
  BackgroundWalk walk_;
  Error error_{ErrorCode::kCorrupt, 0, ""};

  std::uint32_t units_ = 0, contexts_ = 0, ngrams_ = 0;
  Day latest_ = 0;
  std::string text_, folded_;           // of the unit that is read
  std::string before_, folded_before_;  // of the unit, and of the group before
  UnitId group_ = 0;                    // first unit of the group
  std::vector<UnitFacts> facts_;
  std::vector<Follower> followers_;  // of the context that is read
  std::uint32_t next_sibling_ = 0;   // the least unit that it can stand for
};

bool SnapshotReader::read_header() {
  if (bytes_.size() < kSnapshotHeaderBytes) {
    return fail(ErrorCode::kTruncated, 0,
                "the header needs " + std::to_string(kSnapshotHeaderBytes) + " bytes, there are " +
                    std::to_string(bytes_.size()));
  }
  if (std::memcmp(bytes_.data(), kSnapshotMagic.data(), kSnapshotMagic.size()) != 0) {
    return fail(ErrorCode::kWrongFormat, 0, "this is not a trie section");
  }
  const std::uint32_t version = load_u32(&bytes_[8]);
  if (version != kSnapshotVersion) {
    return fail(ErrorCode::kWrongVersion, 8,
                "format version " + std::to_string(version) + ", this program reads version " +
                    std::to_string(kSnapshotVersion));
  }
  units_ = load_u32(&bytes_[16]);
  contexts_ = load_u32(&bytes_[20]);
  ngrams_ = load_u32(&bytes_[24]);
  const std::uint32_t latest = load_u32(&bytes_[28]);
  latest_ = static_cast<Day>(latest);
  if (latest != latest_ || kLeastUnit * units_ + kLeastContext * contexts_ > bytes_.size() ||
      std::max(units_, contexts_) > IdIndex::kMaxIds / 2) {
    return fail(ErrorCode::kCorrupt, 16, "the header's counts are out of range");
  }
  from_.skip(kSnapshotHeaderBytes);
  return true;
}

bool SnapshotReader::check_sum() {
  if (crc32(bytes_.subspan(16)) == load_u32(&bytes_[12])) return true;
  return fail(ErrorCode::kCorrupt, 12, "the checksum does not match");
}

bool SnapshotReader::read_units() {
  facts_.resize(units_);
  for (UnitId unit = 0; unit < units_; ++unit) {
    if (!read_unit(unit) || !read_uses(unit)) return false;
  }
  return units_ == 0 || close_group(group_, units_);
}

bool SnapshotReader::read_unit(UnitId unit) {
  const std::size_t shared = from_.byte();
  const std::size_t rest = from_.byte();
  const std::string_view suffix = from_.text(rest);
  if (from_.failed() || shared > text_.size() || shared + rest > kMaxUnitBytes) {
    return fail_here("unit", unit, "is longer than units are");
  }
  before_.swap(text_);
  text_.assign(before_, 0, shared).append(suffix);
  folded_ = fold(text_);
  const int order = unit == 0 ? -1 : folded_before_.compare(folded_);
  if (order > 0 || (order == 0 && before_ >= text_)) {
    return fail_here("unit", unit, "is out of order");
  }
  if (order < 0) {
    if (unit > 0 && !close_group(group_, unit)) return false;
    group_ = unit;
    walk_.go_to(folded_);
    folded_before_ = folded_;
  }
  state_.vocabulary.append(text_, folded_, walk_.find(text_), walk_.twins());
  return true;
}

bool SnapshotReader::read_uses(UnitId unit) {
  UnitRecord& record = state_.vocabulary[unit];
  record.inside = from_.number();
  record.opening = from_.number();
  if (record.uses() < record.inside) return fail_here("unit", unit, "has too many uses");
  if (record.uses() > 0) {
    const std::uint32_t last = from_.number();
    const std::uint32_t days = from_.number();
    const bool good = day_before(last >> 1, &record.last_day) && days <= record.last_day;
    record.first_day = static_cast<Day>(record.last_day - days);
    const std::uint32_t accepted = (last & 1) != 0 ? from_.number() : 0;
    const std::uint32_t rejected = (last & 1) != 0 ? from_.number() : 0;
    record.accepted = static_cast<std::uint16_t>(accepted);
    record.rejected = static_cast<std::uint16_t>(rejected);
    if (!good || record.accepted != accepted || record.rejected != rejected) {
      return fail_here("unit", unit, "has a day or a count out of range");
    }
    if (text_.empty()) return fail_here("unit", unit, "is empty and has uses");
    ++facts_[unit].references;
  }
  facts_[unit].casing = record.casing;
  facts_[unit].in_background = record.in_background();
  facts_[unit].is_empty = text_.empty();
  return !from_.failed() || fail_here("unit", unit, "");
}

// Links the forms of one folded form, units [first, end), to it.
bool SnapshotReader::close_group(UnitId first, UnitId end) {
  UnitId folded = first;
  while (folded < end && state_.vocabulary.text(folded) != folded_before_) ++folded;
  if (folded == end) return fail_here("unit", first, "has no small form");
  state_.vocabulary.link_form(folded, folded);
  for (UnitId unit = first; unit < end; ++unit) {
    if (unit != folded) state_.vocabulary.link_form(unit, folded);
  }
  facts_[folded].references += end - first - 1;
  facts_[folded].is_folded = true;
  return true;
}

bool SnapshotReader::read_contexts() {
  std::uint32_t left = from_.number();  // siblings still to come of `parent`
  Ngrams::ContextId parent = Ngrams::kRoot;
  Ngrams::ContextId next_parent = 0;
  std::uint64_t level_end = left;  // the first context that is a unit longer
  std::uint64_t announced = left;
  int level = 1;
  for (Ngrams::ContextId context = 0; context < contexts_; ++context) {
    if (context == level_end) {
      ++level;
      level_end = announced;
    }
    while (left == 0 && next_parent < context) {
      parent = next_parent++;
      left = state_.ngrams.children_of(parent);
      next_sibling_ = 0;
    }
    if (left == 0) return fail_here("context", context, "has no parent");
    --left;
    if (!read_context(context, parent, level)) return false;
    announced += state_.ngrams.children_of(context);
  }
  return announced == contexts_ || fail_here("context", contexts_, "is missing");
}

bool SnapshotReader::read_context(Ngrams::ContextId context, Ngrams::ContextId parent, int level) {
  const std::uint32_t head = from_.number();
  const std::uint64_t unit = std::uint64_t{from_.number()} + next_sibling_;
  const std::uint32_t children = head >> 2;
  std::size_t followers = head & 3;
  if (followers == 3) followers += from_.number();
  if (from_.failed() || unit >= units_ || !facts_[unit].is_folded) {
    return fail_here("context", context, "stands for no small unit");
  }
  const bool is_longest = level == static_cast<int>(Ngrams::kMaxContext);
  if ((children > 0 && is_longest) || children > contexts_ || (children == 0 && followers == 0)) {
    return fail_here("context", context, "has longer ones out of range");
  }
  state_.ngrams.append(parent, static_cast<UnitId>(unit), children);
  ++facts_[unit].references;
  next_sibling_ = static_cast<std::uint32_t>(unit) + 1;
  return read_followers(context, followers);
}

bool SnapshotReader::read_followers(Ngrams::ContextId context, std::size_t count) {
  if (count > from_.left()) return fail_here("context", context, "has more followers than bytes");
  followers_.clear();
  std::uint64_t unit = 0;
  for (std::size_t i = 0; i < count; ++i, ++unit) {
    unit += from_.number();
    const std::uint32_t head = from_.number();
    const std::uint64_t uses = (head & 1) != 0 ? std::uint64_t{from_.number()} + 2 : 1;
    Day day = 0;
    const bool good = unit < units_ && !facts_[unit].is_empty && uses <= Follower::kMostUses &&
                      day_before(head >> 1, &day);
    if (from_.failed() || !good)
      return fail_here("context", context, "has a follower out of range");
    followers_.emplace_back(static_cast<UnitId>(unit), facts_[unit].casing,
                            facts_[unit].in_background, static_cast<std::uint16_t>(uses), day);
    ++facts_[unit].references;
  }
  state_.ngrams.set_followers(state_.vocabulary, context, followers_);
  return true;
}

bool SnapshotReader::read_recent() {
  const std::uint32_t count = from_.number();
  for (std::uint32_t i = 0; i < count && !from_.failed(); ++i) {
    const UnitId unit = from_.number();
    if (from_.failed() || unit >= units_ || state_.vocabulary[unit].uses() == 0) {
      return fail_here("recent unit", i, "is not in use");
    }
    state_.recent.push(state_.vocabulary, state_.today, unit);
  }
  return !from_.failed() || fail_here("recent unit", count, "");
}

bool SnapshotReader::check_end() {
  if (from_.left() > 0) {
    return fail(ErrorCode::kCorrupt, from_.offset(),
                std::to_string(from_.left()) + " bytes are left over");
  }
  if (state_.ngrams.ngrams() != ngrams_) {
    return fail(ErrorCode::kCorrupt, 24,
                "the header announces " + std::to_string(ngrams_) + " n-grams, there are " +
                    std::to_string(state_.ngrams.ngrams()));
  }
  if (!check_references()) return false;
  state_.vocabulary.index_all();
  state_.ngrams.index_all();
  state_.recount_uses();
  state_.today.day = std::max(state_.today.day, latest_);
  return true;
}

bool SnapshotReader::check_references() {
  for (UnitId unit = 0; unit < units_; ++unit) {
    const std::uint32_t references = facts_[unit].references;
    if (references == 0) return fail_here("unit", unit, "is used by nothing");
    state_.vocabulary[unit].references = references;
  }
  return true;
}

}  // namespace

std::optional<Error> read_snapshot(std::span<const std::uint8_t> bytes, State* state) {
  return SnapshotReader(bytes, *state).read();
}

}  // namespace foretype::trie
