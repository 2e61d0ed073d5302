#include "propose/trie/vocabulary.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace foretype::trie {

namespace {

std::uint64_t hash_text(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325;  // FNV-1a, then one round of mixing for the low bits
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  }
  hash ^= hash >> 29;
  return hash * 0xBF58476D1CE4E5B9;
}

// Evidence from which a unit counts as confirmed, and as trusted.
constexpr std::int64_t kConfirmedFrom = 2;
constexpr std::int64_t kTrustedFrom = 5;

}  // namespace

Rung rung_of(std::int64_t evidence) {
  if (evidence >= kTrustedFrom) return Rung::kTrusted;
  return evidence >= kConfirmedFrom ? Rung::kConfirmed : Rung::kOffered;
}

Rung rung_of(const UnitRecord& record) {
  return rung_of(std::int64_t{record.uses()} + record.accepted - 2 * record.rejected);
}

std::string_view Vocabulary::text(UnitId id) const {
  return text_.view(records_[id].text, records_[id].size);
}

UnitId Vocabulary::find(std::string_view text) const {
  return index_.find(hash_text(text), [&](UnitId id) { return this->text(id) == text; });
}

UnitId Vocabulary::acquire(std::string_view text, bool* made) {
  UnitId id = find(text);
  *made = id == kNoUnit;
  if (*made) id = make(text);
  ++records_[id].references;
  return id;
}

UnitId Vocabulary::make(std::string_view text) {
  const std::string folded = fold(text);
  UnitId folded_id = kNoUnit;
  if (folded != text) {
    bool made = false;
    folded_id = acquire(folded, &made);
  }
  const UnitId id = append(text, folded, background_->find(text), background_->forms(folded));
  link_form(id, folded_id == kNoUnit ? id : folded_id);
  index_.insert(id, [this](UnitId each) { return hash_of(each); });
  return id;
}

UnitId Vocabulary::append(std::string_view text, std::string_view folded, WordId word,
                          WordRange twins) {
  const UnitId id = free_.empty() ? static_cast<UnitId>(records_.size()) : free_.back();
  if (free_.empty()) {
    records_.push_back({});
  } else {
    free_.pop_back();
  }
  UnitRecord& record = records_[id];
  record.key = order_key(folded);
  record.text = text_.add(text);
  record.size = static_cast<std::uint8_t>(text.size());
  record.background = word;
  record.twins = twins.begin;
  record.twin_count = static_cast<std::uint8_t>(std::min<WordId>(twins.end - twins.begin, 255));
  record.casing = usual_casing(*background_, text, twins);
  return id;
}

void Vocabulary::index_all() {
  index_.fill(static_cast<UnitId>(records_.size()), [this](UnitId each) { return hash_of(each); });
}

std::uint64_t Vocabulary::hash_of(UnitId id) const { return hash_text(text(id)); }

void Vocabulary::release(UnitId id) {
  UnitRecord& record = records_[id];
  if (--record.references > 0) return;
  index_.erase(id, [this](UnitId each) { return hash_of(each); });
  unlink_form(id);
  text_.wipe(record.text, record.size);
  const UnitId folded_id = record.folded;
  record = UnitRecord{};
  free_.push_back(id);
  if (folded_id != id) release(folded_id);
  if (text_.is_worn()) compact_text();
}

void Vocabulary::link_form(UnitId id, UnitId folded) {
  records_[id].folded = folded;
  records_[id].next_form = id;
  if (folded == id) return;
  records_[id].next_form = records_[folded].next_form;
  records_[folded].next_form = id;
}

void Vocabulary::unlink_form(UnitId id) {
  UnitId before = id;
  while (records_[before].next_form != id) before = records_[before].next_form;
  records_[before].next_form = records_[id].next_form;
}

void Vocabulary::compact_text() {
  TextPool kept;
  each([&](UnitId id) { records_[id].text = kept.add(text(id)); });
  std::swap(text_, kept);
}

int Vocabulary::compare_text(UnitId left, UnitId right) const {
  if (left == right) return 0;
  const bool same_group = records_[left].folded == records_[right].folded;
  const int folded = same_group ? 0 : folded_text(left).compare(folded_text(right));
  return folded != 0 ? folded : text(left).compare(text(right));
}

int Vocabulary::compare_prefix(UnitId id, std::string_view prefix, std::uint64_t prefix_key) const {
  const std::uint64_t key = records_[id].key;
  const std::size_t shared = std::min<std::size_t>(prefix.size(), 8);
  const int spare_bits = static_cast<int>(8 * (8 - shared));
  if (shared > 0) {
    const std::uint64_t head = key >> spare_bits;
    const std::uint64_t wanted = prefix_key >> spare_bits;
    if (head != wanted) return head < wanted ? -1 : 1;
  }
  // Heads agree. A NUL byte can look like the end of a shorter unit, so the bytes decide.
  return folded_text(id).substr(0, prefix.size()).compare(prefix);
}

std::size_t Vocabulary::memory_bytes() const {
  return records_.memory_bytes() + free_.capacity() * sizeof(UnitId) + text_.memory_bytes() +
         index_.memory_bytes();
}

}  // namespace foretype::trie
