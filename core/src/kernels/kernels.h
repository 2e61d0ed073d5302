// The arithmetic of the language model: one table of functions for each
// instruction set, all of which give the answer of the plain one (scalar.cpp).
//
// Integers and floats alike are equal bit for bit: additions and multiplications
// are never fused, and float sums run in one order everywhere (exponential.h).
// core/test/kernels_test.cpp holds that, and states the bounds against exact
// arithmetic.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace foretype::kernels {

inline constexpr int kRowBlock = 16;          // rows of a weight block
inline constexpr int kColumnBlock = 4;        // columns of a weight block: one 4-byte dot product
inline constexpr int kGroup = 32;             // columns that share a scale
inline constexpr int kGroupPairs = 4;         // of neighbouring weight blocks in a group
inline constexpr int kMostColumns = 1 << 15;  // of a SparseMatrix
inline constexpr int kHeadWidth = 64;         // values of one attention head

/// A matrix of 4-bit weights, w = scale * q + offset with q in 0..15.
///
/// Rows are padded to a multiple of kRowBlock, columns must be a multiple of
/// kGroup. Row block r covers rows 16r..16r+15; within it two neighbouring
/// 16x4 column blocks a, b (columns 8p..8p+3 and 8p+4..8p+7) share 64 bytes:
/// byte 4*i+j (i = row in block, j = column in block) holds a in its low and
/// b in its high nibble.
struct Int4Matrix {
  int rows = 0;  // padded
  int columns = 0;
  const std::uint8_t* q = nullptr;        // [rows/16][columns/8][64]
  const std::uint16_t* scale = nullptr;   // binary16 [rows/16][columns/32][16]
  const std::uint16_t* offset = nullptr;  // binary16 [rows/16][columns/32][16]
};

/// A matrix of 8-bit weights, w = scale * q with q in -127..127.
struct Int8Matrix {
  int rows = 0;  // padded
  int columns = 0;
  const std::int8_t* q = nullptr;        // [rows/16][columns/4][16][4]
  const std::uint16_t* scale = nullptr;  // binary16 [rows/16][columns/32][16]
};

/// A matrix of 3-bit or 4-bit codes: w = row_scale * group_scale * (q - middle), middle =
/// 2^(bits - 1). There is one level more on one side of zero; a group's scale has a sign, so that
/// it is the side of its largest weight.
///
/// Four bits: as Int4Matrix. Three bits: a group of a row block is three planes of 64 bytes. Byte
/// 4*i+j of plane k holds row i, column j of the 16x4 blocks 2k (bits 0..2) and 2k+1 (bits 3..5),
/// and of the group's last two blocks: bits 6..7 of planes 0 and 1 are the lower two bits of
/// block 6 and of block 7, bits 6 and 7 of plane 2 their upper ones.
struct CodedMatrix {
  int bits = 0;  // 3 or 4
  int rows = 0;  // padded
  int columns = 0;
  const std::uint8_t* q = nullptr;           // [rows/16][columns/32][64 * bits]
  const std::int8_t* group_scale = nullptr;  // [rows/16][columns/32][16]
  const float* row_scale = nullptr;          // [rows]
};

/// A CodedMatrix of four bits in which whole 16x4 blocks of weights are zero and not stored.
///
/// Of a row block, the groups that keep any block are stored, those that keep most first: a kernel
/// then runs one loop over many groups alike. A group keeps 2, 4, 6 or 8 of its blocks, two by two
/// in the order of their columns, the first of a pair in the low nibbles of 64 bytes.
struct SparseMatrix {
  int rows = 0;  // padded
  int columns = 0;
  const std::uint32_t* pair_begin = nullptr;  // [rows/16]: where a row block's pairs begin
  const std::uint32_t* group_end = nullptr;   // [rows/16][4]: where its groups of 4, 3, 2, 1 pairs
                                              // end; they begin where the row block before ends
  const std::uint16_t* group = nullptr;       // [groups]: its columns, 32 * group and on
  const std::uint8_t* mask = nullptr;         // [groups]: bit b is set where block b is kept
  const std::uint8_t* q = nullptr;            // [pairs][64]
  const std::int8_t* group_scale = nullptr;   // [groups][16]
  const float* row_scale = nullptr;           // [rows]
};

