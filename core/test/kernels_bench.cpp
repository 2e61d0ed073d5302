// How fast the kernels run through the weights of the default model (30 layers
// of SmolLM2-135M, random numbers), one thread:
//
//   kernels_bench [table] [repetitions]
//
// Every layer has weights of its own, so that a pass over them (66 MB) comes
// from memory, as it does between two keystrokes. An answer is proved against
// the plain table before anything is timed. `best` is the sum, over the parts of
// a pass, of each part's best time: other work on the machine disturbs it least.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <vector>

#include "kernels/kernels.h"
#include "kernels_data.h"

namespace foretype::kernels::test {
namespace {

constexpr int kLayers = 30;
constexpr int kWidth = 576;
constexpr int kKeyWidth = 192;
constexpr int kFfnWidth = 1536;
constexpr int kVocabulary = 49152;
constexpr int kLargestBatch = 32;

struct Shape {
  int rows, columns;
};

// query, key, value, output; gate, up, down
constexpr Shape kShapes[] = {{kWidth, kWidth},   {kKeyWidth, kWidth}, {kKeyWidth, kWidth},
                             {kWidth, kWidth},   {kFfnWidth, kWidth}, {kFfnWidth, kWidth},
                             {kWidth, kFfnWidth}};

template <typename T>
std::vector<T> random_bytes(Random& random, std::size_t count) {
  std::vector<T> bytes(count);
  for (std::size_t i = 0; i + 8 <= count; i += 8) {
    const std::uint64_t bits = random.bits() & ~std::uint64_t{0x8080808080808080u};
    std::memcpy(bytes.data() + i, &bits, 8);
  }
  return bytes;
}

Int4Data matrix(Random& random, Shape shape) {
  const std::size_t size = at(shape.rows, 0, shape.columns);
  return {shape.rows,
          shape.columns,
          {},
          random_bytes<std::uint8_t>(random, size / 2),
          random.halves(size / kGroup, 0.001f, 0.02f),
          random.halves(size / kGroup, -0.15f, 0.02f)};
}

struct Model {
  std::vector<Int4Data> body;
  Int8Data head;
  std::size_t body_bytes = 0, head_bytes = 0;
};

Model random_model() {
  Random random(1);
  Model model{{}, {kVocabulary, kWidth, {}, {}, {}}, 0, 0};
  for (int layer = 0; layer < kLayers; ++layer) {
    for (const Shape shape : kShapes) model.body.push_back(matrix(random, shape));
  }
  const std::size_t size = at(kVocabulary, 0, kWidth);
  model.head.q = random_bytes<std::int8_t>(random, size);
  model.head.scale = random.halves(size / kGroup, 0.001f, 0.02f);
  for (const Int4Data& w : model.body) {
    model.body_bytes += w.q.size() + 2 * (w.scale.size() + w.offset.size());
  }
  model.head_bytes = size + 2 * model.head.scale.size();
  return model;
}

/// The first layer and some of the head at an odd batch size.
bool agrees_with_plain(const Table& table, const Model& model) {
  Random random(2);
  for (std::size_t i = 0; i < std::size(kShapes); ++i) {
    const Int4Data& w = model.body[i];
    const ActivationData x = random_activations(random, 7, w.columns);
    std::vector<float> y(at(7, 0, w.rows)), expected(y.size());
    table.matmul_int4(w.view(), x.view(), 0, w.rows / kRowBlock, y.data(), w.rows);
    available().back()->matmul_int4(w.view(), x.view(), 0, w.rows / kRowBlock, expected.data(),
                                    w.rows);
    if (y != expected) return false;
  }
  const ActivationData x = random_activations(random, 7, kWidth);
  std::vector<float> y(7 * 160), expected(y.size());
  table.matmul_int8(model.head.view(), x.view(), 90, 100, y.data(), 160);
  available().back()->matmul_int8(model.head.view(), x.view(), 90, 100, expected.data(), 160);
  return y == expected;
}

struct Times {
  double best_ms, median_ms;
};

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

/// A pass is work(0), .. work(parts - 1). The first of them only warms up.
template <typename Work>
Times time(int repetitions, std::size_t parts, Work work) {
  std::vector<double> best(parts, 1e9), passes;
  passes.reserve(static_cast<std::size_t>(repetitions));
  for (int i = 0; i <= repetitions; ++i) {
    const auto pass_start = std::chrono::steady_clock::now();
    for (std::size_t part = 0; part < parts; ++part) {
      const auto start = std::chrono::steady_clock::now();
      work(part);
      best[part] = std::min(best[part], milliseconds_since(start));
    }
    if (i > 0) passes.push_back(milliseconds_since(pass_start));
  }
  std::sort(passes.begin(), passes.end());
  return {std::accumulate(best.begin(), best.end(), 0.0), passes[passes.size() / 2]};
}

void report(const char* what, int count, Times times, std::size_t bytes) {
  const double best = times.best_ms / count;
  std::printf("%-9s %5d %12.3f %12.3f %10.3f %8.1f\n", what, count, times.best_ms, times.median_ms,
              best, static_cast<double>(bytes) / times.best_ms * 1e-6);
}

void time_body(const Table& table, const Model& model, int count, int repetitions) {
  Random random(3);
  const ActivationData narrow = random_activations(random, count, kWidth);
  const ActivationData wide = random_activations(random, count, kFfnWidth);
  std::vector<float> y(at(count, 0, kFfnWidth));
  const Times times = time(repetitions, model.body.size(), [&](std::size_t part) {
    const Int4Data& w = model.body[part];
    const ActivationData& x = w.columns == kWidth ? narrow : wide;
    table.matmul_int4(w.view(), x.view(), 0, w.rows / kRowBlock, y.data(), w.rows);
  });
  report("body", count, times, model.body_bytes);
}

void time_head(const Table& table, const Model& model, int count, int repetitions) {
  Random random(4);
  const ActivationData x = random_activations(random, count, kWidth);
  std::vector<float> y(at(count, 0, kVocabulary));
  constexpr int kParts = 64;
  constexpr int kBlocks = kVocabulary / kRowBlock / kParts;
  const Times times = time(repetitions, kParts, [&](std::size_t part) {
    const int block = static_cast<int>(part) * kBlocks;
    table.matmul_int8(model.head.view(), x.view(), block, block + kBlocks,
                      y.data() + block * kRowBlock, kVocabulary);
  });
  report("head", count, times, model.head_bytes);
}

/// Nine query heads in three groups against `positions` cached positions, in every layer.
void time_attention(const Table& table, int positions, int repetitions) {
  Random random(5);
  const std::size_t cache_size = at(positions, 0, kKeyWidth);
  std::vector<std::vector<std::uint16_t>> caches(std::size_t{2} * kLayers);
  for (auto& cache : caches) cache = random.halves(cache_size, -2.0f, 2.0f);
  const std::vector<float> query = random.floats(kWidth, -1.0f, 1.0f);
  std::vector<float> scores(at(9, 0, positions)), out(kWidth);
  const Times times = time(repetitions, std::size_t{3} * kLayers, [&](std::size_t part) {
    const std::size_t layer = part / 3;
    const std::size_t group = part % 3;
    float* rows = scores.data() + at(3, 0, positions) * group;
    table.attention_scores(query.data() + 192 * group, 3, caches[2 * layer].data() + 64 * group,
                           kKeyWidth, positions, rows, positions);
    for (int head = 0; head < 3; ++head) {
      float* row = rows + at(head, 0, positions);
      table.exp_sum(row, positions, table.max(row, positions));
    }
    table.attention_mix(rows, positions, 3, caches[2 * layer + 1].data() + 64 * group, kKeyWidth,
                        positions, out.data() + 192 * group);
  });
  char name[32];
  std::snprintf(name, sizeof name, "attn%d", positions);
  report(name, 1, times, cache_size * 2 * 2 * kLayers);
}

void time_everything(const Table& table, const Model& model, int repetitions) {
  std::printf("%.*s, one thread, best and median of %d\n", static_cast<int>(table.name.size()),
              table.name.data(), repetitions);
  std::printf("%-9s %5s %12s %12s %10s %8s\n", "part", "batch", "best_ms", "median_ms", "ms/vector",
              "GB/s");
  for (int count = 1; count <= kLargestBatch; count *= 2) {
    time_body(table, model, count, repetitions);
  }
  for (int count = 1; count <= 8; count *= 2) time_head(table, model, count, repetitions);
  for (const int positions : {128, 512}) time_attention(table, positions, repetitions);
}

}  // namespace
}  // namespace foretype::kernels::test

int main(int argument_count, char** arguments) {
  using namespace foretype::kernels;
  const Table* table = select(argument_count > 1 ? arguments[1] : "");
  const int repetitions =
      argument_count > 2 ? static_cast<int>(std::strtol(arguments[2], nullptr, 10)) : 9;
  if (table == nullptr || repetitions < 1) {
    std::fprintf(stderr, "usage: kernels_bench [table] [repetitions]; no such table here?\n");
    return 2;
  }
  const test::Model model = test::random_model();
  if (!test::agrees_with_plain(*table, model)) {
    std::fprintf(stderr, "wrong answers; nothing was timed\n");
    return EXIT_FAILURE;
  }
  test::time_everything(*table, model, repetitions);
  return EXIT_SUCCESS;
}
