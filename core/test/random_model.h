// A small model of random weights that runs: right in every shape, wise in
// nothing. Its vocabulary lacks the bytes 1 and 2, as real ones lack some.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/half.h"
#include "kernels/kernels.h"
#include "propose/lm/model.h"
#include "tiny_container.h"

namespace foretype::lm::testing {

inline void store_half(double value, std::size_t index, std::string* out) {
  const std::uint16_t half = kernels::float_to_half(static_cast<float>(value));
  std::memcpy(out->data() + 2 * index, &half, 2);
}

/// Random nibbles q in 0..15 with w = scale * (q - 7.5), so that outputs are as large as inputs.
inline void fill_int4(TinyContainer* out, const std::string& name, std::uint64_t columns,
                      std::mt19937* random) {
  for (char& byte : out->tensor(name + ".q").data) byte = static_cast<char>((*random)());
  std::string& scale = out->tensor(name + ".scale").data;
  std::string& offset = out->tensor(name + ".offset").data;
  for (std::size_t i = 0; i < scale.size() / 2; ++i) {
    const double step = 0.2 / std::sqrt(static_cast<double>(columns)) *
                        (0.8 + 0.1 * static_cast<double>((*random)() % 5));
    store_half(step, i, &scale);
    store_half(-7.5 * step, i, &offset);
  }
}

struct RandomVocabulary {
  std::vector<std::string> tokens = {"<begin>"};  // 0, the control token
  std::vector<std::uint32_t> merges;

  RandomVocabulary() {
    for (int byte = 0; byte < 256; ++byte) {
      if (byte != 1 && byte != 2) tokens.emplace_back(1, static_cast<char>(byte));
    }
    for (const char* word :
         {" t", "he", " the", "in",  "ing", " a", "an", " an", "re", "\n\n", "on",
          "er", " s", "at",   " in", "or",  " w", "it", " m",  "me", "th",   "the"}) {
      merge_to(word);
    }
  }

  std::uint32_t id(std::string_view token) const {
    std::uint32_t at = 0;
    while (at < tokens.size() && tokens[at] != token) ++at;
    return at;
  }

