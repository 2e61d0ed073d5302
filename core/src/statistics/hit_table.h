// What became of proposals, as counts: no text, no order in time.
//
// A proposal is one word at one place, however many keys it stood there. It is
// counted once, in the cell of the moment when it first came on screen, or, if
// it never did, when it was first in the list.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "foretype/candidate.h"
#include "profile/encoding.h"

namespace foretype::statistics {

enum class Event : std::uint8_t {
  kShown,         // it was on screen, and what the user wrote there is known
  kAccepted,      // ... and taken, whatever became of it
  kTypedThrough,  // ... and right, but written by hand
  kMissed,        // it was right and in the list, but never on screen
  kRetained,      // it was taken, and still there 30 s later or when the message was finished
};

class HitTable {
 public:
  static constexpr std::size_t kEvents = 5;
  static constexpr std::size_t kRanks = 5;     // 1 to 5
  static constexpr std::size_t kDeciles = 10;  // of the probability; 1.0 belongs to the last
  static constexpr std::size_t kTyped = 4;     // letters of the word typed before: 0, 1, 2, more
  static constexpr std::size_t kSources = 3;   // in the order of Source
  static constexpr std::size_t kCells = kRanks * kDeciles * kTyped * kSources;
  static constexpr std::size_t kNoCell = kCells;

  /// Where a proposal is counted; kNoCell for a rank that is not. Never undefined: what is no
  /// probability counts as the nearest one, and NaN as 0.
  static std::size_t cell_of(int rank, double probability, int typed, Source source);

  /// Counts one; kNoCell is not counted. Stays at the highest count it can hold.
  void count(Event event, std::size_t cell);
  std::uint32_t at(Event event, std::size_t cell) const {
    return counts_[static_cast<std::size_t>(event) * kCells + cell];
  }
  /// Over all cells.
  std::uint64_t total(Event event) const;
  /// [event][rank][decile][typed][source], the last changing fastest.
  std::span<const std::uint32_t> counts() const { return counts_; }

  /// As part of a section: docs/formats/profile.md.
  void write(std::string* out) const;
  /// Becomes what was written; where that is damaged the decoder has failed.
  void read(profile::Decoder* decoder);

  bool operator==(const HitTable&) const = default;

 private:
  std::array<std::uint32_t, kEvents * kCells> counts_{};
};

}  // namespace foretype::statistics
