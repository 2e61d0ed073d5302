#include <algorithm>
#include <utility>
#include <vector>

#include "propose/trie/background_layout.h"
#include "propose/trie/snapshot.h"
#include "propose/trie/snapshot_layout.h"

namespace foretype::trie {
namespace {

using Ids = std::vector<std::uint32_t>;  // of units or contexts

// The ids by rising key, those of one key as they stood; all keys are below `keys`.
template <typename Key>
Ids sorted_by(const Ids& ids, std::size_t keys, Key key) {
  std::vector<std::uint32_t> ends(keys + 1);
  for (const std::uint32_t id : ids) ++ends[key(id) + 1];
  for (std::size_t i = 0; i < keys; ++i) ends[i + 1] += ends[i];
  Ids sorted(ids.size());
  for (const std::uint32_t id : ids) sorted[ends[key(id)]++] = id;
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
  Ids units_;                // in the vocabulary's order
  Ids ranks_;                // unit -> place in units_
  std::vector<Ids> levels_;  // contexts of one unit, of two, ..., each level in the file's order
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
  levels_.resize(Ngrams::kMaxContext);
  ngrams_.each([&](Ngrams::ContextId context) {
    levels_[ngrams_.length_of(context) - 1].push_back(context);
  });
  Ids places(ngrams_.context_ids());
  const Ids* parents = nullptr;
  for (Ids& level : levels_) {
    level = sorted_by(level, units_.size(),
                      [&](std::uint32_t id) { return ranks_[ngrams_.unit_of(id)]; });
    if (parents != nullptr) {
      level = sorted_by(level, parents->size(),
                        [&](std::uint32_t id) { return places[ngrams_.parent_of(id)]; });
    }
    for (std::uint32_t i = 0; i < level.size(); ++i) places[level[i]] = i;
    parents = &level;
  }
}

void SnapshotWriter::find_latest_day() {
  for (const UnitId unit : units_) latest_ = std::max(latest_, vocabulary_[unit].last_day);
  ngrams_.each([&](Ngrams::ContextId context) {
    for (const Follower& each : ngrams_.entries(context)) latest_ = std::max(latest_, each.day);
  });
}

void SnapshotWriter::write_header() {
  std::size_t contexts = 0;
  for (const Ids& level : levels_) contexts += level.size();
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
  for (const Ids& level : levels_) {
    Ngrams::ContextId parent = Ngrams::kNone;
    std::uint32_t next = 0;  // the least rank that the next sibling can have
    for (const Ngrams::ContextId context : level) {
      if (ngrams_.parent_of(context) != parent) next = 0;
      parent = ngrams_.parent_of(context);
      const std::span<const Follower> followers = ngrams_.entries(context);
      const auto few = static_cast<std::uint32_t>(std::min<std::size_t>(followers.size(), 3));
      to_.number((ngrams_.children_of(context) << 2) | few);
      const std::uint32_t rank = ranks_[ngrams_.unit_of(context)];
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
