#include "propose/lm/model_file.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include "propose/lm/model_config.h"
#include "propose/lm/safetensors.h"

namespace foretype::lm {
namespace {

using kernels::kColumnBlock;
using kernels::kGroup;
using kernels::kRowBlock;
using Shape = std::initializer_list<int>;

constexpr std::uint64_t kWeightAlignment = 64;  // in the file: a cache line
constexpr std::uintptr_t kBaseAlignment = 4;    // in memory: norms are read as floats in place

Error corrupt(const std::string& name, std::string_view what) {
  return {ErrorCode::kCorrupt, 0, "tensor " + name + " " + std::string(what)};
}

bool has_shape(const Tensor& tensor, Shape shape) {
  return std::equal(
      shape.begin(), shape.end(), tensor.shape.begin(), tensor.shape.end(),
      [](int wanted, std::uint64_t found) { return static_cast<std::uint64_t>(wanted) == found; });
}

/// Hands out the file's tensors as what the model needs them to be. The first that is missing or
/// of another type, shape or place is kept as the error; what is handed out then is not used.
class TensorTable {
 public:
  explicit TensorTable(const Safetensors& file) : file_(file) {}

  kernels::Int4Matrix int4(const std::string& name, int rows, int columns) {
    const int blocks = rows / kRowBlock;
    const Shape groups = {blocks, columns / kGroup, kRowBlock};
    return {rows, columns,
            weights<std::uint8_t>(name + ".q", "U8", {blocks, columns / (2 * kColumnBlock), 64}),
            weights<std::uint16_t>(name + ".scale", "F16", groups),
            weights<std::uint16_t>(name + ".offset", "F16", groups)};
  }

  kernels::Int8Matrix int8(const std::string& name, int rows, int columns) {
    const int blocks = rows / kRowBlock;
    return {rows, columns,
            weights<std::int8_t>(name + ".q", "I8",
                                 {blocks, columns / kColumnBlock, kRowBlock, kColumnBlock}),
            weights<std::uint16_t>(name + ".scale", "F16", {blocks, columns / kGroup, kRowBlock})};
  }

  const float* norm(const std::string& name, int width) {
    return weights<float>(name, "F32", {width});
  }

  /// A copy, since tables need not be aligned.
  template <typename T>
  std::vector<T> table(const std::string& name, std::string_view dtype) {
    const Tensor* tensor = find(name, dtype);
    if (!tensor || tensor->shape.size() != 1) {
      fail(corrupt(name, "is not a list"));
      return {};
    }
    std::vector<T> values(tensor->bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), tensor->bytes.data(), tensor->bytes.size());
    return values;
  }

