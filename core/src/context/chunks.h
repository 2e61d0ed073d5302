// What stands between white space, the smallest piece of text that is kept back
// as a secret, and the numbers written over one or several of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "context/numbers.h"

namespace foretype::context {

struct Chunk {
  std::size_t begin;  // bytes in the text
  std::size_t end;
  std::string_view bytes;
  std::string_view core;  // without brackets, quotes and marks at both ends
  bool plain;             // short, without digits and rare marks: no secret by itself
  bool odd;               // letters and digits, or a mark inside: like a password or a mixed code

  bool goes_on() const { return core.end() == bytes.end(); }  // no mark behind it
};

/// Neighbouring chunks of digits, one number perhaps: "4111 1111-1111 1111".
struct Run {
  std::size_t first;  // index of its first chunk
  std::size_t last;
  std::size_t first_group;  // in Chunks' groups
  std::size_t end_group;
};

/// Groups that are looked at together: no number that matters has more.
inline constexpr std::size_t kMostGroups = 8;

/// A stretch of a line, in chunks.
class Chunks {
 public:
  /// Cuts text[begin, end), which holds no line end. Views into `text` are kept.
  void cut(std::string_view text, std::size_t begin, std::size_t end);
  /// Cuts from `begin` to the end of the line, or of a long line as much as ends with so many plain
  /// words that nothing behind them can be one with what is before. Returns where it ended: at the
  /// line end, at the next chunk or at the end of the text.
  std::size_t cut_stretch(std::string_view text, std::size_t begin);

  const std::vector<Chunk>& all() const { return chunks_; }
  const std::vector<Run>& runs() const { return runs_; }
  /// The run that holds a chunk.
  const Run* run_of(std::size_t chunk) const;

  /// Groups [first, end) as one number.
  Number number(std::size_t first_group, std::size_t end_group) const;
  Number number(const Run& run) const { return number(run.first_group, run.end_group); }
  std::size_t groups() const { return groups_.size(); }
  std::size_t chunk_of_group(std::size_t group) const { return group_chunks_[group]; }

 private:
  void clear();
  std::size_t add(std::string_view text, std::size_t begin);
  void add_digits(std::string_view core);

  std::vector<Chunk> chunks_;
  std::vector<Run> runs_;
  std::vector<std::size_t> run_of_;        // by chunk; kNoRun where it is in none
  std::string digits_;                     // of all runs
  std::vector<std::uint8_t> groups_;       // digits in each group
  std::vector<std::size_t> group_digits_;  // where its digits begin
  std::vector<std::size_t> group_chunks_;  // which chunk it is in
};

/// Bytes of the white space at text[at]; 0 if there is none. Line ends are white space.
std::size_t white_space_at(std::string_view text, std::size_t at);

/// The end of the line that holds text[at]: the offset of its line end, or the text's.
std::size_t line_end(std::string_view text, std::size_t at);

/// Where the last `count` chunks of the last line of `text` begin; 0 or the line's begin if it has
/// fewer.
std::size_t last_chunks(std::string_view text, std::size_t count);

/// Capitals with digits, or small letters with digits, mixed enough to be a code: 7K9QF2, 23ABCD,
/// G-482913.
bool may_be_mixed_code(std::string_view core);

/// Capitals behind small letters, two at least: kXqWzPbT.
bool is_humped(std::string_view core);

}  // namespace foretype::context
