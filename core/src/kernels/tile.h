// How the vector kernels walk a matrix: row block by row block, each one with
// all vectors of the batch while its weights are in the nearest cache; a few
// vectors (a tile) at a time, which share one unpacking of the weights.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "kernels/kernels.h"
#include "kernels/quantisation.h"

namespace foretype::kernels {
namespace {  // compiled again, with its own instruction set, in each file that includes it

/// One row block of a matrix, and some neighbouring vectors.
struct Tile {
  const std::uint8_t* q;
  const std::uint16_t* scale;
  const std::uint16_t* offset;  // null for 8-bit weights
  int groups;
  const std::int8_t* x;  // [vectors][32 * groups]
  const float* x_scale;  // [vectors][groups]
  const float* x_sum;    // [vectors][groups]
  float* y;              // [vectors][y_stride]
  std::ptrdiff_t y_stride;
};

using TileFunction = void (*)(const Tile&);

/// The same of a CodedMatrix.
struct CodedTile {
  const std::uint8_t* q;
  const std::int8_t* group_scale;
  const float* row_scale;
  float middle;
  int groups;
  const std::int8_t* x;
  const float* x_scale;
  const float* x_sum;
  float* y;
  std::ptrdiff_t y_stride;
};

using CodedTileFunction = void (*)(const CodedTile&);

/// One row block of a SparseMatrix.
struct SparseTile {
  const std::uint32_t* group_end;  // [4], as in the matrix
  const std::uint16_t* group;      // from the row block's first on, and so all of these
  const std::uint8_t* mask;
  const std::uint8_t* q;
  const std::int8_t* group_scale;
  const float* row_scale;
  std::uint32_t first_group;  // among all of the matrix
  int groups;                 // of a vector
  const std::int8_t* x;
  const float* x_scale;
  const float* x_sum;
  const std::int16_t* x_block;  // [vectors][8 * groups]: sums of four neighbouring x
  float* y;
  std::ptrdiff_t y_stride;

  /// How many stored groups there are with that many pairs or more.
  std::uint32_t groups_with(int pairs) const {
    return group_end[kGroupPairs - pairs] - first_group;
  }
};

/// The blocks that a group keeps, in order.
class Kept {
 public:
  explicit Kept(std::uint8_t mask) : left_(mask) {}

  int next() {
    const int block = std::countr_zero(left_);
    left_ &= left_ - 1;
    return block;
  }

