#include "context/secrets.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "context/chunks.h"
#include "context/key_shapes.h"
#include "context/parameters.h"
#include "context/randomness.h"
#include "context/secret_words.h"

namespace foretype::context {

namespace {

constexpr std::size_t kNear = 6;    // chunks between a name and its secret
constexpr int kLongestPhrase = 24;  // words of a recovery phrase
constexpr int kLongestQuote = 12;
constexpr std::size_t kLongestNumber = 16;  // digits in one group that are always kept back
constexpr std::size_t kAfterCard = 3;       // groups behind a card: month, year, check number
constexpr std::size_t kIbanGroup = 4;
constexpr std::size_t kMostIbanChunks = 9;  // of four characters

constexpr std::string_view kBlockBegin = "-----BEGIN";
constexpr std::string_view kBlockEnd = "-----END";

/// What a name still asks of the next chunk.
enum class Awaited : std::uint8_t { kNothing, kLink, kUnlessEveryday, kAnything };

/// What one line leaves to the next.
struct State {
  bool block = false;  // inside "-----BEGIN"
  Awaited awaited = Awaited::kNothing;
  bool phrase = false;  // several words are awaited
  // Chunks since the last name of each kind.
  std::size_t since_password = kNear + 1;
  std::size_t since_code = kNear + 1;
  std::size_t since_account = kNear + 1;

  void advance() {
    for (std::size_t* since : {&since_password, &since_code, &since_account}) {
      *since = std::min(*since + 1, kNear + 1);
    }
  }
};

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string_view behind_core(const Chunk& chunk) {
  return chunk.bytes.substr(static_cast<std::size_t>(chunk.core.end() - chunk.bytes.begin()));
}

bool ends_sentence(const Chunk& chunk) {
  return behind_core(chunk).find_first_of(".!?") != std::string_view::npos;
}

bool has_quote(std::string_view marks) {
  constexpr std::array kQuotes =
      std::to_array<std::string_view>({"\"", "'", "`", "\u2018", "\u2019", "\u201C", "\u201D"});
  return std::any_of(kQuotes.begin(), kQuotes.end(),
                     [&](std::string_view quote) { return holds(marks, quote); });
}

bool opens_quote(const Chunk& chunk) {
  return has_quote(
      chunk.bytes.substr(0, static_cast<std::size_t>(chunk.core.begin() - chunk.bytes.begin())));
}

bool is_separator(std::string_view bytes) {
  return bytes == ":" || bytes == "=" || bytes == "=>" || bytes == "->" || bytes == ":=";
}
bool is_dash(std::string_view bytes) {
  return bytes == "-" || bytes == "\u2013" || bytes == "\u2014";
}

/// A secret by itself, whatever stands around it.
bool tells_itself(std::string_view chunk) {
  return looks_random(chunk) || has_known_key(chunk) || has_secret_parameter(chunk);
}

bool is_account_number(const Number& number) {
  return number.digits.size() >= 6 && number.digits.size() <= 18;
}

/// How many chunks from `first` on make an IBAN; 0 if none. `open` is set if the text ends before
/// that can be told, the last chunk being complete or not.
std::size_t iban_chunks(const std::vector<Chunk>& chunks, std::size_t first, std::size_t complete,
                        bool* open) {
  std::string characters;
  const std::string_view beginning = chunks[first].core;
  const std::size_t wanted = iban_length(beginning);
  if (wanted == 0) return 0;
  for (const char byte : beginning) {
    if (byte != '-') characters += byte;
  }
  if (characters.size() != kIbanGroup) return is_iban(characters) ? 1 : 0;
  for (std::size_t i = first; i < first + kMostIbanChunks; ++i) {
    if (i > first) {
      if (i >= complete) *open = true;
      if (i >= chunks.size()) return 0;
      const std::string_view group = chunks[i].core;
      if (group.size() != std::min(kIbanGroup, wanted - characters.size())) return 0;
      characters += group;
    }
    if (characters.size() == wanted) return is_iban(characters) ? i - first + 1 : 0;
    if (!chunks[i].goes_on()) return 0;
  }
  return 0;
}

class Scanner {
 public:
  Scanner(std::string_view text, std::vector<Range>* ranges) : text_(text), ranges_(ranges) {}

