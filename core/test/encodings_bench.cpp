// How fast each encoding of weights runs through a body of the default model's
// size (30 layers of SmolLM2-135M, random numbers), one thread:
//
//   encodings_bench [table] [repetitions]
//
// Every matrix has memory of its own, and the encodings take turns, pass by
// pass, so that the weights of each come from memory and other work on the
// machine disturbs all alike. `best` and `median` are of each matrix, added up;
// `ratio` says how many times as fast as the first encoding, by medians.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "kernels/kernels.h"
#include "kernels_sparse_data.h"

namespace foretype::kernels::test {
namespace {

constexpr int kLayers = 30;
constexpr int kWidth = 576;
constexpr int kKeyWidth = 192;
constexpr int kFfnWidth = 1536;

struct Shape {
  int rows, columns;
};

// query, key, value, output; gate, up, down
constexpr Shape kShapes[] = {{kWidth, kWidth},   {kKeyWidth, kWidth}, {kKeyWidth, kWidth},
                             {kWidth, kWidth},   {kFfnWidth, kWidth}, {kFfnWidth, kWidth},
                             {kWidth, kFfnWidth}};

/// One batch of inputs for both widths, and room for any answer.
struct Batch {
  ActivationData narrow, wide;
  std::vector<float> y;

  [[nodiscard]] Activations of(int columns) const {
    return columns == kWidth ? narrow.view() : wide.view();
  }
};

Batch random_batch(int count) {
  Random random(3);
  return {random_activations(random, count, kWidth), random_activations(random, count, kFfnWidth),
          std::vector<float>(at(count, 0, kFfnWidth))};
}

/// A body in one encoding.
struct Body {
  std::string name;
  std::size_t bytes = 0;
  std::vector<std::function<void(const Table&, Batch*)>> parts;
};

/// Bytes as they come, below 128: codes of any encoding here.
std::vector<std::uint8_t> random_bytes(Random& random, std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  for (std::size_t i = 0; i + 8 <= count; i += 8) {
    const std::uint64_t bits = random.bits() & ~std::uint64_t{0x8080808080808080u};
    std::memcpy(bytes.data() + i, &bits, 8);
  }
  return bytes;
}

void add(Body* body, Random& random, Shape shape) {
  const std::size_t size = at(shape.rows, 0, shape.columns);
  Int4Data w{shape.rows,
             shape.columns,
             {},
             random_bytes(random, size / 2),
             random.halves(size / kGroup, 0.001f, 0.02f),
             random.halves(size / kGroup, -0.15f, 0.02f)};
  body->bytes += w.q.size() + 2 * (w.scale.size() + w.offset.size());
  body->parts.emplace_back([w = std::move(w)](const Table& table, Batch* batch) {
    table.matmul_int4(w.view(), batch->of(w.columns), 0, w.rows / kRowBlock, batch->y.data(),
                      w.rows);
  });
}

void add_coded(Body* body, Random& random, Shape shape, int bits) {
  const std::size_t size = at(shape.rows, 0, shape.columns);
  const std::vector<std::uint8_t> scales = random_bytes(random, size / kGroup);
  CodedData w{bits,
              shape.rows,
              shape.columns,
              {},
              random_bytes(random, size / 8 * static_cast<std::size_t>(bits)),
              {scales.begin(), scales.end()},
              random.floats(static_cast<std::size_t>(shape.rows), 0.00001f, 0.0002f)};
  body->bytes += w.q.size() + w.group_scale.size() + 4 * w.row_scale.size();
  body->parts.emplace_back([w = std::move(w)](const Table& table, Batch* batch) {
    table.matmul_coded(w.view(), batch->of(w.columns), 0, w.rows / kRowBlock, batch->y.data(),
                       w.rows);
  });
}

void add_sparse(Body* body, Random& random, Shape shape,
                const std::function<std::uint8_t(Random&)>& mask_of) {
  SparseData w =
      random_sparse(random, shape.rows, shape.columns, [&](int, int) { return mask_of(random); });
  body->bytes += w.q.size() + w.group_scale.size() + w.mask.size() + 2 * w.group.size() +
                 4 * (w.pair_begin.size() + w.group_end.size() + w.row_scale.size());
  body->parts.emplace_back([w = std::move(w)](const Table& table, Batch* batch) {
    table.matmul_sparse(w.view(), batch->of(w.columns), 0, w.rows / kRowBlock, batch->y.data(),
                        w.rows);
  });
}

template <typename Add>
Body body_of(std::string name, Add add_one) {
  Random random(1);
  Body body{std::move(name), 0, {}};
  for (int layer = 0; layer < kLayers; ++layer) {
    for (const Shape shape : kShapes) add_one(&body, random, shape);
  }
  return body;
}

std::vector<Body> dense_bodies() {
  std::vector<Body> bodies;
  bodies.push_back(body_of("int4", add));
  for (const int bits : {4, 3}) {
    bodies.push_back(body_of(
        "coded " + std::to_string(bits),
        [bits](Body* body, Random& random, Shape shape) { add_coded(body, random, shape, bits); }));
  }
  return bodies;
}

/// The dense matrix of the same codes, then what keeps ever less of it: so many of each group's
/// eight blocks, or each block with so much chance (but an even number of a group).
std::vector<Body> sparse_bodies() {
  const auto with_masks = [](std::string name, std::function<std::uint8_t(Random&)> mask_of) {
    return body_of(std::move(name), [mask_of](Body* body, Random& random, Shape shape) {
      add_sparse(body, random, shape, mask_of);
    });
  };
  std::vector<Body> bodies;
  bodies.push_back(body_of("coded 4", [](Body* body, Random& random, Shape shape) {
    add_coded(body, random, shape, 4);
  }));
  for (const int kept : {8, 6, 4, 2}) {
    bodies.push_back(with_masks(std::to_string(kept) + " of 8",
                                [kept](Random& random) { return random_mask(random, kept); }));
  }
  for (const int percent : {88, 75, 63, 50, 38, 25}) {
    bodies.push_back(with_masks("mixed " + std::to_string(percent), [percent](Random& random) {
      int kept = 0;  // of four pairs
      for (int pair = 0; pair < 4; ++pair) kept += random.integer(0, 99) < percent ? 1 : 0;
      return random_mask(random, 2 * kept);
    }));
  }
  return bodies;
}

/// The first layer at an odd batch size, against the plain table.
bool agrees_with_plain(const Table& table, const Body& body) {
  Batch batch = random_batch(5), expected = random_batch(5);
  for (std::size_t part = 0; part < std::size(kShapes); ++part) {
    body.parts[part](table, &batch);
    body.parts[part](*available().back(), &expected);
    if (batch.y != expected.y) return false;
  }
  return true;
}

/// times[part] of one pass, in milliseconds.
void pass(const Table& table, const Body& body, Batch* batch,
          std::vector<std::vector<double>>* times) {
  for (std::size_t part = 0; part < body.parts.size(); ++part) {
    const auto start = std::chrono::steady_clock::now();
    body.parts[part](table, batch);
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - start;
    (*times)[part].push_back(taken.count());
  }
}

struct Sums {
  double best = 0, median = 0;  // of each part, added up: a pass that nothing interrupts
};

Sums sums_of(std::vector<std::vector<double>>* times) {
  Sums sums;
  for (std::vector<double>& part : *times) {
    std::sort(part.begin(), part.end());
    sums.best += part.front();
    sums.median += part[part.size() / 2];
  }
  return sums;
}

void time_bodies(const Table& table, const std::vector<Body>& bodies, int count, int repetitions) {
  Batch batch = random_batch(count);
  std::vector<std::vector<std::vector<double>>> times;
  for (const Body& body : bodies) times.emplace_back(body.parts.size());
  for (int i = 0; i < repetitions; ++i) {
    for (std::size_t b = 0; b < bodies.size(); ++b) pass(table, bodies[b], &batch, &times[b]);
  }
  double first = 0;
  for (std::size_t b = 0; b < bodies.size(); ++b) {
    const Sums sums = sums_of(&times[b]);
    if (b == 0) first = sums.median;
    const double bytes = static_cast<double>(bodies[b].bytes);
    std::printf("%-16s %5d %8.1f %10.3f %10.3f %8.1f %8.2f\n", bodies[b].name.c_str(), count,
                bytes * 1e-6, sums.best, sums.median, bytes / sums.median * 1e-6,
                first / sums.median);
  }
}

bool time_all(const Table& table, const std::vector<Body>& bodies,
              std::initializer_list<int> batches, int repetitions) {
  for (const Body& body : bodies) {
    if (agrees_with_plain(table, body)) continue;
    std::fprintf(stderr, "%s: wrong answers; nothing was timed\n", body.name.c_str());
    return false;
  }
  for (const int count : batches) time_bodies(table, bodies, count, repetitions);
  return true;
}

}  // namespace
}  // namespace foretype::kernels::test

int main(int argument_count, char** arguments) {
  using namespace foretype::kernels;
  const Table* table = select(argument_count > 1 ? arguments[1] : "");
  const int repetitions =
      argument_count > 2 ? static_cast<int>(std::strtol(arguments[2], nullptr, 10)) : 9;
  if (table == nullptr || repetitions < 1) {
    std::fprintf(stderr, "usage: encodings_bench [table] [repetitions]; no such table here?\n");
    return 2;
  }
  std::printf("%.*s, one thread, best and median of %d\n", static_cast<int>(table->name.size()),
              table->name.data(), repetitions);
  std::printf("%-16s %5s %8s %10s %10s %8s %8s\n", "encoding", "batch", "MB", "best_ms",
              "median_ms", "GB/s", "ratio");
  const bool right = test::time_all(*table, test::dense_bodies(), {1, 2, 3, 4, 8}, repetitions) &&
                     test::time_all(*table, test::sparse_bodies(), {1, 2, 4}, repetitions);
  return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
