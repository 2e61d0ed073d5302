#include "propose/lm/score.h"

#include <algorithm>
#include <array>
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
        cache_(model, kWindow, 0),
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

  // Logits after the batch's vectors [first, first + count), at the places given.
  const float* logits(int first, int count, std::span<const HeadRows::Range> places) {
    forward_.logits(hidden_.data() + first * model_.config().width, count, places, logits_.data(),
                    static_cast<int>(stride()));
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

double log_probability(const Model& model, const float* logits, int place) {
  std::vector<float> exponentials(logits, logits + model.text_rows());
  const float max = model.kernels().max(logits, model.text_rows());
  const float sum = model.kernels().exp_sum(exponentials.data(), model.text_rows(), max);
  return static_cast<double>(logits[place] - max) - std::log(static_cast<double>(sum));
}

}  // namespace

double negative_log_likelihood(const Model& model, std::string_view text, std::string_view before) {
  std::vector<Token> context, scored;
  model.tokenizer().encode(before, &context);
  model.tokenizer().encode(text, &scored);
  Reader reader(model);
  for (const Token token : context) reader.push(token);
  reader.compute_rest();
  const std::array all{HeadRows::Range{0, model.text_rows()}};
  if (scored.empty()) return 0;
  const auto score = [&](const float* logits, std::size_t token) {
    const int place = model.head_rows().place(model.row_of(scored[token]));
    return -log_probability(model, logits, place);
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
  const auto [common, others] = model.head_rows().places(rows);
  const std::array places{common, others};
  std::vector<Token> tokens;
  while (static_cast<int>(tokens.size()) < count) {
    reader.compute_rest();
    const float* logits = reader.logits(reader.last(), 1, places);
    const float* best = std::max_element(logits + common.first, logits + common.last);
    const float* other = std::max_element(logits + others.first, logits + others.last);
    if (common.first == common.last || (others.first < others.last && *other > *best)) best = other;
    tokens.push_back(model.token_of(model.head_rows().row_at(static_cast<int>(best - logits))));
    reader.push(tokens.back());
  }
  return tokens;
}

}  // namespace foretype::lm
