// A model container of a few kilobytes, built by hand so that tests can spoil
// one thing at a time. Its weights are zeros: only the reader looks at it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace foretype::lm::testing {

struct TinyTensor {
  std::string name, dtype;
  std::vector<std::uint64_t> shape;
  std::string data;
};

struct TinyContainer {
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<TinyTensor> tensors;

  std::string& value(std::string_view key) {
    return std::find_if(metadata.begin(), metadata.end(),
                        [key](const auto& entry) { return entry.first == key; })
        ->second;
  }

  TinyTensor& tensor(std::string_view name) {
    return *std::find_if(tensors.begin(), tensors.end(),
                         [name](const TinyTensor& each) { return each.name == name; });
  }
};

/// Adds zeros, or `values`, as a tensor.
inline void add(TinyContainer* out, std::string name, std::string dtype,
                std::vector<std::uint64_t> shape, const std::vector<std::uint32_t>& values = {}) {
  std::uint64_t bytes = dtype.ends_with("32") ? 4 : dtype.ends_with("16") ? 2 : 1;
  for (const std::uint64_t size : shape) bytes *= size;
  std::string data(bytes, '\0');
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t byte = 0; byte < 4; ++byte) {
      data[4 * i + byte] = static_cast<char>(values[i] >> 8 * byte & 0xFF);
    }
  }
  out->tensors.push_back({std::move(name), std::move(dtype), std::move(shape), std::move(data)});
}

inline void add_int4(TinyContainer* out, const std::string& name, std::uint64_t rows,
                     std::uint64_t columns) {
  add(out, name + ".q", "U8", {rows / 16, columns / 8, 64});
  add(out, name + ".scale", "F16", {rows / 16, columns / 32, 16});
  add(out, name + ".offset", "F16", {rows / 16, columns / 32, 16});
}

/// Up to the next multiple of 64, where the next tensor of weights may begin.
inline void pad(TinyContainer* out) {
  std::uint64_t size = 0;
  for (const TinyTensor& tensor : out->tensors) size += tensor.data.size();
  if (size % 64 == 0) return;
  add(out, "padding." + std::to_string(out->tensors.size()), "U8", {64 - size % 64});
}

inline void add_coded(TinyContainer* out, const std::string& name, std::uint64_t bits,
                      std::uint64_t rows, std::uint64_t columns) {
  pad(out);
  add(out, name + ".q" + std::to_string(bits), "U8", {rows / 16, columns / 32, 64 * bits});
  add(out, name + ".group_scale", "I8", {rows / 16, columns / 32, 16});
  pad(out);
  add(out, name + ".row_scale", "F32", {rows});
}

/// 64 rows of 32 columns, of which the four row blocks keep four, two, one and no pair of blocks.
inline void add_sparse(TinyContainer* out, const std::string& name) {
  const auto begin = [&](const char* part, const char* dtype, std::vector<std::uint64_t> shape,
                         const std::vector<std::uint32_t>& values = {}) {
    pad(out);
    add(out, name + part, dtype, std::move(shape), values);
  };
  begin(".pair_begin", "U32", {4}, {0, 4, 6, 7});
  begin(".group_end", "U32", {4, 4}, {1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3});
  begin(".group", "U16", {3});
  begin(".mask", "U8", {3});
  out->tensors.back().data = "\xFF\x5A\x81";
  begin(".q4", "U8", {7, 64});
  begin(".group_scale", "I8", {3, 16});
  begin(".row_scale", "F32", {64});
  pad(out);
}