  // A merge of the two tokens that it is made of; the last split that exists.
  void merge_to(const std::string& token) {
    for (std::size_t split = token.size() - 1; split > 0; --split) {
      const std::uint32_t left = id(token.substr(0, split));
      const std::uint32_t right = id(token.substr(split));
      if (left >= tokens.size() || right >= tokens.size()) continue;
      merges.insert(merges.end(), {left, right});
      tokens.push_back(token);
      return;
    }
  }
};

/// Puts the rows of an 8-bit matrix of `columns` into another order: row i becomes to[i].
inline void move_rows(TinyContainer* out, const std::string& name, std::size_t columns,
                      const std::vector<std::uint32_t>& to) {
  std::string& q = out->tensor(name + ".q").data;
  std::string& scale = out->tensor(name + ".scale").data;
  const std::string old_q = q, old_scale = scale;
  for (std::size_t from = 0; from < to.size(); ++from) {
    const auto at = [&](std::size_t row, std::size_t parts, std::size_t part) {
      return (row / 16 * parts + part) * 16 + row % 16;
    };
    for (std::size_t part = 0; part < columns / 4; ++part) {
      q.replace(4 * at(to[from], columns / 4, part), 4, old_q, 4 * at(from, columns / 4, part), 4);
    }
    for (std::size_t part = 0; part < columns / 32; ++part) {
      scale.replace(2 * at(to[from], columns / 32, part), 2, old_scale,
                    2 * at(from, columns / 32, part), 2);
    }
  }
}

/// The container's bytes: `layers` of width 64, two query heads on one key head. The same weights
/// for every choice of `common` tokens, whose rows come first in the head, and of `windows`, as the
/// file has them.
inline std::vector<std::uint8_t> random_model_bytes(std::uint32_t seed, int layers = 2,
                                                    const std::vector<std::uint32_t>& common = {},
                                                    const std::string& windows = "") {
  constexpr std::uint64_t kWidth = 64, kQuery = 128, kKey = 64, kFfn = 96;
  const RandomVocabulary vocabulary;
  const std::uint64_t count = vocabulary.tokens.size();
  const std::uint64_t rows = (count + 15) / 16 * 16;
  std::mt19937 random(seed);
  TinyContainer out = tiny_container();
  out.tensors.clear();
  out.value("layers") = std::to_string(layers);
  out.value("width") = std::to_string(kWidth);
  out.value("heads") = "2";
  out.value("ffn_width") = std::to_string(kFfn);
  out.value("vocabulary") = std::to_string(count);
  if (!windows.empty()) out.metadata.emplace_back("attention_windows", windows);

  const auto matrix = [&](const std::string& name, std::uint64_t height, std::uint64_t columns) {
    add_int4(&out, name, height, columns);
    fill_int4(&out, name, columns, &random);
  };
  const auto norm = [&](const std::string& name) {
    std::vector<std::uint32_t> ones(kWidth, 0x3F800000u);  // 1.0f
    add(&out, name, "F32", {kWidth}, ones);
  };
  for (int layer = 0; layer < layers; ++layer) {
    const std::string prefix = "layers." + std::to_string(layer);
    norm(prefix + ".attention.norm");
    matrix(prefix + ".attention.query", kQuery, kWidth);
    matrix(prefix + ".attention.key", kKey, kWidth);
    matrix(prefix + ".attention.value", kKey, kWidth);
    matrix(prefix + ".attention.output", kWidth, kQuery);
    norm(prefix + ".ffn.norm");
    matrix(prefix + ".ffn.gate", kFfn, kWidth);
    matrix(prefix + ".ffn.up", kFfn, kWidth);
    matrix(prefix + ".ffn.down", kWidth, kFfn);
  }
  norm("final_norm");
  add(&out, "head.q", "I8", {rows / 16, kWidth / 4, 16, 4});
  for (char& byte : out.tensors.back().data) {
    byte = static_cast<char>(static_cast<int>(random() % 255) - 127);
  }
  add(&out, "head.scale", "F16", {rows / 16, kWidth / 32, 16});
  std::string& scale = out.tensors.back().data;
  for (std::size_t i = 0; i < scale.size() / 2; ++i) store_half(0.4 / 73, i, &scale);

  std::map<std::string, std::uint32_t> sorted;
  for (std::uint32_t id = 1; id < count; ++id) sorted[vocabulary.tokens[id]] = id;
  std::vector<std::uint32_t> row_of_token(count, static_cast<std::uint32_t>(count - 1));
  std::vector<std::uint32_t> place(count, static_cast<std::uint32_t>(count - 1));
  const std::set<std::uint32_t> first(common.begin(), common.end());
  std::uint32_t row = 0, next_common = 0, next_other = static_cast<std::uint32_t>(first.size());
  for (const auto& [token, id] : sorted) {
    place[row++] = row_of_token[id] = first.contains(id) ? next_common++ : next_other++;
  }
  move_rows(&out, "head", kWidth, place);
  std::vector<std::uint32_t> offsets = {0};
  std::string bytes;
  for (const std::string& token : vocabulary.tokens) {
    bytes += token;
    offsets.push_back(static_cast<std::uint32_t>(bytes.size()));
  }
  add(&out, "head.row_of_token", "I32", {count}, row_of_token);
  add(&out, "tokenizer.token_offsets", "U32", {count + 1}, offsets);
  add(&out, "tokenizer.merges", "U32", {vocabulary.merges.size() / 2, 2}, vocabulary.merges);
  add(&out, "tokenizer.specials", "U32", {1}, {0});
  if (!common.empty()) add(&out, "tokenizer.common", "U32", {common.size()}, common);
  add(&out, "tokenizer.token_bytes", "U8", {bytes.size()});
  out.tensors.back().data = bytes;
  return file_bytes(out);
}

/// The model and the bytes it lies in.
struct RandomModel {
  std::vector<std::uint8_t> bytes;
  std::shared_ptr<const Model> model;

  explicit RandomModel(std::uint32_t seed, std::string_view kernels = "",
                       const std::vector<std::uint32_t>& common = {},
                       const std::string& windows = "")
      : bytes(random_model_bytes(seed, 2, common, windows)) {
    auto opened = Model::open(bytes, *kernels::select(kernels));
    if (opened.ok()) model = opened.value();
  }
};

}  // namespace foretype::lm::testing