 private:
  unsigned left_;
};

using SparseTileFunction = void (*)(const SparseTile&);

/// Weights pass once and come from memory, not from a cache; the processor's own look-ahead stops
/// at each page. With few vectors, whose arithmetic hides nothing, asking for what is needed 2 KB
/// on makes the body 1.3 times as fast (docs/decisions/0002).
constexpr std::ptrdiff_t kAhead = 2048;

/// Always inline: GCC 12 takes a function that only prefetches for one without effect, and leaves
/// out calls to it.
template <int kLines>
[[gnu::always_inline]] inline void fetch_ahead(const void* weights) {
  const char* at = static_cast<const char*>(weights) + kAhead;
  for (int line = 0; line < kLines; ++line) __builtin_prefetch(at + 64 * line);
}

/// The same distance ahead for numbers that go with 256 bytes of weights, 32 bytes of them.
[[gnu::always_inline]] inline void fetch_ahead_of_group(const std::uint16_t* numbers) {
  __builtin_prefetch(reinterpret_cast<const char*>(numbers) + kAhead / 8);
}

/// And for the scales of codes, 16 bytes a group.
template <int kBits>
[[gnu::always_inline]] inline void fetch_ahead_of_codes(const std::int8_t* scales) {
  __builtin_prefetch(scales + kAhead * kRowBlock / (64 * kBits));
}

/// How many of `left` vectors go into the next tile: tiles of nearly the same size, since small
/// ones are slow.
int tile_size(int left, int largest) {
  const int tiles = (left + largest - 1) / largest;
  return (left + tiles - 1) / tiles;
}

/// All vectors of x times the row block that `tile` begins with. tiles[n - 1] takes n vectors.
template <typename AnyTile, int kLargest>
void multiply_block(AnyTile tile, int count, void (*const (&tiles)[kLargest])(const AnyTile&)) {
  for (int done = 0; done < count;) {
    const int vectors = tile_size(count - done, kLargest);
    tiles[vectors - 1](tile);
    tile.x += static_cast<std::ptrdiff_t>(vectors) * tile.groups * kGroup;
    tile.x_scale += static_cast<std::ptrdiff_t>(vectors) * tile.groups;
    tile.x_sum += static_cast<std::ptrdiff_t>(vectors) * tile.groups;
    tile.y += vectors * tile.y_stride;
    done += vectors;
  }
}

template <int kLargest>
void multiply_int4(const Int4Matrix& w, const Activations& x, int block_begin, int block_end,
                   float* y, int y_stride, const TileFunction (&tiles)[kLargest]) {
  const int groups = w.columns / kGroup;
  for (int block = block_begin; block < block_end; ++block) {
    const std::size_t at = static_cast<std::size_t>(block) * static_cast<std::size_t>(groups);
    float* rows = y + static_cast<std::ptrdiff_t>(block - block_begin) * kRowBlock;
    const Tile tile = {w.q + at * (kRowBlock * kGroup / 2),
                       w.scale + at * kRowBlock,
                       w.offset + at * kRowBlock,
                       groups,
                       x.q,
                       x.scale,
                       x.sum,
                       rows,
                       y_stride};
    multiply_block(tile, x.count, tiles);
  }
}

template <int kLargest>
void multiply_int8(const Int8Matrix& w, const Activations& x, int block_begin, int block_end,
                   float* y, int y_stride, const TileFunction (&tiles)[kLargest]) {
  const int groups = w.columns / kGroup;
  for (int block = block_begin; block < block_end; ++block) {
    const std::size_t at = static_cast<std::size_t>(block) * static_cast<std::size_t>(groups);
    float* rows = y + static_cast<std::ptrdiff_t>(block - block_begin) * kRowBlock;
    const Tile tile = {reinterpret_cast<const std::uint8_t*>(w.q) + at * (kRowBlock * kGroup),
                       w.scale + at * kRowBlock,
                       nullptr,
                       groups,
                       x.q,
                       x.scale,
                       x.sum,
                       rows,
                       y_stride};
    multiply_block(tile, x.count, tiles);
  }
}

template <int kLargest>
void multiply_coded(const CodedMatrix& w, const Activations& x, int block_begin, int block_end,
                    float* y, int y_stride, const CodedTileFunction (&tiles)[kLargest]) {
  const int groups = w.columns / kGroup;
  for (int block = block_begin; block < block_end; ++block) {
    const std::size_t at = static_cast<std::size_t>(block) * static_cast<std::size_t>(groups);
    float* rows = y + static_cast<std::ptrdiff_t>(block - block_begin) * kRowBlock;
    const CodedTile tile = {w.q + at * static_cast<std::size_t>(64 * w.bits),
                            w.group_scale + at * kRowBlock,
                            w.row_scale + static_cast<std::ptrdiff_t>(block) * kRowBlock,
                            middle_of(w.bits),
                            groups,
                            x.q,
                            x.scale,
                            x.sum,
                            rows,
                            y_stride};
    multiply_block(tile, x.count, tiles);
  }
}

void sum_blocks(const std::int8_t* x, int columns, std::int16_t* sums) {
  for (int block = 0; block < columns / kColumnBlock; ++block) {
    int sum = 0;
    for (int j = 0; j < kColumnBlock; ++j) sum += x[kColumnBlock * block + j];
    sums[block] = static_cast<std::int16_t>(sum);
  }
}

/// Row blocks of a sparse matrix; the tile says which vectors.
void multiply_sparse_blocks(const SparseMatrix& w, int block_begin, int block_end, SparseTile tile,
                            SparseTileFunction function) {
  float* const y = tile.y;
  for (int block = block_begin; block < block_end; ++block) {
    tile.first_group = block == 0 ? 0 : w.group_end[kGroupPairs * block - 1];
    tile.group_end = w.group_end + kGroupPairs * block;
    tile.group = w.group + tile.first_group;
    tile.mask = w.mask + tile.first_group;
    tile.q = w.q + std::size_t{64} * w.pair_begin[block];
    tile.group_scale = w.group_scale + std::size_t{kRowBlock} * tile.first_group;
    tile.row_scale = w.row_scale + kRowBlock * block;
    tile.y = y + static_cast<std::ptrdiff_t>(block - block_begin) * kRowBlock;
    function(tile);
  }
}

template <int kLargest>
void multiply_sparse(const SparseMatrix& w, const Activations& x, int block_begin, int block_end,
                     float* y, int y_stride, const SparseTileFunction (&tiles)[kLargest]) {
  const int groups = w.columns / kGroup;
  const int blocks = w.columns / kColumnBlock;
  std::int16_t x_block[kLargest * (kMostColumns / kColumnBlock)];  // of one tile
  for (int done = 0; done < x.count;) {
    const int vectors = tile_size(x.count - done, kLargest);
    const std::int8_t* at = x.q + static_cast<std::ptrdiff_t>(done) * w.columns;
    for (int v = 0; v < vectors; ++v) {
      sum_blocks(at + static_cast<std::ptrdiff_t>(v) * w.columns, w.columns, x_block + v * blocks);
    }
    SparseTile tile = {};
    tile.groups = groups;
    tile.x = at;
    tile.x_scale = x.scale + static_cast<std::ptrdiff_t>(done) * groups;
    tile.x_sum = x.sum + static_cast<std::ptrdiff_t>(done) * groups;
    tile.x_block = x_block;
    tile.y = y + static_cast<std::ptrdiff_t>(done) * y_stride;
    tile.y_stride = y_stride;
    multiply_sparse_blocks(w, block_begin, block_end, tile, tiles[vectors - 1]);
    done += vectors;
  }
}

}  // namespace
}  // namespace foretype::kernels
