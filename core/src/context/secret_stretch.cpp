#include "context/secret_stretch.h"

#include <algorithm>
#include <array>

#include "context/ascii.h"
#include "context/key_shapes.h"
#include "context/parameters.h"
#include "context/randomness.h"
#include "context/secret_numbers.h"

namespace foretype::context {

namespace {

constexpr std::uint8_t kLongestPhrase = 24;  // words of a recovery phrase
constexpr std::uint8_t kLongestQuotation = 12;

constexpr std::string_view kBlockBegin = "-----BEGIN";
constexpr std::string_view kBlockEnd = "-----END";

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string_view before_core(const Chunk& chunk) {
  return chunk.bytes.substr(0, static_cast<std::size_t>(chunk.core.data() - chunk.bytes.data()));
}

std::string_view behind_core(const Chunk& chunk) {
  return chunk.bytes.substr(before_core(chunk).size() + chunk.core.size());
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

bool is_separator(std::string_view bytes) {
  if (bytes.size() > 2) return false;
  return bytes == ":" || bytes == "=" || bytes == "=>" || bytes == "->" || bytes == ":=";
}

bool is_dash(std::string_view bytes) {
  if (bytes.size() > 3) return false;
  return bytes == "-" || bytes == "\u2013" || bytes == "\u2014";
}

bool is_link(const Chunk& chunk) {
  return is_linking_verb(chunk.core) || is_separator(chunk.bytes) || is_dash(chunk.bytes);
}

/// A secret whatever stands around it.
bool tells_itself(const Chunk& chunk) {
  if (chunk.plain) return false;
  return looks_random(chunk.bytes) || has_known_key(chunk.bytes) ||
         has_secret_parameter(chunk.bytes);
}

/// A number or a mixed code right behind its name: PIN=4821.
bool is_code_value(std::string_view value) {
  Chunks cut;
  cut.cut(value, 0, value.size());
  if (cut.all().empty()) return false;
  if (may_be_mixed_code(cut.all().front().core)) return true;
  if (cut.runs().empty()) return false;
  const Number number = cut.number(cut.runs().front());
  return may_be_code(number) || may_be_account(number);
}

}  // namespace

std::size_t StretchReader::read(std::size_t begin, ReadingState* state,
                                std::vector<Range>* ranges) {
  state_ = state;
  ranges_ = ranges;
  const std::size_t end = chunks_.cut_stretch(text_, begin);
  if (state_->inside) return read_words(end);
  if (state_->block && stays_in_block(begin, line_end(text_, end))) return next_line(end);
  if (!chunks_.all().empty()) enter_line();
  return read_words(end);
}

/// The stretch that ends at `end`, which belongs to no block; it may open one.
std::size_t StretchReader::read_words(std::size_t end) {
  const std::vector<Chunk>& chunks = chunks_.all();
  secret_.assign(block_begin(end), false);
  mark_numbers(chunks_, &secret_);
  for (std::size_t i = 0; i < secret_.size(); ++i) read_chunk(i);
  for (std::size_t i = 0; i < secret_.size(); ++i) {
    if (secret_[i]) ranges_->push_back({chunks[i].begin, chunks[i].end});
  }
  if (secret_.size() < chunks.size()) {
    open_block(chunks[secret_.size()].begin, line_end(text_, end));
    return next_line(end);
  }
  state_->inside = end < text_.size() && !is_line_end(text_[end]);
  return state_->inside ? end : next_line(end);
}

std::size_t StretchReader::next_line(std::size_t at) {
  state_->inside = false;
  return line_end(text_, at) + 1;
}

/// Whether the line that ends at `end` belongs to the open block, which it may close.
bool StretchReader::stays_in_block(std::size_t begin, std::size_t end) {
  const std::vector<Chunk>& chunks = chunks_.all();
  const bool closes = !chunks.empty() && holds(chunks.front().bytes, kBlockEnd);
  const bool stays = chunks.size() <= 1 || closes || chunks.front().bytes.ends_with(':');
  state_->block = stays && !closes;
  if (stays) cover(begin, closes ? end : end + 1);
  return stays;
}

/// Index of the chunk that begins a block, or how many chunks there are.
std::size_t StretchReader::block_begin(std::size_t end) const {
  const std::vector<Chunk>& chunks = chunks_.all();
  const auto begins = [end](const Chunk& chunk) {
    return chunk.end < end && chunk.bytes.ends_with(kBlockBegin);
  };
  const auto found = std::find_if(chunks.begin(), chunks.end(), begins);
  return static_cast<std::size_t>(found - chunks.begin());
}

void StretchReader::open_block(std::size_t begin, std::size_t end) {
  state_->block = !holds(text_.substr(begin, end - begin), kBlockEnd);
  cover(begin, state_->block ? end + 1 : end);
}

/// Lines of a block are one range, their line ends included.
void StretchReader::cover(std::size_t begin, std::size_t end) {
  end = std::min(end, text_.size());
  if (!ranges_->empty() && ranges_->back().end == begin) {
    ranges_->back().end = end;
  } else if (begin < end) {
    ranges_->push_back({begin, end});
  }
}

/// A line end counts as a chunk between a name and its secret.
void StretchReader::enter_line() {
  advance();
  if (state_->awaited == Awaited::kLink || state_->awaited == Awaited::kSeparator) {
    state_->awaited = Awaited::kNothing;
  }
  state_->before = Role::kNone;
  state_->linked = false;
  state_->left = 0;
}

void StretchReader::advance() {
  for (std::uint8_t* since :
       {&state_->since_password, &state_->since_code, &state_->since_account}) {
    if (*since <= kNear) ++*since;
  }
}

void StretchReader::read_chunk(std::size_t i) {
  advance();
  const Chunk& chunk = chunks_.all()[i];
  const bool linked = state_->linked;
  state_->linked = is_link(chunk);
  const Role before = state_->before;
  state_->before = Role::kNone;
  if (state_->awaited != Awaited::kNothing && links(chunk)) return;
  if (continues_phrase(chunk) || takes_awaited(chunk) || tells_itself(chunk)) return mark(i);
  if (is_named_before(i, linked)) {
    const Run* run = chunks_.run_of(i);
    run == nullptr ? mark(i) : mark_run(*run);
  }
  state_->before = before;
  const SecretName name = find_secret_name(chunk.bytes, &state_->before);
  if (name.role != Role::kNone) read_name(i, name);
}

/// Inside a passphrase or a quotation that a name announced.
bool StretchReader::continues_phrase(const Chunk& chunk) {
  if (state_->left == 0) return false;
  --state_->left;
  if (state_->phrase ? ends_sentence(chunk) : has_quote(behind_core(chunk))) state_->left = 0;
  return true;
}

/// Whether the chunk is what a name asked for.
bool StretchReader::takes_awaited(const Chunk& chunk) {
  const Awaited awaited = state_->awaited;
  if (awaited == Awaited::kLink || awaited == Awaited::kSeparator) {
    wait_on(chunk);
    return false;
  }
  state_->awaited = Awaited::kNothing;
  if (awaited == Awaited::kNothing) return false;
  if (state_->phrase) {
    state_->left = ends_sentence(chunk) ? 0 : kLongestPhrase - 1;
    return true;
  }
  if (awaited == Awaited::kUnlessEveryday && is_everyday_word(chunk.core)) return false;
  const bool quoted = has_quote(before_core(chunk)) && !has_quote(behind_core(chunk));
  if (quoted) state_->left = kLongestQuotation - 1;
  return true;
}

/// Another word behind a name. Passwords wait for their link: "the password for the guests is",
/// "password (old): ".
void StretchReader::wait_on(const Chunk& chunk) {
  const bool far = state_->awaited == Awaited::kSeparator || state_->since_password == kNear;
  if (far || ends_sentence(chunk)) {
    state_->awaited = Awaited::kNothing;
  } else if (!chunk.core.empty() && holds(behind_core(chunk), ":")) {
    state_->awaited = Awaited::kAnything;
  }
}

/// Whether the chunk stands between a name and what it asks for.
bool StretchReader::links(const Chunk& chunk) {
  if (is_separator(chunk.bytes)) {
    state_->awaited = Awaited::kAnything;
    return true;
  }
  if (state_->awaited != Awaited::kLink) return false;
  const bool next = state_->since_password == 1;
  const bool verb = is_linking_verb(chunk.core) && (next || !state_->phrase);
  if (!verb && !(next && is_dash(chunk.bytes))) return false;
  const bool colon = behind_core(chunk).starts_with(':');
  state_->awaited = colon ? Awaited::kAnything : Awaited::kUnlessEveryday;
  return true;
}

/// Whether a name shortly before makes a secret of the chunk, or of the number that it begins.
bool StretchReader::is_named_before(std::size_t i, bool linked) const {
  const Chunk& chunk = chunks_.all()[i];
  if (state_->since_password <= kNear && (chunk.odd || is_humped(chunk.core))) return true;
  if (chunk.odd && state_->since_code <= kNear) return may_be_mixed_code(chunk.core);
  const Run* run = chunks_.run_of(i);
  if (run == nullptr || run->first != i || !is_short(*run)) return false;
  const Number number = chunks_.number(*run);
  if (state_->since_account <= kNear && may_be_account(number)) return true;
  if (state_->since_code > kNear || !may_be_code(number)) return false;
  return !is_year(number) || linked || state_->since_code == 1;
}

void StretchReader::read_name(std::size_t i, const SecretName& name) {
  switch (name.role) {
    case Role::kCode:
      state_->since_code = 0;
      break;
    case Role::kAccount:
      state_->since_account = 0;
      break;
    case Role::kIdentity:
      state_->since_code = 0;
      state_->since_account = 0;
      break;
    default:
      name_secret(i, name);
  }
  if (name.after == After::kValue && is_code_value(name.value)) mark(i);
  mark_before(i);
}

/// A password, passphrase, token or key.
void StretchReader::name_secret(std::size_t i, const SecretName& name) {
  state_->since_password = 0;
  state_->phrase = name.role == Role::kPassphrase;
  if (name.after == After::kValue) mark(i);
  // "The secret is out", "the token is new": only what is odd then.
  state_->awaited = name.role == Role::kSecret ? Awaited::kSeparator : Awaited::kLink;
  if (name.after == After::kSeparator) state_->awaited = Awaited::kAnything;
  const bool ends = name.after == After::kValue || ends_sentence(chunks_.all()[i]);
  if (ends) state_->awaited = Awaited::kNothing;
}

/// What stands shortly before a name is its secret too: "482913 is your code".
void StretchReader::mark_before(std::size_t i) {
  for (std::size_t j = i - std::min(kNear, i); j < i; ++j) {
    const Chunk& chunk = chunks_.all()[j];
    const bool code = state_->since_code == 0;
    if (chunk.odd && state_->since_password == 0) mark(j);
    if (chunk.odd && code && may_be_mixed_code(chunk.core)) mark(j);
    const Run* run = chunks_.run_of(j);
    if (run == nullptr || run->last != j || !is_short(*run)) continue;
    const Number number = chunks_.number(*run);
    if (code && may_be_code(number) && !is_year(number)) mark_run(*run);
    if (state_->since_account == 0 && may_be_account(number)) mark_run(*run);
  }
}

void StretchReader::mark_run(const Run& run) {
  for (std::size_t i = run.first; i <= run.last; ++i) mark(i);
}

}  // namespace foretype::context
