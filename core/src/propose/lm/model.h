// A model ready to run: weights, tokenizer, kernels, and the small tables that
// decoding reads. Immutable; shared by all sessions of an engine.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "foretype/error.h"
#include "kernels/kernels.h"
#include "propose/lm/head_rows.h"
#include "propose/lm/model_file.h"
#include "propose/lm/tokenizer.h"
#include "statistics/projection.h"

namespace foretype::lm {

class Model {
 public:
  /// `bytes` must stay valid and unchanged for the life of the model.
  static Result<std::shared_ptr<const Model>> open(std::span<const std::uint8_t> bytes,
                                                   const kernels::Table& kernels);

  const Config& config() const { return file_.config; }
  const ModelFile& file() const { return file_; }
  const Tokenizer& tokenizer() const { return tokenizer_; }
  const kernels::Table& kernels() const { return *kernels_; }
  /// Of hidden states, for statistics.
  const statistics::Projection& projection() const { return projection_; }

  /// FFN units of each layer.
  std::span<const std::size_t> ffn_widths() const { return ffn_widths_; }

  /// Text tokens by rows, in the order of Tokenizer::sorted(); control tokens have rows behind.
  int text_rows() const { return static_cast<int>(tokenizer_.sorted().size()); }
  int row_of(Token token) const { return row_of_token_[static_cast<std::size_t>(token)]; }
  Token token_of(int row) const { return tokenizer_.sorted()[static_cast<std::size_t>(row)]; }

  /// Where these rows stand in the output head.
  const HeadRows& head_rows() const { return head_rows_; }

  /// Rows whose token begins with this byte: [first, last).
  Tokenizer::Range rows_of_first_byte(std::uint8_t byte) const { return first_byte_[byte]; }

  /// x[width] = the input embedding of a token.
  void embed(Token token, float* x) const;

  /// cosine[head_width / 2], sine[head_width / 2] of a rotary position.
  void rotation(std::int64_t position, float* cosine, float* sine) const;

 private:
  Model(ModelFile file, Tokenizer tokenizer, HeadRows head_rows, const kernels::Table& kernels);

  ModelFile file_;
  Tokenizer tokenizer_;
  HeadRows head_rows_;
  std::vector<std::int32_t> row_of_token_;  // [vocabulary]
  const kernels::Table* kernels_;
  statistics::Projection projection_;
  std::vector<std::size_t> ffn_widths_;
  std::vector<double> frequency_;  // [head_width / 2], radians a position
  std::array<Tokenizer::Range, 256> first_byte_;
};

/// Rotates the two halves of one head: (a, b) -> (a cos - b sin, b cos + a sin).
void rotate(float* head, int head_width, const float* cosine, const float* sine);

}  // namespace foretype::lm