  void scan() {
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t end = line_end(text_, at);
      scan_line(at, end);
      at = end + 1;
    }
  }

 private:
  void scan_line(std::size_t begin, std::size_t end) {
    chunks_.cut(text_, begin, end);
    if (state_.block && stays_in_block(begin, end)) return;
    if (chunks_.all().empty()) return;
    state_.advance();
    if (state_.awaited == Awaited::kLink) state_.awaited = Awaited::kNothing;
    before_ = Role::kNone;
    linked_ = false;
    left_ = 0;
    const std::size_t count = block_begin(end);
    secret_.assign(count, false);
    mark_numbers();
    mark_ibans();
    for (std::size_t i = 0; i < count; ++i) read(i);
    emit();
    if (count < chunks_.all().size()) open_block(chunks_.all()[count].begin, end);
  }

  // Blocks ------------------------------------------------------------------

  /// Whether the line belongs to the open block, which it may close.
  bool stays_in_block(std::size_t begin, std::size_t end) {
    const std::vector<Chunk>& chunks = chunks_.all();
    const bool closes = !chunks.empty() && holds(chunks.front().bytes, kBlockEnd);
    state_.block = chunks.size() <= 1 || closes || chunks.front().bytes.ends_with(':');
    if (!state_.block) return false;
    state_.block = !closes;
    cover(begin, closes ? end : std::min(end + 1, text_.size()));
    return true;
  }

  /// Index of the chunk that begins a block, or how many chunks there are.
  std::size_t block_begin(std::size_t end) const {
    const std::vector<Chunk>& chunks = chunks_.all();
    const auto begins = [&](const Chunk& chunk) {
      return chunk.end < end && chunk.bytes.ends_with(kBlockBegin);
    };
    return static_cast<std::size_t>(std::find_if(chunks.begin(), chunks.end(), begins) -
                                    chunks.begin());
  }

  void open_block(std::size_t begin, std::size_t end) {
    state_.block = !holds(text_.substr(begin, end - begin), kBlockEnd);
    cover(begin, state_.block ? std::min(end + 1, text_.size()) : end);
  }

  // Numbers -----------------------------------------------------------------

  void mark_numbers() {
    for (const Run& run : chunks_.runs()) {
      if (run.first >= secret_.size()) return;
      if (is_social_security(chunks_.number(run))) mark_all(run.first, run.last);
      for (std::size_t group = run.first_group; group < run.end_group; ++group) {
        mark_numbers_from(group, run);
      }
    }
  }

  void mark_numbers_from(std::size_t first, const Run& run) {
    if (chunks_.number(first, first + 1).digits.size() >= kLongestNumber) mark_group(first);
    const std::size_t most = std::min(first + kMostGroups, run.end_group);
    for (std::size_t end = first + 1; end <= most; ++end) {
      const Number number = chunks_.number(first, end);
      if (is_card(number)) {
        const std::size_t last = std::min(end + kAfterCard, run.end_group) - 1;
        mark_all(chunks_.chunk_of_group(first), chunks_.chunk_of_group(last));
      }
      if (end - first == 3 && fills_chunk(first, end) && is_social_security(number))
        mark_group(first);
      if (number.digits.size() > kLongestNumber + 3 || number.groups.back() < 2) return;
    }
  }

  /// Whether groups [first, end) are all those of one chunk.
  bool fills_chunk(std::size_t first, std::size_t end) const {
    const std::size_t chunk = chunks_.chunk_of_group(first);
    return chunk == chunks_.chunk_of_group(end - 1) && !same_chunk(first - 1, chunk) &&
           !same_chunk(end, chunk);
  }
  bool same_chunk(std::size_t group, std::size_t chunk) const {
    return group < chunks_.groups() && chunks_.chunk_of_group(group) == chunk;
  }

  void mark_group(std::size_t group) { mark(chunks_.chunk_of_group(group)); }

  void mark_ibans() {
    const std::size_t count = secret_.size();
    for (std::size_t i = 0; i < count; ++i) {
      bool open = false;
      const std::size_t length = iban_chunks(chunks_.all(), i, count, &open);
      for (std::size_t k = 0; k < length; ++k) mark(i + k);
    }
  }

