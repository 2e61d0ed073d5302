// The safetensors file format: an 8-byte length, a JSON header, and the tensors'
// bytes. https://github.com/huggingface/safetensors#format
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "foretype/error.h"

namespace foretype::lm {

/// A tensor's place in the file. The bytes it names lie inside the file and are as many as its
/// type and shape ask for.
struct Tensor {
  std::string dtype;  // as in the header: "U8", "F16", ...
  std::vector<std::uint64_t> shape;
  std::uint64_t offset = 0;  // of its first byte in the file
  std::span<const std::uint8_t> bytes;
};

struct Safetensors {
  std::map<std::string, std::string, std::less<>> metadata;
  std::map<std::string, Tensor, std::less<>> tensors;
};

/// Checks the header against the bytes. Stricter than the format: tensors must be listed in the
/// order in which they lie, without gaps, up to the end of the file.
Result<Safetensors> parse_safetensors(std::span<const std::uint8_t> bytes);

}  // namespace foretype::lm
