// Random weights and activations in the layouts of kernels.h, each beside its
// plain form, packed here without help from the kernels under test.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/half.h"
#include "kernels/kernels.h"

namespace foretype::kernels::test {

/// The same numbers on every machine (SplitMix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  int integer(int low, int high) {  // both included
    const auto range = static_cast<std::uint64_t>(high - low + 1);
    return low + static_cast<int>(bits() % range);
  }

  float uniform(float low, float high) {
    return low + (high - low) * static_cast<float>(bits() >> 40) * 0x1p-24f;
  }

  std::vector<float> floats(std::size_t count, float low, float high) {
    std::vector<float> values(count);
    for (float& value : values) value = uniform(low, high);
    return values;
  }

  std::vector<std::uint16_t> halves(std::size_t count, float low, float high) {
    std::vector<std::uint16_t> values(count);
    for (std::uint16_t& value : values) value = float_to_half(uniform(low, high));
    return values;
  }

 private:
  std::uint64_t state_;
};

inline std::size_t at(int row, int column, int columns) {
  return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
         static_cast<std::size_t>(column);
}

/// Index of a row's scale in [rows/16][columns/32][16].
inline std::size_t scale_at(int row, int group, int columns) {
  return at(row / kRowBlock, group, columns / kGroup) * kRowBlock +
         static_cast<std::size_t>(row % kRowBlock);
}

/// plain[row][column] -> [rows/16][columns/8][64], as kernels.h describes it.
inline std::vector<std::uint8_t> pack_int4(const std::vector<std::uint8_t>& plain, int rows,
                                           int columns) {
  std::vector<std::uint8_t> packed(plain.size() / 2);
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const std::size_t pair = at(row / 16, column / 8, columns / 8);
      const int byte = 4 * (row % 16) + column % 4;
      const int shift = column % 8 < 4 ? 0 : 4;
      packed[pair * 64 + static_cast<std::size_t>(byte)] |=
          static_cast<std::uint8_t>(plain[at(row, column, columns)] << shift);
    }
  }
  return packed;
}

/// plain[row][column] -> [rows/16][columns/4][16][4].
inline std::vector<std::int8_t> pack_int8(const std::vector<std::int8_t>& plain, int rows,
                                          int columns) {
  std::vector<std::int8_t> packed(plain.size());
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const std::size_t block = at(row / 16, column / 4, columns / 4);
      const int byte = 4 * (row % 16) + column % 4;
      packed[block * 64 + static_cast<std::size_t>(byte)] = plain[at(row, column, columns)];
    }
  }
  return packed;
}

struct Int4Data {
  int rows, columns;
  std::vector<std::uint8_t> plain;  // [rows][columns], 0..15
  std::vector<std::uint8_t> q;
  std::vector<std::uint16_t> scale, offset;

  [[nodiscard]] Int4Matrix view() const {
    return {rows, columns, q.data(), scale.data(), offset.data()};
  }
};

/// Every q lies in low..15.
inline Int4Data random_int4(Random& random, int rows, int columns, int low = 0) {
  Int4Data data{rows, columns, {}, {}, {}, {}};
  data.plain.resize(at(rows, 0, columns));
  for (std::uint8_t& q : data.plain) q = static_cast<std::uint8_t>(random.integer(low, 15));
  data.q = pack_int4(data.plain, rows, columns);
  data.scale = random.halves(data.plain.size() / kGroup, 0.001f, 0.02f);
  data.offset = random.halves(data.plain.size() / kGroup, -0.15f, 0.02f);
  return data;
}

struct Int8Data {
  int rows, columns;
  std::vector<std::int8_t> plain;  // [rows][columns], -127..127
  std::vector<std::int8_t> q;
  std::vector<std::uint16_t> scale;

  [[nodiscard]] Int8Matrix view() const { return {rows, columns, q.data(), scale.data()}; }
};

/// Every |q| lies in smallest..127.
inline Int8Data random_int8(Random& random, int rows, int columns, int smallest = 0) {
  Int8Data data{rows, columns, {}, {}, {}};
  data.plain.resize(at(rows, 0, columns));
  for (std::int8_t& q : data.plain) {
    const int magnitude = random.integer(smallest, 127);
    q = static_cast<std::int8_t>(random.integer(0, 1) == 0 ? magnitude : -magnitude);
  }
  data.q = pack_int8(data.plain, rows, columns);
  data.scale = random.halves(data.plain.size() / kGroup, 0.001f, 0.02f);
  return data;
}

struct ActivationData {
  int count, columns;
  std::vector<std::int8_t> q;
  std::vector<float> scale, sum;

  [[nodiscard]] Activations view() const {
    return {count, columns, q.data(), scale.data(), sum.data()};
  }
};

/// Every |q| lies in smallest..127, all of one sign where `sign` is not 0.
inline ActivationData random_activations(Random& random, int count, int columns, int smallest = 0,
                                         int sign = 0) {
  ActivationData data{count, columns, {}, {}, {}};
  data.q.resize(at(count, 0, columns));
  for (std::int8_t& q : data.q) {
    const bool negative = sign == 0 ? random.integer(0, 1) == 0 : sign < 0;
    const int magnitude = random.integer(smallest, 127);
    q = static_cast<std::int8_t>(negative ? -magnitude : magnitude);
  }
  data.scale = random.floats(data.q.size() / kGroup, 0.001f, 0.05f);
  data.sum.resize(data.scale.size());
  for (std::size_t group = 0; group < data.sum.size(); ++group) {
    int total = 0;
    for (std::size_t i = 0; i < kGroup; ++i) total += data.q[group * kGroup + i];
    data.sum[group] = data.scale[group] * static_cast<float>(total);
  }
  return data;
}

}  // namespace foretype::kernels::test
