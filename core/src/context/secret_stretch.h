// Reads a text stretch by stretch, and says which of its chunks are secret.
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

/// What a name still asks of the chunks behind it.
enum class Awaited : std::uint8_t {
  kNothing,
  kLink,            // first "is", ":" or the like
  kSeparator,       // first ":" or the like
  kUnlessEveryday,  // any word that is none of is_everyday_word(), or a phrase
  kAnything
};

/// What one stretch leaves to the next.
struct ReadingState {
  bool block = false;   // inside "-----BEGIN"
  bool inside = false;  // the line goes on
  bool linked = false;  // the chunk before was "is", ":" or the like
  bool phrase = false;  // several words are awaited
  Awaited awaited = Awaited::kNothing;
  Role before = Role::kNone;  // of the word before
  std::uint8_t left = 0;      // chunks that may still belong to a phrase or quotation
  // Chunks since the last name of each kind; kNear + 1 is far.
  std::uint8_t since_password = kNear + 1;
  std::uint8_t since_code = kNear + 1;
  std::uint8_t since_account = kNear + 1;
};

class StretchReader {
 public:
  explicit StretchReader(std::string_view text) : text_(text) {}

  /// Reads on from text[begin] and adds what is secret to `ranges`. A stretch is a line, or a part
  /// of a long one that ends where nothing behind it can change what was said of it. Returns where
  /// the next one begins.
  std::size_t read(std::size_t begin, ReadingState* state, std::vector<Range>* ranges);

 private:
  std::size_t read_words(std::size_t end);
  std::size_t next_line(std::size_t at);
  bool stays_in_block(std::size_t begin, std::size_t end);
  void open_block(std::size_t begin, std::size_t end);
  std::size_t block_begin(std::size_t end) const;
  void cover(std::size_t begin, std::size_t end);

  void enter_line();
  void advance();
  void read_chunk(std::size_t i);
  bool continues_phrase(const Chunk& chunk);
  bool takes_awaited(const Chunk& chunk);
  void wait_on(const Chunk& chunk);
  bool links(const Chunk& chunk);
  bool is_named_before(std::size_t i, bool linked) const;
  void read_name(std::size_t i, const SecretName& name);
  void name_secret(std::size_t i, const SecretName& name);
  void mark_before(std::size_t i);
  void mark(std::size_t chunk) { secret_[chunk] = true; }
  void mark_run(const Run& run);

  std::string_view text_;
  ReadingState* state_ = nullptr;  // during read()
  std::vector<Range>* ranges_ = nullptr;
  Chunks chunks_;             // of the stretch
  std::vector<bool> secret_;  // by chunk, up to the beginning of a block
};

}  // namespace foretype::context
