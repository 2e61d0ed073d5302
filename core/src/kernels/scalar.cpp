// The plain kernels. They define the answer: every other file does the same
// operations on the same numbers in the same order, many at a time.
#include <bit>
#include <cmath>
#include <cstddef>

#include "kernels/exponential.h"
#include "kernels/half.h"
#include "kernels/kernels.h"
#include "kernels/quantisation.h"
#include "kernels/tables.h"

namespace foretype::kernels {
namespace {

// --- quantisation -----------------------------------------------------------

std::uint32_t largest_magnitude(const float* x) {
  std::uint32_t largest = 0;
  for (int i = 0; i < kGroup; ++i) {
    const std::uint32_t magnitude = std::bit_cast<std::uint32_t>(x[i]) & kMagnitudeBits;
    largest = magnitude > largest ? magnitude : largest;
  }
  return largest;
}

std::int8_t round_to_int8(float x) {  // |x| <= 127; half to even
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x + kRoundToInteger);
  return static_cast<std::int8_t>(static_cast<std::uint8_t>(bits));
}

void quantize_group(const float* x, std::int8_t* q, float* scale, float* sum) {
  const std::uint32_t largest = largest_magnitude(x);
  const bool usable = has_scale(largest);
  const float magnitude = std::bit_cast<float>(largest);
  const float inverse = usable ? kLargestQ / magnitude : 0.0f;
  int total = 0;
  for (int i = 0; i < kGroup; ++i) {
    q[i] = usable ? round_to_int8(x[i] * inverse) : std::int8_t{0};
    total += q[i];
  }
  *scale = usable ? magnitude / kLargestQ : 0.0f;
  *sum = *scale * static_cast<float>(total);
}

void quantize(const float* x, int columns, std::int8_t* q, float* scale, float* sum) {
  for (int group = 0; group < columns / kGroup; ++group) {
    quantize_group(x + group * kGroup, q + group * kGroup, scale + group, sum + group);
  }
}

// --- matrix times vectors ---------------------------------------------------

/// sums[row] = sum over the group's 32 columns of q[row][column] * x[column].
void dot_int4_group(const std::uint8_t* q, const std::int8_t* x, std::int32_t* sums) {
  for (int row = 0; row < kRowBlock; ++row) {
    std::int32_t sum = 0;
    for (int pair = 0; pair < kGroup / 8; ++pair) {
      const std::uint8_t* bytes = q + 64 * pair + 4 * row;
      for (int j = 0; j < kColumnBlock; ++j) {
        sum += (bytes[j] & 15) * x[8 * pair + j] + (bytes[j] >> 4) * x[8 * pair + 4 + j];
      }
    }
    sums[row] = sum;
  }
}

void dot_int8_group(const std::int8_t* q, const std::int8_t* x, std::int32_t* sums) {
  for (int row = 0; row < kRowBlock; ++row) {
    std::int32_t sum = 0;
    for (int block = 0; block < kGroup / kColumnBlock; ++block) {
      const std::int8_t* bytes = q + 64 * block + 4 * row;
      for (int j = 0; j < kColumnBlock; ++j) sum += bytes[j] * x[4 * block + j];
    }
    sums[row] = sum;
  }
}

/// y[0..15] of one row block and one vector.
void int4_block(const Int4Matrix& w, const Activations& x, int block, int vector, float* y) {
  const int groups = w.columns / kGroup;
  for (int row = 0; row < kRowBlock; ++row) y[row] = 0.0f;
  for (int group = 0; group < groups; ++group) {
    const std::size_t at = static_cast<std::size_t>(block) * groups + group;
    const std::size_t x_at = static_cast<std::size_t>(vector) * groups + group;
    std::int32_t sums[kRowBlock];
    dot_int4_group(w.q + at * (kRowBlock * kGroup / 2), x.q + x_at * kGroup, sums);
    for (int row = 0; row < kRowBlock; ++row) {
      const float scale = half_to_float(w.scale[at * kRowBlock + row]);
      const float offset = half_to_float(w.offset[at * kRowBlock + row]);
      y[row] = y[row] + (scale * x.scale[x_at]) * static_cast<float>(sums[row]);
      y[row] = y[row] + offset * x.sum[x_at];
    }
  }
}

void int8_block(const Int8Matrix& w, const Activations& x, int block, int vector, float* y) {
  const int groups = w.columns / kGroup;
  for (int row = 0; row < kRowBlock; ++row) y[row] = 0.0f;
  for (int group = 0; group < groups; ++group) {
    const std::size_t at = static_cast<std::size_t>(block) * groups + group;
    const std::size_t x_at = static_cast<std::size_t>(vector) * groups + group;
    std::int32_t sums[kRowBlock];
    dot_int8_group(w.q + at * (kRowBlock * kGroup), x.q + x_at * kGroup, sums);
    for (int row = 0; row < kRowBlock; ++row) {
      const float scale = half_to_float(w.scale[at * kRowBlock + row]);
      y[row] = y[row] + (scale * x.scale[x_at]) * static_cast<float>(sums[row]);
    }
  }
}

/// Row i, column j of block `block` of a group in three bits.
int three_bits_at(const std::uint8_t* q, int block, int byte) {
  const int plane = block / 2;
  if (plane < 3) return q[64 * plane + byte] >> (block % 2 * 3) & 7;
  const int low = q[64 * (block % 2) + byte] >> 6;
  return low | (q[128 + byte] >> (6 + block % 2) & 1) << 2;
}

/// sums[row] = sum over the group's 32 columns of q[row][column] * x[column].
void dot_three_bits_group(const std::uint8_t* q, const std::int8_t* x, std::int32_t* sums) {
  for (int row = 0; row < kRowBlock; ++row) {
    std::int32_t sum = 0;
    for (int column = 0; column < kGroup; ++column) {
      const int byte = kColumnBlock * row + column % kColumnBlock;
      sum += three_bits_at(q, column / kColumnBlock, byte) * x[column];
    }
    sums[row] = sum;
  }
}

void coded_block(const CodedMatrix& w, const Activations& x, int block, int vector, float* y) {
  const int groups = w.columns / kGroup;
  const float middle = middle_of(w.bits);
  const auto dot_group = w.bits == 3 ? dot_three_bits_group : dot_int4_group;
  for (int row = 0; row < kRowBlock; ++row) y[row] = 0.0f;
  for (int group = 0; group < groups; ++group) {
    const std::size_t at = static_cast<std::size_t>(block) * groups + group;
    const std::size_t x_at = static_cast<std::size_t>(vector) * groups + group;
    std::int32_t sums[kRowBlock];
    dot_group(w.q + at * (64 * w.bits), x.q + x_at * kGroup, sums);
    for (int row = 0; row < kRowBlock; ++row) {
      const float product = x.scale[x_at] * static_cast<float>(sums[row]);
      const float t = product - middle * x.sum[x_at];
      y[row] = y[row] + static_cast<float>(w.group_scale[at * kRowBlock + row]) * t;
    }
  }
  for (int row = 0; row < kRowBlock; ++row) y[row] = w.row_scale[block * kRowBlock + row] * y[row];
}

/// Adds a kept block of a pair: half 0 lies in the low nibbles, half 1 in the high ones.
void add_kept_block(const std::uint8_t* pair, int half, const std::int8_t* x, std::int32_t* sums,
                    std::int32_t* x_total) {
  for (int j = 0; j < kColumnBlock; ++j) {
    *x_total += x[j];
    for (int row = 0; row < kRowBlock; ++row) {
      sums[row] += (pair[kColumnBlock * row + j] >> (4 * half) & 15) * x[j];
    }
  }
}

/// Stored group `at`, whose pairs begin at `q`; returns how many there are.
int add_sparse_group(const SparseMatrix& w, std::size_t at, const std::uint8_t* q,
                     const Activations& x, int vector, float* y) {
  const std::size_t x_at = static_cast<std::size_t>(vector) * (w.columns / kGroup) + w.group[at];
  std::int32_t sums[kRowBlock] = {};
  std::int32_t x_total = 0;
  int kept = 0;
  for (int block = 0; block < kGroup / kColumnBlock; ++block) {
    if ((w.mask[at] >> block & 1) == 0) continue;
    add_kept_block(q + 64 * (kept / 2), kept % 2, x.q + x_at * kGroup + kColumnBlock * block, sums,
                   &x_total);
    ++kept;
  }
  const float x_sum = x.scale[x_at] * static_cast<float>(x_total);
  for (int row = 0; row < kRowBlock; ++row) {
    const float product = x.scale[x_at] * static_cast<float>(sums[row]);
    const float t = product - middle_of(4) * x_sum;
    y[row] = y[row] + static_cast<float>(w.group_scale[at * kRowBlock + row]) * t;
  }
  return kept / 2;
}

void sparse_block(const SparseMatrix& w, const Activations& x, int block, int vector, float* y) {
  const std::size_t first = block == 0 ? 0 : w.group_end[kGroupPairs * block - 1];
  const std::size_t last = w.group_end[kGroupPairs * block + kGroupPairs - 1];
  const std::uint8_t* q = w.q + std::size_t{64} * w.pair_begin[block];
  for (int row = 0; row < kRowBlock; ++row) y[row] = 0.0f;
  for (std::size_t at = first; at < last; ++at) {
    q += 64 * add_sparse_group(w, at, q, x, vector, y);
  }
  for (int row = 0; row < kRowBlock; ++row) y[row] = w.row_scale[block * kRowBlock + row] * y[row];
}

void matmul_int4(const Int4Matrix& w, const Activations& x, int block_begin, int block_end,
                 float* y, int y_stride) {
  for (int block = block_begin; block < block_end; ++block) {
    float* rows = y + (block - block_begin) * kRowBlock;
    for (int vector = 0; vector < x.count; ++vector) {
      int4_block(w, x, block, vector, rows + static_cast<std::ptrdiff_t>(vector) * y_stride);
    }
  }
}

void matmul_int8(const Int8Matrix& w, const Activations& x, int block_begin, int block_end,
                 float* y, int y_stride) {
  for (int block = block_begin; block < block_end; ++block) {
    float* rows = y + (block - block_begin) * kRowBlock;
    for (int vector = 0; vector < x.count; ++vector) {
      int8_block(w, x, block, vector, rows + static_cast<std::ptrdiff_t>(vector) * y_stride);
    }
  }
}

void matmul_coded(const CodedMatrix& w, const Activations& x, int block_begin, int block_end,
                  float* y, int y_stride) {
  for (int block = block_begin; block < block_end; ++block) {
    float* rows = y + (block - block_begin) * kRowBlock;
    for (int vector = 0; vector < x.count; ++vector) {
      coded_block(w, x, block, vector, rows + static_cast<std::ptrdiff_t>(vector) * y_stride);
    }
  }
}

void matmul_sparse(const SparseMatrix& w, const Activations& x, int block_begin, int block_end,
                   float* y, int y_stride) {
  for (int block = block_begin; block < block_end; ++block) {
    float* rows = y + (block - block_begin) * kRowBlock;
    for (int vector = 0; vector < x.count; ++vector) {
      sparse_block(w, x, block, vector, rows + static_cast<std::ptrdiff_t>(vector) * y_stride);
    }
  }
}

// --- attention --------------------------------------------------------------

float dot_head(const float* query, const std::uint16_t* key) {
  float lanes[kLanes];
  for (int i = 0; i < kLanes; ++i) lanes[i] = query[i] * half_to_float(key[i]);
  for (int i = kLanes; i < kHeadWidth; ++i) {
    lanes[i % kLanes] = lanes[i % kLanes] + query[i] * half_to_float(key[i]);
  }
  return sum_lanes(lanes);
}

void attention_scores(const float* query, int heads, const std::uint16_t* key, int key_stride,
                      int count, float* scores, int scores_stride) {
  for (int head = 0; head < heads; ++head) {
    float* row = scores + static_cast<std::ptrdiff_t>(head) * scores_stride;
    for (int t = 0; t < count; ++t) {
      row[t] =
          dot_head(query + head * kHeadWidth, key + static_cast<std::ptrdiff_t>(t) * key_stride);
    }
  }
}

void attention_mix(const float* weights, int weights_stride, int heads, const std::uint16_t* value,
                   int value_stride, int count, float* out) {
  for (int head = 0; head < heads; ++head) {
    const float* row = weights + static_cast<std::ptrdiff_t>(head) * weights_stride;
    float* mixed = out + head * kHeadWidth;
    for (int t = 0; t < count; ++t) {
      const std::uint16_t* at = value + static_cast<std::ptrdiff_t>(t) * value_stride;
      for (int d = 0; d < kHeadWidth; ++d) mixed[d] = mixed[d] + row[t] * half_to_float(at[d]);
    }
  }
}

// --- one vector -------------------------------------------------------------

float exp_sum(float* x, int count, float max) {
  float lanes[kLanes] = {};
  for (int i = 0; i < count; ++i) {
    x[i] = exponential(x[i] - max);
    lanes[i % kLanes] = lanes[i % kLanes] + x[i];
  }
  return sum_lanes(lanes);
}

/// NaN is passed over; -infinity where there is nothing else.
float max(const float* x, int count) {
  float largest = -HUGE_VALF;
  for (int i = 0; i < count; ++i) largest = x[i] > largest ? x[i] : largest;
  return largest;
}

void swiglu(float* gate, const float* up, int count) {
  for (int i = 0; i < count; ++i) gate[i] = swiglu_of(gate[i], up[i]);
}

void rms_norm(const float* x, const float* weight, int count, float epsilon, float* y) {
  float lanes[kLanes] = {};
  for (int i = 0; i < count; ++i) lanes[i % kLanes] = lanes[i % kLanes] + x[i] * x[i];
  const float mean = sum_lanes(lanes) / static_cast<float>(count);
  const float inverse = 1.0f / std::sqrt(mean + epsilon);
  for (int i = 0; i < count; ++i) y[i] = (x[i] * inverse) * weight[i];
}

void to_half(const float* x, int count, std::uint16_t* y) {
  for (int i = 0; i < count; ++i) y[i] = float_to_half(x[i]);
}

void from_half(const std::uint16_t* x, int count, float* y) {
  for (int i = 0; i < count; ++i) y[i] = half_to_float(x[i]);
}

}  // namespace

const Table kScalarTable = {
    .name = "scalar",
    .quantize = quantize,
    .matmul_int4 = matmul_int4,
    .matmul_int8 = matmul_int8,
    .matmul_coded = matmul_coded,
    .matmul_sparse = matmul_sparse,
    .attention_scores = attention_scores,
    .attention_mix = attention_mix,
    .exp_sum = exp_sum,
    .max = max,
    .swiglu = swiglu,
    .rms_norm = rms_norm,
    .to_half = to_half,
    .from_half = from_half,
};

}  // namespace foretype::kernels