  // Words -------------------------------------------------------------------

  void read(std::size_t i) {
    state_.advance();
    const Chunk& chunk = chunks_.all()[i];
    const bool linked = linked_;
    linked_ = false;
    if (continues_phrase(chunk) || takes_awaited(chunk)) {
      if (!linked_) mark(i);
      before_ = Role::kNone;
      return;
    }
    if (tells_itself(chunk.bytes)) {
      before_ = Role::kNone;
      return mark(i);
    }
    if (named_before(i, linked)) mark_named(i);
    const SecretName name = find_secret_name(chunk.bytes, &before_);
    if (name.role != Role::kNone) read_name(i, name);
    linked_ =
        linked_ || is_linking_verb(chunk.core) || is_separator(chunk.bytes) || is_dash(chunk.bytes);
  }

  /// Inside a passphrase or a quotation that a name announced.
  bool continues_phrase(const Chunk& chunk) {
    if (left_ == 0) return false;
    --left_;
    if (state_.phrase ? ends_sentence(chunk) : has_quote(behind_core(chunk))) left_ = 0;
    return true;
  }

  /// True if the chunk is what a name asked for, or links it to that (`linked_` is set then).
  bool takes_awaited(const Chunk& chunk) {
    if (state_.awaited == Awaited::kNothing) return false;
    if (links(chunk)) return linked_ = true;
    const Awaited awaited = state_.awaited;
    state_.awaited = Awaited::kNothing;
    if (awaited == Awaited::kLink) return false;
    if (awaited == Awaited::kUnlessEveryday && is_everyday_word(chunk.core)) return false;
    if (state_.phrase) {
      left_ = ends_sentence(chunk) ? 0 : kLongestPhrase - 1;
    } else if (opens_quote(chunk) && !has_quote(behind_core(chunk))) {
      left_ = kLongestQuote - 1;
    }
    return true;
  }

  bool links(const Chunk& chunk) {
    if (is_separator(chunk.bytes)) {
      state_.awaited = Awaited::kAnything;
      return true;
    }
    if (state_.awaited == Awaited::kAnything) return false;
    const bool verb = state_.awaited == Awaited::kLink && is_linking_verb(chunk.core);
    if (!verb && !is_dash(chunk.bytes)) return false;
    state_.awaited =
        behind_core(chunk).starts_with(':') ? Awaited::kAnything : Awaited::kUnlessEveryday;
    return true;
  }

  /// Whether a name shortly before makes a secret of the chunk, or of the number it begins.
  bool named_before(std::size_t i, bool linked) const {
    const Chunk& chunk = chunks_.all()[i];
    if (chunk.odd && state_.since_password <= kNear) return true;
    if (chunk.odd && state_.since_code <= kNear && may_be_mixed_code(chunk.core)) return true;
    const Run* run = chunks_.run_of(i);
    if (run == nullptr || run->first != i || run->end_group - run->first_group > kMostGroups)
      return false;
    const Number number = chunks_.number(*run);
    if (is_account_number(number) && state_.since_account <= kNear) return true;
    const bool next_to = state_.since_code == 1 || (state_.since_code == 2 && linked);
    return may_be_code(number) && (is_year(number) ? next_to : state_.since_code <= kNear);
  }

  void mark_named(std::size_t i) {
    const Run* run = chunks_.run_of(i);
    mark_all(i, run == nullptr ? i : run->last);
  }

  void read_name(std::size_t i, const SecretName& name) {
    switch (name.role) {
      case Role::kCode:
        state_.since_code = 0;
        break;
      case Role::kAccount:
        state_.since_account = 0;
        break;
      case Role::kIdentity:
        state_.since_code = 0;
        state_.since_account = 0;
        break;
      default:
        state_.since_password = 0;
        state_.phrase = name.role == Role::kPassphrase;
        state_.awaited = name.after == After::kSeparator ? Awaited::kAnything
                         : name.after == After::kNothing ? Awaited::kLink
                                                         : Awaited::kNothing;
        if (name.after == After::kValue) mark(i);
    }
    if (name.after == After::kValue && is_numeric_value(name)) mark(i);
    mark_before(i);
  }