/// One layer of width 32, one head, FFN 32; twenty tokens: a control token, the letters a to q,
/// "ab" and "abc".
inline TinyContainer tiny_container() {
  constexpr std::uint64_t kWidth = 32, kHead = 64, kFfn = 32, kVocabulary = 20, kRows = 32;
  TinyContainer out;
  out.metadata = {{"format", "foretype-model"},
                  {"version", "1"},
                  {"architecture", "llama"},
                  {"layers", "1"},
                  {"width", "32"},
                  {"heads", "1"},
                  {"kv_heads", "1"},
                  {"head_width", "64"},
                  {"ffn_width", "32"},
                  {"vocabulary", "20"},
                  {"rope_base", "10000.0"},
                  {"norm_epsilon", "1e-05"},
                  {"begin_token", "0"},
                  {"name", "tiny \\u00e9\\ud83d\\ude00\\n"},
                  {"licence", "Apache-2.0"},
                  {"source", "a test"}};
  add(&out, "layers.0.attention.norm", "F32", {kWidth});
  add_int4(&out, "layers.0.attention.query", kHead, kWidth);
  add_int4(&out, "layers.0.attention.key", kHead, kWidth);
  add_int4(&out, "layers.0.attention.value", kHead, kWidth);
  add_int4(&out, "layers.0.attention.output", kWidth, kHead);
  add(&out, "layers.0.ffn.norm", "F32", {kWidth});
  add_int4(&out, "layers.0.ffn.gate", kFfn, kWidth);
  add_int4(&out, "layers.0.ffn.up", kFfn, kWidth);
  add_int4(&out, "layers.0.ffn.down", kWidth, kFfn);
  add(&out, "final_norm", "F32", {kWidth});
  add(&out, "head.q", "I8", {kRows / 16, kWidth / 4, 16, 4});
  add(&out, "head.scale", "F16", {kRows / 16, kWidth / 32, 16});

  std::vector<std::uint32_t> rows = {19}, offsets = {0, 3};  // "<e>" is token 0
  for (std::uint32_t letter = 0; letter < 17; ++letter) {
    rows.push_back(letter == 0 ? 0 : letter + 2);  // a, ab, abc, b, c, ...
    offsets.push_back(4 + letter);
  }
  rows.insert(rows.end(), {1, 2});
  offsets.insert(offsets.end(), {22, 25});
  add(&out, "head.row_of_token", "I32", {kVocabulary}, rows);
  add(&out, "tokenizer.token_offsets", "U32", {kVocabulary + 1}, offsets);
  add(&out, "tokenizer.merges", "U32", {2, 2}, {1, 2, 18, 3});
  add(&out, "tokenizer.specials", "U32", {1}, {0});
  add(&out, "tokenizer.token_bytes", "U8", {25});
  out.tensors.back().data = "<e>abcdefghijklmnopqababc";
  return out;
}

/// The same model in version 2: matrices in every encoding, the layer's FFN narrower than the
/// widest there may be.
inline TinyContainer coded_container() {
  const TinyContainer plain = tiny_container();
  TinyContainer out;
  out.metadata = plain.metadata;
  out.value("version") = "2";
  out.value("ffn_width") = "96";
  for (const TinyTensor& tensor : plain.tensors) {
    const std::string name = tensor.name.substr(0, tensor.name.rfind('.'));
    const bool rest = tensor.name.ends_with(".scale") || tensor.name.ends_with(".offset");
    const bool first = tensor.name.ends_with(".q");
    if (name == "layers.0.attention.output" || name == "layers.0.ffn.up" || (!first && !rest)) {
      pad(&out);
      out.tensors.push_back(tensor);
    } else if (first && name == "layers.0.attention.value") {
      add_sparse(&out, name);
    } else if (first) {
      const bool three = name == "layers.0.attention.query" || name == "layers.0.ffn.down";
      add_coded(&out, name, three ? 3 : 4,
                name.ends_with("query") || name.ends_with("key") ? 64 : 32, 32);
    }
  }
  return out;
}

inline std::string header_text(const TinyContainer& container) {
  std::string text = "{\"__metadata__\":{";
  for (const auto& [key, value] : container.metadata) {
    text += "\"" + key + "\":\"" + value + "\",";
  }
  text.back() = '}';
  std::uint64_t end = 0;
  for (const TinyTensor& tensor : container.tensors) {
    text += ",\"" + tensor.name + R"(":{"dtype":")" + tensor.dtype + R"(","shape":[)";
    for (const std::uint64_t size : tensor.shape) text += std::to_string(size) + ",";
    if (!tensor.shape.empty()) text.pop_back();
    text += "],\"data_offsets\":[" + std::to_string(end) + ",";
    end += tensor.data.size();
    text += std::to_string(end) + "]}";
  }
  return text + "}";
}

/// The file: `text` as the header, padded with spaces to 64 bytes, and the tensors.
inline std::vector<std::uint8_t> file_bytes(const TinyContainer& container, std::string text) {
  text.append((64 - (8 + text.size()) % 64) % 64, ' ');
  std::vector<std::uint8_t> out;
  for (int byte = 0; byte < 8; ++byte) {
    out.push_back(static_cast<std::uint8_t>(text.size() >> 8 * byte & 0xFF));
  }
  out.insert(out.end(), text.begin(), text.end());
  for (const TinyTensor& tensor : container.tensors) {
    out.insert(out.end(), tensor.data.begin(), tensor.data.end());
  }
  out.shrink_to_fit();
  return out;
}

inline std::vector<std::uint8_t> file_bytes(const TinyContainer& container) {
  return file_bytes(container, header_text(container));
}

}  // namespace foretype::lm::testing
