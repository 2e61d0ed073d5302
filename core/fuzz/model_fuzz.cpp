// The model reader on any bytes, and on a good container with a few edits: it
// must refuse, or hand out only what lies inside the file.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../test/tiny_container.h"
#include "propose/lm/model.h"
#include "propose/lm/model_file.h"

namespace {

using foretype::lm::Model;
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

/// The same, as the forward pass reads weights.
void touch(const foretype::kernels::Matrix& matrix) {
  std::vector<float> row(static_cast<std::size_t>(foretype::kernels::columns_of(matrix)));
  for (int i = 0; i < foretype::kernels::rows_of(matrix); ++i) {
    foretype::kernels::read_row(matrix, i, row.data());
  }
}

/// Tokenizer, and the order of the head's rows, common tokens first.
void check_order(std::span<const std::uint8_t> file) {
  const auto opened = Model::open(file, *foretype::kernels::select(""));
  if (!opened.ok()) return require(!opened.error().detail.empty());
  const Model& model = *opened.value();
  require(model.head_rows().always() <= model.text_rows());
  std::vector<float> embedding(static_cast<std::size_t>(model.config().width));
  for (int row = 0; row < model.text_rows(); ++row) {
    require(model.head_rows().row_at(model.head_rows().place(row)) == row);
    require(model.row_of(model.token_of(row)) == row);
    model.embed(model.token_of(row), embedding.data());
  }
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
  touch(model.head.first);
  if (model.head.second) touch(*model.head.second);
  touch(model.token_bytes.data(), model.token_bytes.size());
  require(model.row_of_token.size() == static_cast<std::size_t>(model.config.vocabulary));
  require(model.token_offsets.back() == model.token_bytes.size());
  check_order(file);
}

/// One edit: what to do, where (rarely beyond the header), and with which byte.
void edit(std::span<const std::uint8_t, kEditBytes> bytes, std::size_t header,
          std::vector<std::uint8_t>* file) {
  const std::size_t reach = bytes[0] % 8 == 0 ? file->size() : std::min(header, file->size());
  const std::size_t place = (std::size_t{bytes[1]} << 8 | bytes[2]) % reach;
  const auto at = file->begin() + static_cast<std::ptrdiff_t>(place);
  switch (bytes[0] / 8 % 5) {
    case 0:
      file->erase(at);
      return;
    case 1:
      file->insert(at, bytes[3]);
      return;
    case 2:
      file->erase(at, file->end());
      return;
    case 3:
      *at = static_cast<std::uint8_t>('0' + bytes[3] % 10);
      return;
    default:
      *at = bytes[3];
  }
}

struct Good {
  std::vector<std::uint8_t> file;
  std::size_t header;

  explicit Good(const foretype::lm::testing::TinyContainer& container)
      : file(foretype::lm::testing::file_bytes(container)),
        header(foretype::lm::testing::header_text(container).size() + 8) {}
};

/// A good container, edited as the input says.
std::vector<std::uint8_t> edited(const Good& good, std::span<const std::uint8_t> input) {
  std::vector<std::uint8_t> file = good.file;
  for (; input.size() >= kEditBytes && !file.empty(); input = input.subspan(kEditBytes)) {
    edit(input.first<kEditBytes>(), good.header, &file);
  }
  file.shrink_to_fit();
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> raw(data, data + size);  // a copy of its own, aligned
  check(raw);
  static const Good plain(foretype::lm::testing::tiny_container());
  static const Good coded(foretype::lm::testing::coded_container());
  check(edited(plain, raw));
  check(edited(coded, raw));
  return 0;
}
