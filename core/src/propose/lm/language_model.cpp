#include "propose/lm/language_model.h"

#include <algorithm>
#include <array>

namespace foretype::lm {
namespace {

constexpr std::string_view kBetweenMessages = "\n\n";
// A text that grows by more than this at once is read from its tail only.
constexpr std::size_t kTailBytes = 4096;
constexpr std::size_t kLongestFragment = 48;  // bytes; a longer one has no sensible completion
constexpr std::array<std::string_view, 8> kMarks = {",", ".", "?", "!", ":", ";", "\n", "\n\n"};
constexpr double kNewestSample = 0.2;  // weight of the newest measurement of speed

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const auto end = a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
  return static_cast<std::size_t>(std::mismatch(a.begin(), end, b.begin()).first - a.begin());
}

}  // namespace

LanguageModel::LanguageModel(const Model& model, const Effort& effort)
    : model_(&model),
      effort_(effort),
      cache_(model, effort.window, kMaxNodes),
      forward_(model, effort.window + kMaxNodes),
      stream_(model, effort.window, effort.slide),
      tree_(model, effort.window),
      watch_(model),
      hidden_(static_cast<std::size_t>(kMaxBatch) *
              static_cast<std::size_t>(model.config().width)) {
  begin_message();
}

void LanguageModel::restart(const std::deque<std::string>& memory) {
  std::vector<Token> tokens;
  for (const std::string& message : memory) {  // one by one, as finish() reads them
    model_->tokenizer().encode(message + std::string(kBetweenMessages), &tokens);
  }
  remember(tokens);
  begin_again();
}

void LanguageModel::read(std::string_view message) {
  const std::size_t same = common_prefix(message_, message);
  if (same < message_.size()) keep_only(same);
  message_.resize(std::min(message_.size(), same));
  message_.append(message.substr(message_.size()));
  const std::size_t stable = Tokenizer::stable_prefix(message_);
  if (stable > read_ + kTailBytes) skip_to_tail(message_, stable);
  if (stable > read_) append(std::string_view(message_).substr(read_, stable - read_));
  fragment_.assign(message_, read_);
}

void LanguageModel::finish(std::string_view message) {
  read(message);
  std::string rest = fragment_;
  rest += kBetweenMessages;
  append(rest);
  remember(std::vector<Token>(stream_.tokens().begin() + 1, stream_.tokens().end()));
  watch_.keep_only(0);
  begin_message();
}

void LanguageModel::wipe() {
  cache_.wipe();
  stream_.reset();
  tree_.wipe();
  watch_.wipe();
  std::fill(hidden_.begin(), hidden_.end(), 0.0F);
  memory_.clear();
  begin_message();
}

bool LanguageModel::catch_up(const Deadline& deadline) {
  if (tree_.has_root()) return true;
  if (stream_.complete()) stream_.reopen_last();
  while (!stream_.complete()) {
    const std::int64_t left = deadline.left_us();
    if (left <= 0) return false;
    // One token at least, so that however little time each key gives, the end is reached.
    const int affordable = static_cast<int>(
        std::clamp(static_cast<double>(left) / us_a_token_, 1.0, static_cast<double>(kMaxBatch)));
    compute_next(affordable, deadline);
  }
  return true;
}

Found LanguageModel::propose(const EndEstimate& end_estimate, const Deadline& deadline) {
  Found found;
  if (fragment_.size() > kLongestFragment) return found;
  tree_.cover(fragment_, &forward_);
  found = find(*model_, tree_, fragment_, end_estimate);
  for (int round = 0; round < effort_.rounds; ++round) {
    const auto affordable = static_cast<std::size_t>(
        std::clamp(static_cast<double>(deadline.left_us()) / us_a_token_ - 1.0, 0.0,
                   static_cast<double>(effort_.tokens_a_round)));
    if (!look_ahead(found, affordable, effort_.smallest_share)) break;
    found = find(*model_, tree_, fragment_, end_estimate);
  }
  return found;
}

bool LanguageModel::think(const EndEstimate& end_estimate, std::string_view shown) {
  if (!tree_.has_root()) {
    if (stream_.complete()) stream_.reopen_last();
    compute_next(effort_.read_a_thought, Deadline{});
    return true;
  }
  if (fragment_.size() > kLongestFragment) return false;
  tree_.cover(fragment_, &forward_);
  Found found = find(*model_, tree_, fragment_, end_estimate, Ahead::kNextWord);
  if (!shown.empty()) {
    const Reach reached = reach(*model_, tree_, fragment_, shown);
    if (reached.node != kNoNode && !reached.whole) {
      std::erase_if(found.wishes, [&](const Wish& wish) {
        return wish.parent == reached.node && wish.token == reached.missing;
      });
      found.wishes.insert(found.wishes.begin(), {reached.node, reached.missing, 1.0});
    }
  }
  return look_ahead(found, static_cast<std::size_t>(effort_.tokens_a_thought),
                    effort_.smallest_thought);
}