  /// A number or a mixed code right behind its name: PIN=4821.
  static bool is_numeric_value(const SecretName& name) {
    Chunks value;
    value.cut(name.value, 0, name.value.size());
    if (value.all().empty()) return false;
    if (may_be_mixed_code(value.all().front().core)) return true;
    if (value.runs().empty()) return false;
    const Number number = value.number(value.runs().front());
    return may_be_code(number) || is_account_number(number);
  }

  /// What stands shortly before a name is its secret too: "482913 is your code".
  void mark_before(std::size_t i) {
    for (std::size_t back = 1; back <= std::min(kNear, i); ++back) {
      const Chunk& chunk = chunks_.all()[i - back];
      if (chunk.odd && state_.since_password == 0) mark(i - back);
      if (chunk.odd && state_.since_code == 0 && may_be_mixed_code(chunk.core)) mark(i - back);
      const Run* run = chunks_.run_of(i - back);
      if (run == nullptr || run->last != i - back) continue;
      if (run->end_group - run->first_group > kMostGroups) continue;
      const Number number = chunks_.number(*run);
      const bool account = state_.since_account == 0 && is_account_number(number);
      const bool code = state_.since_code == 0 && may_be_code(number) && !is_year(number);
      if (account || code) mark_all(run->first, run->last);
    }
  }

  // Ranges ------------------------------------------------------------------

  void mark(std::size_t chunk) { secret_[chunk] = true; }
  void mark_all(std::size_t first, std::size_t last) {
    for (std::size_t i = first; i <= last; ++i) mark(i);
  }

  void emit() {
    for (std::size_t i = 0; i < secret_.size(); ++i) {
      const Chunk& chunk = chunks_.all()[i];
      if (secret_[i]) ranges_->push_back({chunk.begin, chunk.end});
    }
  }

  void cover(std::size_t begin, std::size_t end) {
    if (!ranges_->empty() && ranges_->back().end == begin) {
      ranges_->back().end = end;
    } else if (begin < end) {
      ranges_->push_back({begin, end});
    }
  }

  std::string_view text_;
  std::vector<Range>* ranges_;
  Chunks chunks_;
  std::vector<bool> secret_;  // by chunk of the line
  State state_;
  Role before_ = Role::kNone;  // of the word before
  bool linked_ = false;        // the chunk before was "is", ":" or the like
  int left_ = 0;               // chunks that may still belong to a phrase or quotation
};

}  // namespace

std::vector<Range> secret_ranges(std::string_view text) {
  std::vector<Range> ranges;
  Scanner(text, &ranges).scan();
  return ranges;
}

std::size_t undecided_from(std::string_view text) {
  // A number, its groups, what comes after it and the chunk at the end.
  constexpr std::size_t kMostChunks = kMostGroups + kNear + kMostIbanChunks + 1;
  const std::size_t begin = last_chunks(text, kMostChunks);
  Chunks cut;
  cut.cut(text, begin, text.size());
  const std::vector<Chunk>& chunks = cut.all();
  const bool growing = !chunks.empty() && chunks.back().end == text.size();
  const std::size_t complete = chunks.size() - (growing ? 1 : 0);
  std::size_t first = complete;  // undecided chunk
  for (std::size_t i = 0; i < complete; ++i) {
    bool open = false;
    iban_chunks(chunks, i, complete, &open);
    const bool nameable = i + kNear >= complete && chunks[i].odd;
    if (open || nameable) first = std::min(first, i);
  }
  for (const Run& run : cut.runs()) {
    const std::size_t groups = run.end_group - run.first_group;
    const bool grows =
        run.last >= complete || (run.last + 1 == complete && chunks[run.last].goes_on());
    if (grows) {
      const std::size_t most = kMostGroups + (growing ? 1 : 0);
      first = std::min(first, std::max(run.first, chunks.size() - std::min(chunks.size(), most)));
    } else if (run.last + kNear >= complete && groups <= kMostGroups) {
      const Number number = cut.number(run);
      const bool code = may_be_code(number) && !is_year(number);
      if (code || is_account_number(number)) first = std::min(first, run.first);
    }
  }
  return first < chunks.size() ? chunks[first].begin : text.size();
}

}  // namespace foretype::context