  std::span<const char> text(const std::string& name) {
    const Tensor* tensor = find(name, "U8");
    if (!tensor) return {};
    return {reinterpret_cast<const char*>(tensor->bytes.data()), tensor->bytes.size()};
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  template <typename T>
  const T* weights(const std::string& name, std::string_view dtype, Shape shape) {
    const Tensor* tensor = find(name, dtype);
    if (!tensor) return nullptr;
    if (!has_shape(*tensor, shape)) fail(corrupt(name, "has not the shape the sizes ask for"));
    if (tensor->offset % kWeightAlignment != 0) fail(corrupt(name, "is not aligned to 64 bytes"));
    return reinterpret_cast<const T*>(tensor->bytes.data());
  }

  const Tensor* find(const std::string& name, std::string_view dtype) {
    const auto found = file_.tensors.find(name);
    if (found == file_.tensors.end()) {
      fail(corrupt(name, "is missing"));
      return nullptr;
    }
    if (found->second.dtype != dtype) {
      fail(corrupt(name, "has the type " + found->second.dtype + " and not " + std::string(dtype)));
      return nullptr;
    }
    return &found->second;
  }

  void fail(Error error) {
    if (!error_) error_ = std::move(error);
  }

  const Safetensors& file_;
  std::optional<Error> error_;
};

LayerWeights read_layer(TensorTable* table, const Config& config, int layer) {
  const std::string prefix = "layers." + std::to_string(layer) + ".";
  const int query = config.heads * config.head_width;
  const int keys = config.kv_heads * config.head_width;
  const int width = config.width, ffn = config.ffn_width;
  return {
      .attention_norm = table->norm(prefix + "attention.norm", width),
      .query = table->int4(prefix + "attention.query", query, width),
      .key = table->int4(prefix + "attention.key", keys, width),
      .value = table->int4(prefix + "attention.value", keys, width),
      .output = table->int4(prefix + "attention.output", width, query),
      .ffn_norm = table->norm(prefix + "ffn.norm", width),
      .gate = table->int4(prefix + "ffn.gate", ffn, width),
      .up = table->int4(prefix + "ffn.up", ffn, width),
      .down = table->int4(prefix + "ffn.down", width, ffn),
  };
}

void read_tables(TensorTable* table, ModelFile* model) {
  model->row_of_token = table->table<std::int32_t>("head.row_of_token", "I32");
  model->token_offsets = table->table<std::uint32_t>("tokenizer.token_offsets", "U32");
  model->specials = table->table<std::uint32_t>("tokenizer.specials", "U32");
  model->token_bytes = table->text("tokenizer.token_bytes");
}

/// Merges have two dimensions: [count, 2].
std::optional<Error> read_merges(const Safetensors& file, int vocabulary,
                                 std::vector<std::uint32_t>* out) {
  const std::string name = "tokenizer.merges";
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end()) return corrupt(name, "is missing");
  const Tensor& tensor = found->second;
  if (tensor.dtype != "U32" || tensor.shape.size() != 2 || tensor.shape[1] != 2) {
    return corrupt(name, "is not a list of pairs");
  }
  out->resize(tensor.bytes.size() / sizeof(std::uint32_t));
  if (!out->empty()) std::memcpy(out->data(), tensor.bytes.data(), tensor.bytes.size());
  const auto outside = [vocabulary](std::uint32_t token) {
    return token >= static_cast<std::uint32_t>(vocabulary);
  };
  if (std::any_of(out->begin(), out->end(), outside)) return corrupt(name, "names unknown tokens");
  return std::nullopt;
}

std::optional<Error> check_rows(const ModelFile& model) {
  const auto size = static_cast<std::size_t>(model.config.vocabulary);
  const std::string name = "head.row_of_token";
  if (model.row_of_token.size() != size) return corrupt(name, "has not one row for each token");
  std::vector<bool> taken(size, false);
  for (const std::int32_t row : model.row_of_token) {
    const bool inside = row >= 0 && static_cast<std::size_t>(row) < size;
    if (!inside || taken[static_cast<std::size_t>(row)]) return corrupt(name, "is no permutation");
    taken[static_cast<std::size_t>(row)] = true;
  }
  return std::nullopt;
}

std::optional<Error> check_token_bytes(const ModelFile& model) {
  const std::vector<std::uint32_t>& offsets = model.token_offsets;
  const std::string name = "tokenizer.token_offsets";
  if (offsets.size() != static_cast<std::size_t>(model.config.vocabulary) + 1) {
    return corrupt(name, "has not one end for each token");
  }
  if (offsets.front() != 0 || offsets.back() != model.token_bytes.size() ||
      !std::is_sorted(offsets.begin(), offsets.end())) {
    return corrupt(name, "does not divide the token bytes");
  }
  return std::nullopt;
}

std::optional<Error> check_specials(const ModelFile& model) {
  const auto& specials = model.specials;
  const bool rising = std::adjacent_find(specials.begin(), specials.end(),
                                         std::greater_equal<>()) == specials.end();
  const bool inside =
      specials.empty() || specials.back() < static_cast<std::uint32_t>(model.config.vocabulary);
  if (!rising || !inside) return corrupt("tokenizer.specials", "is not a rising list of tokens");
  return std::nullopt;
}

int padded(int rows) { return (rows + kRowBlock - 1) / kRowBlock * kRowBlock; }

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
  TensorTable table(file);
  for (int layer = 0; layer < model.config.layers && !table.error(); ++layer) {
    model.layers.push_back(read_layer(&table, model.config, layer));
  }
  model.final_norm = table.norm("final_norm", model.config.width);
  model.head = table.int8("head", padded(model.config.vocabulary), model.config.width);
  read_tables(&table, &model);
  if (table.error()) return *table.error();
  if (auto error = read_merges(file, model.config.vocabulary, &model.merges)) return *error;
  for (const auto check : {check_rows, check_token_bytes, check_specials}) {
    if (auto error = check(model)) return *error;
  }
  model.name = metadata_text(file, "name");
  model.license = metadata_text(file, "licence");
  model.source = metadata_text(file, "source");
  return model;
}

}  // namespace foretype::lm
