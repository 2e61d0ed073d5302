// Reads our model container (a safetensors file, docs/formats/model.md) from
// bytes that the caller keeps mapped. Nothing is copied but small tables.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "foretype/error.h"
#include "kernels/matrix.h"
#include "propose/lm/head.h"
#include "propose/lm/tokenizer.h"

namespace foretype::lm {

struct Config {
  int layers = 0;
  int width = 0;       // hidden size
  int heads = 0;       // query heads
  int kv_heads = 0;    // key/value heads; divides heads
  int head_width = 0;  // 64 is what the kernels do
  int ffn_width = 0;   // of the widest layer
  int vocabulary = 0;
  float rope_base = 0;
  float norm_epsilon = 0;
  Token begin_token = 0;  // stands before every text
};

struct LayerWeights {
  int attention_window;         // newest tokens whose keys are seen beside slot 0's; 0: all
  const float* attention_norm;  // [width]
  kernels::Matrix query, key, value, output;
  const float* ffn_norm;  // [width]
  kernels::Matrix gate, up, down;

  int ffn_width() const { return kernels::rows_of(gate); }
};

/// All pointers lie inside the bytes given to parse.
struct ModelFile {
  Config config;
  std::vector<LayerWeights> layers;
  const float* final_norm;  // [width]
  Head head;
  std::vector<std::int32_t> row_of_token;  // [vocabulary]
  std::span<const char> token_bytes;
  std::vector<std::uint32_t> token_offsets;  // [vocabulary + 1]
  std::vector<std::uint32_t> merges;         // [2 * count]
  std::vector<std::uint32_t> specials;
  std::vector<std::uint32_t> common;  // empty where all tokens are alike
  std::string name, license, source;  // for people
};

/// Checks every length, offset and shape before it is used; query and key rows are in
/// half-split (Hugging Face, "rotate half") rope order.
Result<ModelFile> parse_model(std::span<const std::uint8_t> bytes);

}  // namespace foretype::lm
