#include "propose/lm/score.h"

#include <algorithm>
#include <cmath>

#include "propose/lm/forward.h"
#include "propose/lm/stream.h"

namespace foretype::lm {
namespace {

constexpr int kWindow = 1024;
constexpr int kSlide = 256;

// A stream with its cache, computed as far as it goes.
class Reader {
 public:
  explicit Reader(const Model& model)
      : model_(model),
        cache_(model.config(), kWindow),
        forward_(model, kWindow),
        stream_(model, kWindow, kSlide),
        hidden_(static_cast<std::size_t>(kMaxBatch) *
                static_cast<std::size_t>(model.config().width)),
        logits_(static_cast<std::size_t>(kMaxBatch) * stride()) {}

  void push(Token token) {
    if (stream_.size() == kWindow) compute_rest();
    stream_.make_room(&cache_);
    stream_.push(token);
  }

  // One batch of what is not computed yet; how many it was.
  int compute() {
    const std::vector<Step> steps = stream_.next_steps(kMaxBatch);
    if (steps.empty()) return 0;
    forward_.run(steps, &cache_, hidden_.data());
    stream_.mark_computed(static_cast<int>(steps.size()));
    return static_cast<int>(steps.size());
  }

  void compute_rest() {
    int count = 0;
    while (const int more = compute()) count = more;
    if (count > 0) last_ = count - 1;
  }

  std::size_t stride() const {
    return static_cast<std::size_t>((model_.text_rows() + kernels::kRowBlock - 1) /
                                    kernels::kRowBlock * kernels::kRowBlock);
  }

  // Logits after the batch's vectors [first, first + count), of the rows given.
  const float* logits(int first, int count, Tokenizer::Range rows) {
    forward_.logits(hidden_.data() + first * model_.config().width, count, rows.first, rows.last,
                    logits_.data(), static_cast<int>(stride()));
    return logits_.data();
  }

  int last() const { return last_; }
  Stream& stream() { return stream_; }

 private:
  const Model& model_;
  KeyValueCache cache_;
  Forward forward_;
  Stream stream_;
  std::vector<float> hidden_;
  std::vector<float> logits_;
  int last_ = 0;
};

double log_probability(const Model& model, const float* logits, int row) {
  std::vector<float> exponentials(logits, logits + model.text_rows());
  const float max = model.kernels().max(logits, model.text_rows());
  const float sum = model.kernels().exp_sum(exponentials.data(), model.text_rows(), max);
  return static_cast<double>(logits[row] - max) - std::log(static_cast<double>(sum));
}

}  // namespace

double negative_log_likelihood(const Model& model, std::string_view text, std::string_view before) {
  std::vector<Token> context, scored;
  model.tokenizer().encode(before, &context);
  model.tokenizer().encode(text, &scored);
  Reader reader(model);
  for (const Token token : context) reader.push(token);
  reader.compute_rest();
  const Tokenizer::Range all{0, model.text_rows()};
  if (scored.empty()) return 0;
  const auto score = [&](const float* logits, std::size_t token) {
    return -log_probability(model, logits, model.row_of(scored[token]));
  };
  double nats = score(reader.logits(reader.last(), 1, all), 0);
  // The vector after token i scores token i + 1; the last token's own vector is not needed.
  for (std::size_t next = 0; next + 1 < scored.size();) {
    const std::size_t end = std::min(scored.size() - 1, next + kMaxBatch);
    for (std::size_t i = next; i < end; ++i) reader.push(scored[i]);
    const int count = reader.compute();
    const float* logits = reader.logits(0, count, all);
    for (int b = 0; b < count; ++b) {
      nats += score(logits + static_cast<std::size_t>(b) * reader.stride(),
                    next + static_cast<std::size_t>(b) + 1);
    }
    next += static_cast<std::size_t>(count);
  }
  return nats;
}

std::vector<Token> decode_greedily(const Model& model, std::span<const Token> prompt, int count,
                                   bool words_only) {
  Reader reader(model);
  for (const Token token : prompt) reader.push(token);
  const Tokenizer::Range rows =
      words_only ? model.rows_of_first_byte(' ') : Tokenizer::Range{0, model.text_rows()};
  std::vector<Token> tokens;
  while (static_cast<int>(tokens.size()) < count) {
    reader.compute_rest();
    const float* logits = reader.logits(reader.last(), 1, rows);
    const float* best = std::max_element(logits + rows.first, logits + rows.last);
    tokens.push_back(model.token_of(static_cast<int>(best - logits)));
    reader.push(tokens.back());
  }
  return tokens;
}

}  // namespace foretype::lm
