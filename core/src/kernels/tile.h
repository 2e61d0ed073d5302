// How the vector kernels walk a matrix: row block by row block, each one with
// all vectors of the batch while its weights are in the nearest cache; a few
// vectors (a tile) at a time, which share one unpacking of the weights.
#pragma once

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
  const std::uint8_t* group_scale;
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

}  // namespace
}  // namespace foretype::kernels
