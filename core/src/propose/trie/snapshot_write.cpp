#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "propose/trie/background_layout.h"
#include "propose/trie/snapshot.h"
#include "propose/trie/snapshot_layout.h"

namespace foretype::trie {
namespace {

// A context with what it is ordered by, close together: the table of contexts is far too large to
// be looked up in any order.
struct Placed {
  Ngrams::ContextId context;
  Ngrams::ContextId parent;
  std::uint32_t rank;  // of its unit
};
using Level = std::vector<Placed>;  // all contexts of so many units

// Sorted by a key below `keys`; those of one key stay as they stood.
template <typename Key>
Level sorted_by(const Level& level, std::size_t keys, Key key) {
  std::vector<std::uint32_t> ends(keys + 1);
  for (const Placed& each : level) ++ends[key(each) + 1];
  for (std::size_t i = 0; i < keys; ++i) ends[i + 1] += ends[i];
  Level sorted(level.size());
  for (const Placed& each : level) sorted[ends[key(each)]++] = each;
  return sorted;
}

class SnapshotWriter {
 public:
  explicit SnapshotWriter(const State& state)
      : state_(state), vocabulary_(state.vocabulary), ngrams_(state.ngrams) {
    order_units();
    order_contexts();
    find_latest_day();
  }

  std::string write() {
    write_header();
    write_units();
    write_contexts();
    write_recent();
    const std::string& bytes = to_.bytes();
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    to_.fixed_at(12, crc32({data + 16, bytes.size() - 16}));
    return std::move(to_.bytes());
  }

 private:
  void order_units();
  void order_contexts();
  void sort_into_levels();
  void find_latest_day();
  void write_header();
  void write_units();
  void write_uses(const UnitRecord& record);
  void write_contexts();
  void write_followers(std::span<const Follower> followers);
  void write_recent();
  std::uint32_t age(Day day) const { return static_cast<std::uint32_t>(latest_ - day); }

