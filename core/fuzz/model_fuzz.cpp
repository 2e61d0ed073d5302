// The model reader on any bytes, and on a good container with a few edits: it
// must refuse, or hand out only what lies inside the file.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../test/tiny_container.h"
#include "propose/lm/model_file.h"

namespace {

using foretype::lm::ModelFile;

constexpr std::size_t kEditBytes = 4;  // kind, place (2 bytes), value

void require(bool holds) {
  if (!holds) __builtin_trap();
}

/// Reads every byte, so that the address sanitizer judges the range.
void touch(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += bytes[i];
  require(sum <= 255 * size);
}

void touch(const foretype::kernels::Int4Matrix& matrix) {
  const auto size =
      static_cast<std::size_t>(matrix.rows) * static_cast<std::size_t>(matrix.columns);
  touch(matrix.q, size / 2);
  touch(matrix.scale, size / 16);
  touch(matrix.offset, size / 16);
}

void check(std::span<const std::uint8_t> file) {
  const auto result = foretype::lm::parse_model(file);
  if (!result.ok()) return require(!result.error().detail.empty());
  const ModelFile& model = result.value();
  const auto width = static_cast<std::size_t>(model.config.width);
  for (const foretype::lm::LayerWeights& layer : model.layers) {
    for (const float* norm : {layer.attention_norm, layer.ffn_norm}) touch(norm, 4 * width);
    for (const auto* matrix : {&layer.query, &layer.key, &layer.value, &layer.output, &layer.gate,
                               &layer.up, &layer.down}) {
      touch(*matrix);
    }
  }
  touch(model.final_norm, 4 * width);
  touch(model.head.q, static_cast<std::size_t>(model.head.rows) * width);
  touch(model.head.scale, static_cast<std::size_t>(model.head.rows) * width / 16);
  touch(model.token_bytes.data(), model.token_bytes.size());
  require(model.row_of_token.size() == static_cast<std::size_t>(model.config.vocabulary));
  require(model.token_offsets.back() == model.token_bytes.size());
}

/// The input as edits of the header or, rarely, of any place in the file.
std::vector<std::uint8_t> edited(std::span<const std::uint8_t> input) {
  static const auto container = foretype::lm::testing::tiny_container();
  static const std::vector<std::uint8_t> good = foretype::lm::testing::file_bytes(container);
  static const std::size_t header = foretype::lm::testing::header_text(container).size() + 8;
  std::vector<std::uint8_t> file = good;
  for (; input.size() >= kEditBytes && !file.empty(); input = input.subspan(kEditBytes)) {
    const std::size_t reach = input[0] % 8 == 0 ? file.size() : std::min(header, file.size());
    const auto at = static_cast<std::ptrdiff_t>((input[1] << 8 | input[2]) % reach);
    const std::uint8_t kind = input[0] / 8 % 5;
    if (kind == 0) file.erase(file.begin() + at);
    if (kind == 1) file.insert(file.begin() + at, input[3]);
    if (kind == 2) file.resize(static_cast<std::size_t>(at));
    if (kind == 3)
      file[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>('0' + input[3] % 10);
    if (kind == 4) file[static_cast<std::size_t>(at)] = input[3];
  }
  file.shrink_to_fit();
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> raw(data, data + size);  // a copy of its own, aligned
  check(raw);
  check(edited(raw));
  return 0;
}
