#include "propose/lm/model_config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace foretype::lm {
namespace {

constexpr std::string_view kFormat = "foretype-model";
constexpr std::array<std::string_view, 2> kVersions = {"1", "2"};
constexpr std::string_view kArchitecture = "llama";
constexpr int kHeadWidth = 64;  // what the attention kernels compute
constexpr int kMaxExponent = 300;
constexpr std::string_view kWindowsKey = "attention_windows";
constexpr int kLeastWindow = 64;  // more than the tokens that are looked ahead
constexpr int kMostWindow = 1 << 20;

// Far above any model that runs on a device; the product of any two fits an int.
constexpr int kMaxLayers = 1024;
constexpr int kMaxWidth = 1 << 15;
constexpr int kMaxVocabulary = 1 << 22;

struct Size {
  std::string_view key;
  int Config::* field;
  int least;
  int most;
};

constexpr std::array<Size, 7> kSizes{{
    {"layers", &Config::layers, 1, kMaxLayers},
    {"width", &Config::width, 1, kMaxWidth},
    {"heads", &Config::heads, 1, kMaxWidth / kHeadWidth},
    {"kv_heads", &Config::kv_heads, 1, kMaxWidth / kHeadWidth},
    {"head_width", &Config::head_width, 1, kMaxWidth},
    {"ffn_width", &Config::ffn_width, 1, kMaxWidth},
    {"vocabulary", &Config::vocabulary, 1, kMaxVocabulary},
}};

Error metadata_error(ErrorCode code, std::string detail) { return {code, 0, std::move(detail)}; }

Error bad_value(std::string_view key, std::string_view text) {
  return metadata_error(ErrorCode::kCorrupt, "the metadata says " + std::string(key) + " is \"" +
                                                 std::string(text.substr(0, 40)) + "\"");
}

std::optional<Error> check_identity(const Safetensors& file) {
  if (metadata_text(file, "format") != kFormat) {
    return metadata_error(ErrorCode::kWrongFormat, "a safetensors file, but not a Foretype model");
  }
  if (version_of(file) == 0) {
    const std::string version = metadata_text(file, "version");
    return metadata_error(ErrorCode::kWrongVersion,
                          "version \"" + version.substr(0, 40) +
                              "\" of the format; this program reads versions up to " +
                              std::string(kVersions.back()));
  }
  if (const std::string name = metadata_text(file, "architecture"); name != kArchitecture) {
    return metadata_error(ErrorCode::kUnsupported, "the architecture \"" + name.substr(0, 40) +
                                                       "\" where only \"llama\" is supported");
  }
  return std::nullopt;
}

std::optional<int> parse_integer(std::string_view text) {
  int value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc() || stop != end || text.empty()) return std::nullopt;
  return value;
}

/// "e-06", "E+2", "e7".
std::optional<int> parse_exponent(std::string_view text) {
  if (text.empty() || (text[0] != 'e' && text[0] != 'E')) return std::nullopt;
  text.remove_prefix(1);
  const bool plus = text.starts_with('+');
  if (plus) text.remove_prefix(1);
  const std::optional<int> value = parse_integer(text);
  if (!value || (plus && *value < 0)) return std::nullopt;
  if (*value > kMaxExponent || *value < -kMaxExponent) return std::nullopt;
  return value;
}

std::optional<Error> read_positive(const Safetensors& file, std::string_view key, float* out) {
  const std::string text = metadata_text(file, key);
  const std::optional<double> value = parse_decimal(text);
  if (!value) return bad_value(key, text);
  *out = static_cast<float>(*value);
  if (!std::isnormal(*out)) return bad_value(key, text);
  return std::nullopt;
}

/// What the kernels' block shapes and the attention's grouping ask for.
std::optional<Error> check_shape(const Config& config) {
  const auto unsupported = [](std::string_view what, int size) {
    return metadata_error(ErrorCode::kUnsupported,
                          std::string(what) + " of " + std::to_string(size));
  };
  if (config.head_width != kHeadWidth) return unsupported("a head width", config.head_width);
  if (config.width % kernels::kGroup != 0) return unsupported("a width", config.width);
  if (config.ffn_width % kernels::kGroup != 0) return unsupported("an FFN width", config.ffn_width);
  if (config.heads % config.kv_heads != 0) {
    return metadata_error(ErrorCode::kCorrupt, "key/value heads do not divide the query heads");
  }
  if (config.begin_token < 0 || config.begin_token >= config.vocabulary) {
    return metadata_error(ErrorCode::kCorrupt, "the begin token is not in the vocabulary");
  }
  return std::nullopt;
}

}  // namespace

int version_of(const Safetensors& file) {
  const std::string text = metadata_text(file, "version");
  const auto* const found = std::find(kVersions.begin(), kVersions.end(), text);
  return found == kVersions.end() ? 0 : static_cast<int>(found - kVersions.begin()) + 1;
}

std::string metadata_text(const Safetensors& file, std::string_view key) {
  const auto found = file.metadata.find(key);
  return found == file.metadata.end() ? std::string() : found->second;
}

std::optional<double> parse_decimal(std::string_view text) {
  double value = 0;
  int exponent = 0, digits = 0;
  bool fraction = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && !fraction) {
      fraction = true;
    } else if (c >= '0' && c <= '9' && digits < kMaxExponent) {
      value = value * 10 + (c - '0');
      exponent -= fraction ? 1 : 0;
      ++digits;
    } else {
      break;
    }
  }
  if (digits == 0) return std::nullopt;
  if (i < text.size()) {
    const std::optional<int> written = parse_exponent(text.substr(i));
    if (!written) return std::nullopt;
    exponent += *written;
  }
  return exponent < 0 ? value / std::pow(10.0, -exponent) : value * std::pow(10.0, exponent);
}

Result<Config> read_config(const Safetensors& file) {
  if (const auto error = check_identity(file)) return *error;
  Config config;
  for (const Size& size : kSizes) {
    const std::string text = metadata_text(file, size.key);
    const std::optional<int> value = parse_integer(text);
    if (!value || *value < size.least || *value > size.most) return bad_value(size.key, text);
    config.*size.field = *value;
  }
  const std::string begin = metadata_text(file, "begin_token");
  config.begin_token = parse_integer(begin).value_or(-1);
  if (const auto error = read_positive(file, "rope_base", &config.rope_base)) return *error;
  if (const auto error = read_positive(file, "norm_epsilon", &config.norm_epsilon)) return *error;
  if (const auto error = check_shape(config)) return *error;
  return config;
}

Result<std::vector<int>> read_attention_windows(const Safetensors& file, int layers) {
  std::vector<int> windows;
  const std::string text = metadata_text(file, kWindowsKey);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::optional<int> window =
        parse_integer(std::string_view(text).substr(begin, end - begin));
    if (!window || (*window != 0 && (*window < kLeastWindow || *window > kMostWindow))) {
      return bad_value(kWindowsKey, text);
    }
    windows.push_back(*window);
    begin = end + 1;
  }
  if (windows.empty()) windows.assign(static_cast<std::size_t>(layers), 0);
  if (windows.size() != static_cast<std::size_t>(layers)) return bad_value(kWindowsKey, text);
  return windows;
}

}  // namespace foretype::lm