std::vector<Completion> LanguageModel::next_after(std::string_view text,
                                                  const EndEstimate& end_estimate) const {
  if (!tree_.has_root()) return {};
  const Reach reached = reach(*model_, tree_, fragment_, text);
  if (!reached.whole) return {};
  const Node& node = tree_.node(reached.node);
  const bool in_word = !text.empty() && is_word_byte(static_cast<unsigned char>(text.back()));
  std::vector<Completion> all = find_after(*model_, tree_, reached.node, in_word, end_estimate);
  const double complete = in_word ? end_probability(node) : 1.0;
  for (const std::string_view mark : kMarks) {
    std::vector<Token> tokens;
    model_->tokenizer().encode(mark, &tokens);
    const int row = tokens.size() == 1 ? model_->row_of(tokens.front()) : -1;
    if (row < node.first_row || row >= node.last_row || complete <= 0) continue;
    all.push_back({std::string(mark),
                   static_cast<double>(node.next[static_cast<std::size_t>(row)]) / complete,
                   tree_.child(reached.node, tokens.front())});
  }
  return all;
}

double LanguageModel::probability(std::string_view text, double beyond,
                                  const EndEstimate& end_estimate) const {
  return probability_of(*model_, tree_, fragment_, text, beyond, end_estimate);
}

statistics::State LanguageModel::state() const {
  return model_->projection().project(tree_.node(tree_.root()).hidden.data());
}

// Computes at most `limit` more tokens of the text in one batch; at its end the tree has a root.
void LanguageModel::compute_next(int limit, const Deadline& deadline) {
  const std::vector<Step> steps = stream_.next_steps(limit);
  const int count = static_cast<int>(steps.size());
  const std::int64_t begin = deadline.now_us();
  forward_.run(steps, &cache_, hidden_.data(), watch_.batch());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    watch_.read(steps[i].position - message_begin_, i, steps.size());
  }
  stream_.mark_computed(count);
  computed_tokens_ += count;
  if (deadline.clock != nullptr) {
    const auto took = static_cast<double>(deadline.now_us() - begin);
    us_a_token_ += kNewestSample * (took / count - us_a_token_);
  }
  if (stream_.complete()) tree_.plant(hidden_.data() + (count - 1) * model_->config().width);
}

// Computes the `most` greatest wishes that are worth it; false if there were none.
bool LanguageModel::look_ahead(const Found& found, std::size_t most, double smallest_share) {
  std::vector<std::pair<int, Token>> wanted;
  for (const Wish& wish : found.wishes) {
    if (wanted.size() >= most || wish.share < smallest_share) break;
    wanted.emplace_back(wish.parent, wish.token);
  }
  if (wanted.empty()) return false;
  if (tree_.free_nodes() < static_cast<int>(wanted.size())) tree_.prune(fragment_);
  const int computed = tree_.expand(wanted, stream_, &cache_, &forward_, watch_.batch());
  computed_tokens_ += computed;
  return computed > 0;
}

void LanguageModel::append(std::string_view text) {
  std::vector<Token> tokens;
  model_->tokenizer().encode(text, &tokens);
  std::size_t at = 0;
  for (const Token token : tokens) {
    push(token);
    // Bytes that are in no token may stand between and within those that are.
    for (const char byte : model_->tokenizer().bytes(token)) at = text.find(byte, at) + 1;
    token_ends_.push_back(read_ + at);
  }
  read_ += text.size();
}

void LanguageModel::push(Token token) {
  stream_.make_room(&cache_);
  const bool adopted = tree_.has_root() && tree_.advance(token, stream_.size(), &cache_);
  if (adopted) watch_.adopt(stream_.length() - message_begin_, tree_.node(tree_.root()).ffn);
  stream_.push(token);
  tree_.use(token);
  if (adopted) stream_.mark_computed(1);
}

// Only the message's first `same` bytes stay: its last words may be cut up in another way now.
void LanguageModel::keep_only(std::size_t same) {
  const std::size_t keep = Tokenizer::stable_prefix(std::string_view(message_).substr(0, same));
  if (keep >= read_) return;
  const auto tokens = std::upper_bound(token_ends_.begin(), token_ends_.end(), keep);
  const std::int64_t count = tokens - token_ends_.begin();
  watch_.keep_only(count);
  tree_.clear();
  if (keep < skipped_ || !stream_.truncate(message_begin_ + count, cache_)) {
    begin_again();
    return;
  }
  token_ends_.erase(tokens, token_ends_.end());
  read_ = keep;
}

// Keeps the last of these tokens as memory.
void LanguageModel::remember(const std::vector<Token>& tokens) {
  const auto most = static_cast<std::size_t>(effort_.memory_tokens);
  memory_.assign(tokens.end() - static_cast<std::ptrdiff_t>(std::min(tokens.size(), most)),
                 tokens.end());
}

// After the memory alone.
void LanguageModel::begin_again() {
  stream_.reset();
  tree_.clear();
  for (const Token token : memory_) push(token);
  begin_message();
}

void LanguageModel::begin_message() {
  message_.clear();
  fragment_.clear();
  token_ends_.clear();
  read_ = skipped_ = 0;
  message_begin_ = stream_.length();
}

// A long text came in at once: only its end is read, from a space on.
void LanguageModel::skip_to_tail(std::string_view message, std::size_t stable) {
  std::size_t begin = stable - kTailBytes;
  const std::size_t space = message.find(' ', begin);
  if (space != std::string_view::npos && space < stable) begin = space;
  while (begin < stable && (static_cast<unsigned char>(message[begin]) & 0xC0) == 0x80) ++begin;
  stream_.reset();
  tree_.clear();
  watch_.keep_only(0);
  token_ends_.clear();
  message_begin_ = stream_.length();
  read_ = skipped_ = begin;
}

}  // namespace foretype::lm
