// Reads a text line by line, and says which of its chunks are secret.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "context/chunks.h"
#include "context/range.h"
#include "context/secret_words.h"

namespace foretype::context {

/// Chunks between a name and its secret, at most.
inline constexpr std::size_t kNear = 6;

/// What a name still asks of the chunk behind it.
enum class Awaited : std::uint8_t {
  kNothing,
  kLink,            // "is", ":" or the like, else nothing
  kSeparator,       // ":" or the like, else nothing
  kUnlessEveryday,  // any word that is none of is_everyday_word()
  kAnything
};

/// What one line leaves to the next.
struct LineState {
  bool block = false;  // inside "-----BEGIN"
  Awaited awaited = Awaited::kNothing;
  bool phrase = false;  // several words are awaited
  // Chunks since the last name of each kind; kNear + 1 is far.
  std::uint8_t since_password = kNear + 1;
  std::uint8_t since_code = kNear + 1;
  std::uint8_t since_account = kNear + 1;
};

class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) {}

  /// Adds the ranges of the line text[begin, end), which must not hold a line end, to `ranges`.
  void read(std::size_t begin, std::size_t end, LineState* state, std::vector<Range>* ranges);

 private:
  bool stays_in_block(std::size_t begin, std::size_t end);
  void open_block(std::size_t begin, std::size_t end);
  std::size_t block_begin(std::size_t end) const;
  void cover(std::size_t begin, std::size_t end);

  void enter_line();
  void advance();
  void read_chunk(std::size_t i);
  bool continues_phrase(const Chunk& chunk);
  bool takes_awaited(const Chunk& chunk);
  bool links(const Chunk& chunk);
  bool is_named_before(std::size_t i, bool linked) const;
  void read_name(std::size_t i, const SecretName& name);
  void name_secret(std::size_t i, const SecretName& name);
  void mark_before(std::size_t i);
  void mark(std::size_t chunk) { secret_[chunk] = true; }
  void mark_run(const Run& run);

  std::string_view text_;
  LineState* state_ = nullptr;  // during read()
  std::vector<Range>* ranges_ = nullptr;
  Chunks chunks_;              // of the line
  std::vector<bool> secret_;   // by chunk, up to the beginning of a block
  Role before_ = Role::kNone;  // of the word before
  bool linked_ = false;        // the chunk before was "is", ":" or the like
  int left_ = 0;               // chunks that may still belong to a phrase or quotation
};

}  // namespace foretype::context
