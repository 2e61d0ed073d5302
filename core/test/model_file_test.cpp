// Model containers: a good one is read as it was written; of the bad ones each
// spoils one thing, and the error names it.
#include "propose/lm/model_file.h"

#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "propose/lm/json_reader.h"
#include "propose/lm/model_config.h"
#include "tiny_container.h"

namespace {

using foretype::ErrorCode;
using foretype::lm::JsonReader;
using foretype::lm::parse_decimal;
using foretype::lm::parse_model;
using namespace foretype::lm::testing;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

void expect_error(const std::vector<std::uint8_t>& bytes, ErrorCode code, std::string_view detail) {
  const auto result = parse_model(bytes);
  if (result.ok()) return expect(false, "accepted, but expected: " + std::string(detail));
  const foretype::Error& error = result.error();
  const bool right = error.code == code && error.detail.find(detail) != std::string::npos;
  expect(right, "expected \"" + std::string(detail) + "\", got code " +
                    std::to_string(static_cast<int>(error.code)) + " \"" + error.detail + "\"");
}

void reads_what_was_written() {
  const std::vector<std::uint8_t> bytes = file_bytes(tiny_container());
  const auto result = parse_model(bytes);
  if (!result.ok()) return expect(false, "good file refused: " + result.error().detail);
  const foretype::lm::ModelFile& model = result.value();
  expect(model.config.width == 32 && model.config.vocabulary == 20, "sizes");
  expect(model.config.rope_base == 10000.0f && model.config.norm_epsilon == 1e-5f, "numbers");
  expect(model.layers.size() == 1 && columns_of(model.layers[0].output) == 64, "layers");
  expect(rows_of(model.head.first) == 32 && columns_of(model.head.first) == 32, "padded head");
  expect(model.row_of_token[0] == 19 && model.row_of_token[18] == 1, "rows of tokens");
  expect(model.merges == std::vector<std::uint32_t>{1, 2, 18, 3}, "merges");
  expect(std::string_view(model.token_bytes.data(), 3) == "<e>", "token bytes");
  expect(model.name == "tiny \u00e9\U0001F600\n", "escapes in the name");
  const auto* end = reinterpret_cast<const char*>(bytes.data() + bytes.size());
  expect(model.token_bytes.data() + model.token_bytes.size() == end, "bytes used to the end");
}

template <typename Encoding>
bool is(const foretype::kernels::Matrix& matrix) {
  return std::holds_alternative<Encoding>(matrix);
}

void reads_every_encoding() {
  using namespace foretype::kernels;
  const std::vector<std::uint8_t> bytes = file_bytes(coded_container());
  const auto result = parse_model(bytes);
  if (!result.ok()) return expect(false, "version 2 refused: " + result.error().detail);
  const foretype::lm::ModelFile& model = result.value();
  const foretype::lm::LayerWeights& layer = model.layers[0];
  expect(is<CodedMatrix>(layer.query) && std::get<CodedMatrix>(layer.query).bits == 3, "3 bits");
  expect(is<CodedMatrix>(layer.key) && std::get<CodedMatrix>(layer.key).bits == 4, "4 bits");
  expect(is<SparseMatrix>(layer.value) && is<Int4Matrix>(layer.output), "sparse, and as before");
  expect(is<CodedMatrix>(model.head.first) && rows_of(model.head.first) == 32, "a head of codes");
  expect(model.config.ffn_width == 96 && layer.ffn_width() == 32, "a narrower layer");
  const auto& sparse = std::get<SparseMatrix>(layer.value);
  expect(sparse.mask[1] == 0x5A && sparse.group_end[11] == 3, "what a sparse matrix keeps");
}

/// coded_container with the rows of four tokens and the padding in a matrix of their own.
TinyContainer parted_container(std::uint64_t common) {
  TinyContainer out = coded_container();
  const std::vector<TinyTensor> tensors = std::exchange(out.tensors, {});
  for (const TinyTensor& tensor : tensors) {
    const bool head = tensor.name.starts_with("head.") && tensor.name != "head.row_of_token";
    if (head || tensor.name.starts_with("padding.")) continue;
    pad(&out);
    out.tensors.push_back(tensor);
  }
  std::vector<std::uint32_t> tokens;
  for (std::uint32_t token = 1; token <= common; ++token) tokens.push_back(token);
  pad(&out);
  add(&out, "tokenizer.common", "U32", {common}, tokens);
  add_coded(&out, "head", 4, 16, 32);
  add_coded(&out, "head.others", 3, 16, 32);
  return out;
}

void reads_a_head_in_two_parts() {
  using namespace foretype::kernels;
  const std::vector<std::uint8_t> bytes = file_bytes(parted_container(16));
  const auto result = parse_model(bytes);
  if (!result.ok()) return expect(false, "two parts refused: " + result.error().detail);
  const foretype::lm::Head& head = result.value().head;
  expect(rows_of(head.first) == 16 && std::get<CodedMatrix>(head.first).bits == 4, "common rows");
  expect(head.second && std::get<CodedMatrix>(*head.second).bits == 3, "the others' rows");
  for (const std::uint64_t common : {0, 15, 17}) {
    expect_error(file_bytes(parted_container(common)), ErrorCode::kCorrupt,
                 "head.others begins within a block");
  }
  TinyContainer short_one = parted_container(16);
  short_one.tensor("head.others.row_scale").name = "head.others.scales";
  expect_error(file_bytes(short_one), ErrorCode::kCorrupt, "head.others.row_scale is missing");
}

using Spoil = std::function<void(TinyContainer*)>;

void check(ErrorCode code, std::string_view detail, const Spoil& spoil) {
  TinyContainer container = tiny_container();
  spoil(&container);
  expect_error(file_bytes(container), code, detail);
}

void check_coded(std::string_view detail, const Spoil& spoil) {
  TinyContainer container = coded_container();
  spoil(&container);
  expect_error(file_bytes(container), ErrorCode::kCorrupt, detail);
}

void check_value(ErrorCode code, std::string_view detail, const char* key, const char* value) {
  check(code, detail, [&](TinyContainer* c) { c->value(key) = value; });
}

void refuses_metadata() {
  check_value(ErrorCode::kWrongFormat, "not a Foretype model", "format", "gguf");
  check_value(ErrorCode::kWrongVersion, "version \"3\"", "version", "3");
  check_value(ErrorCode::kUnsupported, "\"mamba\"", "architecture", "mamba");
  check_value(ErrorCode::kCorrupt, "layers is \"0\"", "layers", "0");
  check_value(ErrorCode::kCorrupt, "layers is \"-1\"", "layers", "-1");
  check_value(ErrorCode::kCorrupt, "vocabulary is", "vocabulary", "99999999999999999999");
  check_value(ErrorCode::kCorrupt, "width is \"32 \"", "width", "32 ");
  check_value(ErrorCode::kCorrupt, "width is \"\"", "width", "");
  check_value(ErrorCode::kUnsupported, "a width of 33", "width", "33");
  check_value(ErrorCode::kUnsupported, "an FFN width of 40", "ffn_width", "40");
  check_value(ErrorCode::kUnsupported, "a head width of 128", "head_width", "128");
  check_value(ErrorCode::kCorrupt, "do not divide", "kv_heads", "2");
  check_value(ErrorCode::kCorrupt, "begin token", "begin_token", "20");
  check_value(ErrorCode::kCorrupt, "begin token", "begin_token", "x");
  for (const char* bad : {"0", "-1", "nan", "inf", "1e", "1e999", "1.2.3", "1 ", ""}) {
    check_value(ErrorCode::kCorrupt, "rope_base is", "rope_base", bad);
  }
}

void refuses_tensors() {
  constexpr auto kCorrupt = ErrorCode::kCorrupt;
  check(kCorrupt, "layers.0.ffn.up.q has not the shape",
        [](TinyContainer* c) { c->tensor("layers.0.ffn.up.q").shape = {1, 2, 64, 4}; });
  check(kCorrupt, "final_norm has the type I32 and not F32",
        [](TinyContainer* c) { c->tensor("final_norm").dtype = "I32"; });
  check(kCorrupt, "layers.1.attention.norm is missing",
        [](TinyContainer* c) { c->value("layers") = "2"; });
  check(kCorrupt, "is not aligned to 64 bytes", [](TinyContainer* c) {
    c->tensors.insert(c->tensors.begin(), {"padding", "U8", {32}, std::string(32, '\0')});
  });
  check(kCorrupt, "which is not what its shape asks for",
        [](TinyContainer* c) { c->tensor("final_norm").shape = {31}; });
  check(kCorrupt, "which is not what its shape asks for", [](TinyContainer* c) {
    c->tensor("final_norm").shape = {1ull << 62, 1ull << 62};  // their product overflows
  });
  check(ErrorCode::kUnsupported, "unknown type F64",
        [](TinyContainer* c) { c->tensor("final_norm").dtype = "F64"; });
  check(kCorrupt, "head.row_of_token is no permutation",
        [](TinyContainer* c) { c->tensor("head.row_of_token").data[0] = 18; });
  check(kCorrupt, "head.row_of_token is no permutation",
        [](TinyContainer* c) { c->tensor("head.row_of_token").data[3] = '\x80'; });
  check(kCorrupt, "does not divide the token bytes",
        [](TinyContainer* c) { c->tensor("tokenizer.token_offsets").data[4] = 9; });
  check(kCorrupt, "does not divide the token bytes",
        [](TinyContainer* c) { c->tensor("tokenizer.token_offsets").data[80] = 26; });
  check(kCorrupt, "names unknown tokens",
        [](TinyContainer* c) { c->tensor("tokenizer.merges").data[0] = 20; });
  check(kCorrupt, "not a rising list",
        [](TinyContainer* c) { c->tensor("tokenizer.specials").data[0] = 20; });
  check(kCorrupt, "is not a list of pairs",
        [](TinyContainer* c) { c->tensor("tokenizer.merges").shape = {4}; });
  check(kCorrupt, "not what safetensors allows", [](TinyContainer* c) {
    c->tensors.push_back({"final_norm", "U8", {0}, ""});  // the second of that name
  });
}

void refuses_codes() {
  const std::string value = "layers.0.attention.value";
  const auto set = [&](const char* part, std::size_t place, char byte) {
    return [=](TinyContainer* c) { c->tensor(value + part).data[place] = byte; };
  };
  const char* const wrong = "value keeps other blocks than it says";
  check_coded(wrong, set(".mask", 0, '\x7F'));       // seven blocks
  check_coded(wrong, set(".mask", 1, '\x3F'));       // another number of pairs
  check_coded(wrong, set(".group", 2, 1));           // beyond the columns
  check_coded(wrong, set(".group_end", 0, 0));       // the first group under another number
  check_coded(wrong, set(".group_end", 4 * 15, 4));  // more groups than there are
  check_coded(wrong, set(".group_end", 4 * 15, 2));  // falling
  check_coded(wrong, set(".group_end", 3, '\x80'));
  check_coded(wrong, set(".pair_begin", 4, 5));
  check_coded(wrong, [&](TinyContainer* c) {
    c->tensor(value + ".q4").shape = {8, 64};
    c->tensor(value + ".q4").data.resize(8 * 64);
  });
  check_coded("group_scale has not the shape",
              [&](TinyContainer* c) { c->tensor(value + ".group_scale").shape = {48, 1}; });
  check_coded("value.row_scale is missing",
              [&](TinyContainer* c) { c->tensor(value + ".row_scale").name = "other"; });
  check_coded("query.q3 has not the shape", [](TinyContainer* c) {
    c->tensor("layers.0.attention.query.q3").shape = {2, 2, 192};
  });
  check_coded("gate is missing, or not as wide", [](TinyContainer* c) {
    c->value("ffn_width") = "0032";
    c->tensor("layers.0.ffn.gate.row_scale").shape = {2, 16};
  });
  check_coded("ffn.up.q has not the shape", [](TinyContainer* c) {  // narrower than its gate
    add_coded(c, "other", 4, 64, 32);
    for (const char* part : {".q4", ".group_scale", ".row_scale"}) {
      c->tensor(std::string("layers.0.ffn.gate") + part).name = "unused";
      c->tensor(std::string("other") + part).name = std::string("layers.0.ffn.gate") + part;
    }
    c->tensor("unused").name = "unused.1";
    c->tensor("unused").name = "unused.2";
  });
  check_coded("query.q is missing", [](TinyContainer* c) { c->value("version") = "1"; });
}

/// The header's text with the first `from` replaced.
void check_header(ErrorCode code, std::string_view detail, std::string_view from,
                  std::string_view to) {
  const TinyContainer container = tiny_container();
  std::string text = header_text(container);
  text.replace(text.find(from), from.size(), to);
  expect_error(file_bytes(container, text), code, detail);
}

void refuses_headers() {
  constexpr auto kCorrupt = ErrorCode::kCorrupt;
  check_header(kCorrupt, "does not follow", "\"data_offsets\":[0,", "\"data_offsets\":[64,");
  check_header(kCorrupt, "does not follow", "[0,128]", "[128,0]");
  check_header(kCorrupt, "not fully described", "[0,128]", "[0]");
  check_header(ErrorCode::kTruncated, "are left", "[0,128]", "[0,18446744073709551615]");
  check_header(kCorrupt, "not what safetensors allows", "[0,128]", "[0,18446744073709551616]");
  check_header(kCorrupt, "not what safetensors allows", "[0,128]", "[00,128]");
  check_header(kCorrupt, "not what safetensors allows", "\"shape\"", "\"form\"");
  check_header(kCorrupt, "not what safetensors allows", "[32]", "[1,1,1,1,1,1,1,1,32]");
  check_header(kCorrupt, "not what safetensors allows", "}}", "},}");
  check_header(kCorrupt, "not what safetensors allows", "\\u00e9", "\\ud800");
  check_header(kCorrupt, "not what safetensors allows", "\\u00e9", "\\x");
  check_header(kCorrupt, "not what safetensors allows", "tiny", "ti\ny");
}

void refuses_hostile_lengths() {
  std::vector<std::uint8_t> bytes = file_bytes(tiny_container());
  bytes.push_back(0);
  expect_error(bytes, ErrorCode::kCorrupt, "1 bytes belong to no tensor");
  std::memset(bytes.data(), 0xFF, 8);
  expect_error(bytes, ErrorCode::kTruncated, "needs 18446744073709551615 bytes");
  std::memset(bytes.data(), 0, 8);
  expect_error(bytes, ErrorCode::kCorrupt, "not what safetensors allows");
  const std::string_view gguf("GGUF\3\0\0\0\x10\1\0\0", 12);
  expect_error({gguf.begin(), gguf.end()}, ErrorCode::kWrongFormat, "no safetensors header");
}

void refuses_every_shorter_file() {
  const std::vector<std::uint8_t> whole = file_bytes(tiny_container());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::uint8_t> part(whole.begin(),
                                         whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto result = parse_model(part);
    const bool truncated = !result.ok() && result.error().code == ErrorCode::kTruncated;
    if (!truncated) return expect(false, "not truncated at " + std::to_string(size));
  }
}

void reads_decimals() {
  expect(parse_decimal("9.999999747378752e-06") == 9.999999747378752e-06, "epsilon");
  expect(parse_decimal("100000.0") == 100000.0, "rope base");
  expect(parse_decimal("2.5E+2") == 250.0 && !parse_decimal("1e+-2"), "a plus sign");
  expect(parse_decimal("0") == 0.0 && !parse_decimal("."), "digits are needed");
  expect(!parse_decimal("-1") && !parse_decimal("0x10") && !parse_decimal("1e2e3"), "no others");
}

void reads_json() {
  JsonReader json(R"( { "a\/\t\u0041" : 18446744073709551615 , "" : 0 } )");
  std::string keys;
  const bool read = read_object(&json, [&](const std::string& key) {
    keys += key + "|";
    return json.integer().has_value();
  });
  expect(read && json.at_end() && keys == "a/\tA||", "an object");
  for (const char* bad : {"01", "-1", "", "+1", "18446744073709551616"}) {
    JsonReader number{std::string_view(bad)};
    expect(!number.integer() || !number.at_end(), bad);
  }
  for (const char* bad : {"\"", "\"\\", "\"\\u12\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "'a'",
                          "\"\xC3\"", "\"\xED\xA0\x80\"", "\"\x1F\""}) {
    expect(!JsonReader(std::string_view(bad)).string(), bad);
  }
}

}  // namespace

int main() {
  reads_what_was_written();
  reads_every_encoding();
  reads_a_head_in_two_parts();
  refuses_metadata();
  refuses_tensors();
  refuses_codes();
  refuses_headers();
  refuses_hostile_lengths();
  refuses_every_shorter_file();
  reads_decimals();
  reads_json();
  return failures == 0 ? 0 : 1;
}