/// A batch of activation vectors quantised in groups: x = scale * q, q in -127..127.
struct Activations {
  int count = 0;  // vectors in the batch
  int columns = 0;
  const std::int8_t* q = nullptr;  // [count][columns]
  const float* scale = nullptr;    // [count][columns/32]
  const float* sum = nullptr;      // [count][columns/32]: scale * (sum of q in the group)
};

struct Table {
  std::string_view name;  // "scalar", "avx2", "avx512vnni", "neon"

  /// x[columns] -> q[columns], scale[columns/32], sum[columns/32]. Rounds half to even;
  /// a group of zeros (or one holding a NaN or an infinity) gets scale 0 and q 0.
  void (*quantize)(const float* x, int columns, std::int8_t* q, float* scale, float* sum);

  /// y[b * y_stride + (row - 16 * block_begin)] = W[row] . x[b] for the row blocks
  /// [block_begin, block_end). Each group is accumulated in int32, groups in float
  /// in rising order of columns.
  void (*matmul_int4)(const Int4Matrix& w, const Activations& x, int block_begin, int block_end,
                      float* y, int y_stride);
  void (*matmul_int8)(const Int8Matrix& w, const Activations& x, int block_begin, int block_end,
                      float* y, int y_stride);
  /// Of a group: t = x_scale * sum(q * x) - middle * x_sum; y = y + group_scale * t. After the
  /// last: y = row_scale * y.
  void (*matmul_coded)(const CodedMatrix& w, const Activations& x, int block_begin, int block_end,
                       float* y, int y_stride);
  /// The same of the groups that are stored, in that order; x_sum is of the kept columns only.
  void (*matmul_sparse)(const SparseMatrix& w, const Activations& x, int block_begin, int block_end,
                        float* y, int y_stride);

  /// scores[h * scores_stride + t] = query[h * 64 ..] . key[t * key_stride ..] for `heads` query
  /// heads that share one key head of 64 binary16 values. t in 0..count-1.
  void (*attention_scores)(const float* query, int heads, const std::uint16_t* key, int key_stride,
                           int count, float* scores, int scores_stride);

  /// out[h * 64 + d] += sum over t of weights[h * weights_stride + t] * value[t * value_stride +
  /// d].
  void (*attention_mix)(const float* weights, int weights_stride, int heads,
                        const std::uint16_t* value, int value_stride, int count, float* out);

  /// x[i] = exp(x[i] - max); returns the sum. max is given by the caller. Relative error of
  /// each element at most 2e-6; arguments below -87 give 0.
  float (*exp_sum)(float* x, int count, float max);
  /// count >= 1; a NaN is passed over.
  float (*max)(const float* x, int count);

  /// gate[i] = gate[i] / (1 + exp(-gate[i])) * up[i]
  void (*swiglu)(float* gate, const float* up, int count);

  /// y[i] = x[i] * weight[i] / sqrt(mean(x^2) + epsilon)
  void (*rms_norm)(const float* x, const float* weight, int count, float epsilon, float* y);

  void (*to_half)(const float* x, int count, std::uint16_t* y);  // round to nearest even
  void (*from_half)(const std::uint16_t* x, int count, float* y);
};

/// The plain tables, best first, of those this build holds and this processor can run.
/// The last one is always scalar.
std::span<const Table* const> available();

/// The table to use: the named one if it is available; the best where `name` is empty;
/// nullptr where the name is unknown or cannot run here. The environment variable
/// FORETYPE_KERNELS is read by the doors (Python), not here.
const Table* select(std::string_view name);

}  // namespace foretype::kernels
