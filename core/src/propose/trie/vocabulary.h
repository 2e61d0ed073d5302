// The distinct units of a user, each with an id as long as something refers to
// it. A unit's case-folded form is always a unit too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "propose/trie/background.h"
#include "propose/trie/blocks.h"
#include "propose/trie/casing.h"
#include "propose/trie/decay.h"
#include "propose/trie/id_index.h"
#include "propose/trie/text_pool.h"

namespace foretype::trie {

using UnitId = std::uint32_t;
inline constexpr UnitId kNoUnit = IdIndex::kNone;

/// What is known of one unit.
struct UnitRecord {
  std::uint64_t key = 0;        // first eight bytes of the folded form, big-endian: orders units
  std::uint32_t text = 0;       // place in the text pool
  WordId background = kNoWord;  // the same unit in the background
  WordId twins = 0;             // first background word with the same folded form
  UnitId folded = kNoUnit;      // id of the folded form, itself if it is one
  UnitId next_form = kNoUnit;   // ring of the forms that share a folded form
  std::uint32_t references = 0;
  std::uint32_t inside = 0;    // uses within a sentence
  std::uint32_t opening = 0;   // uses as the first word of a sentence
  std::uint16_t accepted = 0;  // suggestions of it taken and kept
  std::uint16_t rejected = 0;  // suggestions of it taken and then erased
  Day first_day = 0;           // of its uses
  Day last_day = 0;
  std::uint8_t size = 0;        // bytes
  std::uint8_t twin_count = 0;  // background words with the same folded form
  Casing casing = Casing::kOther;

  std::uint32_t uses() const { return inside + opening; }
  bool in_background() const { return twin_count > 0; }  // in one case form or another
};

/// How far a unit has come: shown only where little else fits, like any other, without doubt.
enum class Rung : std::uint8_t { kOffered, kConfirmed, kTrusted };

/// `evidence`: uses and accepted suggestions, less twice those that were erased again.
Rung rung_of(std::int64_t evidence);
Rung rung_of(const UnitRecord& record);

class Vocabulary {
 public:
  explicit Vocabulary(std::shared_ptr<const Background> background)
      : background_(std::move(background)) {}
  const Background& background() const { return *background_; }

  UnitId find(std::string_view text) const;
  /// True if no more units fit.
  bool is_full() const { return records_.size() + 2 > IdIndex::kMaxIds; }
  /// The unit's id, made if need be (`made` then says so). Adds one reference.
  UnitId acquire(std::string_view text, bool* made);
  void acquire(UnitId id) { ++records_[id].references; }
  /// Takes one reference away; the last one wipes the unit.
  void release(UnitId id);

  /// For a reader of a whole vocabulary: one more unit that nothing refers to and nothing finds
  /// yet, with its place in the background; its link to its folded form, which is linked first;
  /// from then on all are found.
  UnitId append(std::string_view text, std::string_view folded, WordId word, WordRange twins);
  void link_form(UnitId id, UnitId folded);
  void index_all();

  UnitRecord& operator[](UnitId id) { return records_[id]; }
  const UnitRecord& operator[](UnitId id) const { return records_[id]; }
  std::string_view text(UnitId id) const;
  std::string_view folded_text(UnitId id) const { return text(records_[id].folded); }

  /// Order by folded form, then by exact form; negative, 0 or positive.
  int compare(UnitId left, UnitId right) const {
    const std::uint64_t a = records_[left].key;
    const std::uint64_t b = records_[right].key;
    return a != b ? (a < b ? -1 : 1) : compare_text(left, right);
  }
  /// Where a unit stands to those whose folded form begins with `prefix`: before, among, after.
  int compare_prefix(UnitId id, std::string_view folded_prefix, std::uint64_t prefix_key) const;

  std::size_t size() const { return index_.size(); }
  std::size_t ids() const { return records_.size(); }  // all ids are below this one
  std::size_t memory_bytes() const;

  /// Calls `visit(id)` for each unit.
  template <typename Visit>
  void each(Visit visit) const {
    for (UnitId id = 0; id < records_.size(); ++id) {
      if (records_[id].references > 0) visit(id);
    }
  }

 private:
  int compare_text(UnitId left, UnitId right) const;
  UnitId make(std::string_view text);
  void unlink_form(UnitId id);
  void compact_text();
  std::uint64_t hash_of(UnitId id) const;

  std::shared_ptr<const Background> background_;
  Blocks<UnitRecord> records_;
  std::vector<UnitId> free_;
  TextPool text_;
  IdIndex index_;
};

}  // namespace foretype::trie
