#include "propose/lm/model.h"

#include <cmath>
#include <string_view>
#include <utility>

namespace foretype::lm {

Result<std::shared_ptr<const Model>> Model::open(std::span<const std::uint8_t> bytes,
                                                 const kernels::Table& kernels) {
  Result<ModelFile> file = parse_model(bytes);
  if (!file.ok()) return file.error();
  const ModelFile& parts = file.value();
  Result<Tokenizer> tokenizer =
      Tokenizer::create(parts.token_bytes, parts.token_offsets, parts.merges, parts.specials);
  if (!tokenizer.ok()) return tokenizer.error();

  for (const std::uint32_t token : parts.common) {
    if (tokenizer.value().is_special(static_cast<Token>(token))) {
      return Error{ErrorCode::kCorrupt, 0, "a control token is named as a common one"};
    }
  }
  HeadRows rows(tokenizer.value(), parts.common);
  const auto sorted = tokenizer.value().sorted();
  for (int row = 0; row < rows.size(); ++row) {
    const auto token = static_cast<std::size_t>(sorted[static_cast<std::size_t>(row)]);
    if (parts.row_of_token[token] != rows.place(row)) {
      return Error{ErrorCode::kCorrupt, 0, "head rows are not in the order of their tokens' bytes"};
    }
  }
  return std::shared_ptr<const Model>(
      new Model(std::move(file.value()), std::move(tokenizer.value()), std::move(rows), kernels));
}

Model::Model(ModelFile file, Tokenizer tokenizer, HeadRows head_rows, const kernels::Table& kernels)
    : file_(std::move(file)),
      tokenizer_(std::move(tokenizer)),
      head_rows_(std::move(head_rows)),
      row_of_token_(file_.row_of_token),
      kernels_(&kernels),
      projection_(static_cast<std::size_t>(file_.config.width)) {
  for (const LayerWeights& layer : file_.layers) {
    ffn_widths_.push_back(static_cast<std::size_t>(layer.ffn_width()));
  }
  for (int row = 0; row < text_rows(); ++row) {
    row_of_token_[static_cast<std::size_t>(token_of(row))] = row;
  }
  const int half = file_.config.head_width / 2;
  for (int i = 0; i < half; ++i) {
    frequency_.push_back(std::pow(static_cast<double>(file_.config.rope_base),
                                  -static_cast<double>(i) / static_cast<double>(half)));
  }
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    first_byte_[static_cast<std::size_t>(byte)] = tokenizer_.with_prefix(std::string_view(&c, 1));
  }
}

void Model::embed(Token token, float* x) const {
  read_row(file_.head, file_.row_of_token[static_cast<std::size_t>(token)], x);
}

void Model::rotation(std::int64_t position, float* cosine, float* sine) const {
  for (std::size_t i = 0; i < frequency_.size(); ++i) {
    const double angle = static_cast<double>(position) * frequency_[i];
    cosine[i] = static_cast<float>(std::cos(angle));
    sine[i] = static_cast<float>(std::sin(angle));
  }
}

void rotate(float* head, int head_width, const float* cosine, const float* sine) {
  const int half = head_width / 2;
  for (int i = 0; i < half; ++i) {
    const float a = head[i];
    const float b = head[i + half];
    head[i] = a * cosine[i] - b * sine[i];
    head[i + half] = b * cosine[i] + a * sine[i];
  }
}

}  // namespace foretype::lm