  const State& state_;
  const Vocabulary& vocabulary_;
  const Ngrams& ngrams_;
  std::vector<UnitId> units_;         // in the vocabulary's order
  std::vector<std::uint32_t> ranks_;  // unit -> place in units_
  std::array<Level, Ngrams::kMaxContext> levels_;
  Day latest_ = 0;
  ByteWriter to_;
};

void SnapshotWriter::order_units() {
  using Keyed = std::pair<std::uint64_t, UnitId>;
  std::vector<Keyed> keyed;
  keyed.reserve(vocabulary_.size());
  vocabulary_.each([&](UnitId unit) { keyed.emplace_back(vocabulary_[unit].key, unit); });
  std::sort(keyed.begin(), keyed.end(), [&](const Keyed& a, const Keyed& b) {
    return a.first != b.first ? a.first < b.first : vocabulary_.compare(a.second, b.second) < 0;
  });
  ranks_.resize(vocabulary_.ids());
  units_.reserve(keyed.size());
  for (const Keyed& each : keyed) {
    ranks_[each.second] = static_cast<std::uint32_t>(units_.size());
    units_.push_back(each.second);
  }
}

// By level; within a level by the parent's place, then by unit.
void SnapshotWriter::order_contexts() {
  sort_into_levels();
  std::vector<std::uint32_t> places(ngrams_.context_ids());
  std::size_t parents = 1;
  for (Level& level : levels_) {
    level = sorted_by(level, units_.size(), [](const Placed& each) { return each.rank; });
    if (&level != &levels_.front()) {
      level = sorted_by(level, parents, [&](const Placed& each) { return places[each.parent]; });
    }
    parents = level.size();
    for (std::uint32_t i = 0; i < level.size(); ++i) places[level[i].context] = i;
  }
}

void SnapshotWriter::sort_into_levels() {
  std::vector<std::uint8_t> lengths(ngrams_.context_ids());  // 0: not known yet
  ngrams_.each([&](Ngrams::ContextId context) {
    const Ngrams::ContextId parent = ngrams_.parent_of(context);
    const bool is_known = parent != Ngrams::kRoot && lengths[parent] > 0;
    const std::size_t length = is_known ? lengths[parent] + 1U : ngrams_.length_of(context);
    lengths[context] = static_cast<std::uint8_t>(length);
    levels_[length - 1].push_back({context, parent, ranks_[ngrams_.unit_of(context)]});
  });
}

void SnapshotWriter::find_latest_day() {
  for (const UnitId unit : units_) latest_ = std::max(latest_, vocabulary_[unit].last_day);
  ngrams_.each([&](Ngrams::ContextId context) {
    for (const Follower& each : ngrams_.entries(context)) latest_ = std::max(latest_, each.day);
  });
}

void SnapshotWriter::write_header() {
  std::size_t contexts = 0;
  for (const Level& level : levels_) contexts += level.size();
  to_.bytes().reserve(kSnapshotHeaderBytes + 12 * units_.size() + 8 * ngrams_.ngrams());
  for (const std::uint8_t byte : kSnapshotMagic) to_.byte(byte);
  to_.fixed(kSnapshotVersion);
  to_.fixed(0);  // the checksum's place
  to_.fixed(static_cast<std::uint32_t>(units_.size()));
  to_.fixed(static_cast<std::uint32_t>(contexts));
  to_.fixed(static_cast<std::uint32_t>(ngrams_.ngrams()));
  to_.fixed(latest_);
}

void SnapshotWriter::write_units() {
  std::string_view before;
  for (const UnitId unit : units_) {
    const std::string_view text = vocabulary_.text(unit);
    const auto differs = std::mismatch(text.begin(), text.end(), before.begin(), before.end());
    const auto shared = static_cast<std::size_t>(differs.first - text.begin());
    to_.byte(static_cast<std::uint8_t>(shared));
    to_.byte(static_cast<std::uint8_t>(text.size() - shared));
    to_.text(text.substr(shared));
    write_uses(vocabulary_[unit]);
    before = text;
  }
}

void SnapshotWriter::write_uses(const UnitRecord& record) {
  to_.number(record.inside);
  to_.number(record.opening);
  if (record.uses() == 0) return;
  const bool has_evidence = record.accepted > 0 || record.rejected > 0;
  to_.number((age(record.last_day) << 1) | (has_evidence ? 1U : 0U));
  to_.number(static_cast<std::uint32_t>(record.last_day - record.first_day));
  if (!has_evidence) return;
  to_.number(record.accepted);
  to_.number(record.rejected);
}

void SnapshotWriter::write_contexts() {
  to_.number(static_cast<std::uint32_t>(levels_.front().size()));
  for (const Level& level : levels_) {
    Ngrams::ContextId parent = Ngrams::kNone;
    std::uint32_t next = 0;  // the least rank that the next sibling can have
    for (const auto& [context, its_parent, rank] : level) {
      if (its_parent != parent) next = 0;
      parent = its_parent;
      const std::span<const Follower> followers = ngrams_.entries(context);
      const auto few = static_cast<std::uint32_t>(std::min<std::size_t>(followers.size(), 3));
      to_.number((ngrams_.children_of(context) << 2) | few);
      to_.number(rank - next);
      next = rank + 1;
      if (few == 3) to_.number(static_cast<std::uint32_t>(followers.size() - 3));
      write_followers(followers);
    }
  }
}

void SnapshotWriter::write_followers(std::span<const Follower> followers) {
  std::uint32_t next = 0;
  for (const Follower& each : followers) {
    const std::uint32_t rank = ranks_[each.unit()];
    to_.number(rank - next);
    next = rank + 1;
    to_.number((age(each.day) << 1) | (each.count > 1 ? 1U : 0U));
    if (each.count > 1) to_.number(each.count - 2U);
  }
}

void SnapshotWriter::write_recent() {
  to_.number(static_cast<std::uint32_t>(state_.recent.uses().size()));
  for (const UnitId unit : state_.recent.uses()) to_.number(ranks_[unit]);
}

}  // namespace

std::string write_snapshot(const State& state) { return SnapshotWriter(state).write(); }

}  // namespace foretype::trie
