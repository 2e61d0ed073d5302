// The numbers in a model container's metadata: read, and held to what we can run.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "foretype/error.h"
#include "propose/lm/model_file.h"
#include "propose/lm/safetensors.h"

namespace foretype::lm {

/// The configuration, if the file says it is a model of a version we read and its sizes are
/// within bounds. Sizes that pass cannot overflow 64 bits when multiplied in pairs.
Result<Config> read_config(const Safetensors& file);

/// Of each layer: how many of the newest tokens its attention sees; 0: all.
Result<std::vector<int>> read_attention_windows(const Safetensors& file, int layers);

/// Of the format; 0 for one that this program does not read.
int version_of(const Safetensors& file);

/// The metadata's value, or an empty string.
std::string metadata_text(const Safetensors& file, std::string_view key);

/// A plain decimal number such as "100000.0" or "1e-05"; independent of the locale.
std::optional<double> parse_decimal(std::string_view text);

}  // namespace foretype::lm
