#include "propose/lm/model_file.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <optional>
#include <utility>

#include "propose/lm/model_config.h"
#include "propose/lm/safetensors.h"
#include "propose/lm/tensor_table.h"

namespace foretype::lm {
namespace {

using kernels::kRowBlock;

constexpr std::uintptr_t kBaseAlignment = 4;  // in memory: norms are read as floats in place

LayerWeights read_layer(TensorTable* table, const Config& config, int layer, int window) {
  const std::string prefix = "layers." + std::to_string(layer) + ".";
  const int query = config.heads * config.head_width;
  const int keys = config.kv_heads * config.head_width;
  const int width = config.width;
  const int ffn = table->rows_in_file(prefix + "ffn.gate", config.ffn_width);
  return {
      .attention_window = window,
      .attention_norm = table->norm(prefix + "attention.norm", width),
      .query = table->matrix(prefix + "attention.query", query, width),
      .key = table->matrix(prefix + "attention.key", keys, width),
      .value = table->matrix(prefix + "attention.value", keys, width),
      .output = table->matrix(prefix + "attention.output", width, query),
      .ffn_norm = table->norm(prefix + "ffn.norm", width),
      .gate = table->matrix(prefix + "ffn.gate", ffn, width),
      .up = table->matrix(prefix + "ffn.up", ffn, width),
      .down = table->matrix(prefix + "ffn.down", width, ffn),
  };
}

void read_tables(TensorTable* table, ModelFile* model) {
  model->row_of_token = table->table<std::int32_t>("head.row_of_token", "I32");
  model->token_offsets = table->table<std::uint32_t>("tokenizer.token_offsets", "U32");
  model->specials = table->table<std::uint32_t>("tokenizer.specials", "U32");
  model->common = table->optional_table<std::uint32_t>("tokenizer.common", "U32");
  model->token_bytes = table->text("tokenizer.token_bytes");
}

/// Merges have two dimensions: [count, 2].
std::optional<Error> read_merges(const Safetensors& file, int vocabulary,
                                 std::vector<std::uint32_t>* out) {
  const std::string name = "tokenizer.merges";
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end()) return corrupt_tensor(name, "is missing");
  const Tensor& tensor = found->second;
  if (tensor.dtype != "U32" || tensor.shape.size() != 2 || tensor.shape[1] != 2) {
    return corrupt_tensor(name, "is not a list of pairs");
  }
  out->resize(tensor.bytes.size() / sizeof(std::uint32_t));
  if (!out->empty()) std::memcpy(out->data(), tensor.bytes.data(), tensor.bytes.size());
  const auto outside = [vocabulary](std::uint32_t token) {
    return token >= static_cast<std::uint32_t>(vocabulary);
  };
  if (std::any_of(out->begin(), out->end(), outside))
    return corrupt_tensor(name, "names unknown tokens");
  return std::nullopt;
}

std::optional<Error> check_rows(const ModelFile& model) {
  const auto size = static_cast<std::size_t>(model.config.vocabulary);
  const std::string name = "head.row_of_token";
  if (model.row_of_token.size() != size)
    return corrupt_tensor(name, "has not one row for each token");
  std::vector<bool> taken(size, false);
  for (const std::int32_t row : model.row_of_token) {
    const bool inside = row >= 0 && static_cast<std::size_t>(row) < size;
    if (!inside || taken[static_cast<std::size_t>(row)])
      return corrupt_tensor(name, "is no permutation");
    taken[static_cast<std::size_t>(row)] = true;
  }
  return std::nullopt;
}

std::optional<Error> check_token_bytes(const ModelFile& model) {
  const std::vector<std::uint32_t>& offsets = model.token_offsets;
  const std::string name = "tokenizer.token_offsets";
  if (offsets.size() != static_cast<std::size_t>(model.config.vocabulary) + 1) {
    return corrupt_tensor(name, "has not one end for each token");
  }
  if (offsets.front() != 0 || offsets.back() != model.token_bytes.size() ||
      !std::is_sorted(offsets.begin(), offsets.end())) {
    return corrupt_tensor(name, "does not divide the token bytes");
  }
  return std::nullopt;
}

bool rising_tokens(const std::vector<std::uint32_t>& tokens, int vocabulary) {
  const bool rising =
      std::adjacent_find(tokens.begin(), tokens.end(), std::greater_equal<>()) == tokens.end();
  return rising && (tokens.empty() || tokens.back() < static_cast<std::uint32_t>(vocabulary));
}

std::optional<Error> check_lists(const ModelFile& model) {
  for (const auto& [name, tokens] :
       {std::pair{"tokenizer.specials", &model.specials}, {"tokenizer.common", &model.common}}) {
    if (!rising_tokens(*tokens, model.config.vocabulary))
      return corrupt_tensor(name, "is not a rising list of tokens");
  }
  return std::nullopt;
}

int padded(int rows) { return (rows + kRowBlock - 1) / kRowBlock * kRowBlock; }

/// In two parts where the rows of tokens that are not common have a matrix of their own.
std::optional<Error> read_head(TensorTable* table, ModelFile* model) {
  const std::string name = "head.others";
  const int rows = padded(model->config.vocabulary);
  const int width = model->config.width;
  if (!table->holds_codes(name)) {
    model->head.first = table->head("head", rows, width);
    return std::nullopt;
  }
  const std::size_t common = model->common.size();
  if (common == 0 || common % kRowBlock != 0 || common >= static_cast<std::size_t>(rows)) {
    return corrupt_tensor(name, "begins within a block of rows");
  }
  const int split = static_cast<int>(common);
  model->head.first = table->head("head", split, width);
  model->head.second = table->head(name, rows - split, width);
  return std::nullopt;
}

}  // namespace

Result<ModelFile> parse_model(std::span<const std::uint8_t> bytes) {
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % kBaseAlignment != 0) {
    return Error{ErrorCode::kUnsupported, 0, "the bytes start at an odd address"};
  }
  const Result<Safetensors> parsed = parse_safetensors(bytes);
  if (!parsed.ok()) return parsed.error();
  const Safetensors& file = parsed.value();
  const Result<Config> config = read_config(file);
  if (!config.ok()) return config.error();

  ModelFile model{};
  model.config = config.value();
  const auto windows = read_attention_windows(file, model.config.layers);
  if (!windows.ok()) return windows.error();
  TensorTable table(file, version_of(file));
  for (int layer = 0; layer < model.config.layers && !table.error(); ++layer) {
    model.layers.push_back(
        read_layer(&table, model.config, layer, windows.value()[static_cast<std::size_t>(layer)]));
  }
  model.final_norm = table.norm("final_norm", model.config.width);
  read_tables(&table, &model);
  if (auto error = read_head(&table, &model)) return *error;
  if (table.error()) return *table.error();
  if (auto error = read_merges(file, model.config.vocabulary, &model.merges)) return *error;
  for (const auto check : {check_rows, check_token_bytes, check_lists}) {
    if (auto error = check(model)) return *error;
  }
  model.name = metadata_text(file, "name");
  model.license = metadata_text(file, "licence");
  model.source = metadata_text(file, "source");
  return model;
}

}  // namespace foretype::lm
