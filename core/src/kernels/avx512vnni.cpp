// Kernels for x86 processors with AVX-512 VNNI: a 16x4 block of weights is one
// register and one dpbusd. What is not a matrix is done as on AVX2.
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512VNNI__)

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernels/avx2_attention.h"
#include "kernels/avx2_vector.h"
#include "kernels/tables.h"
#include "kernels/tile.h"

namespace foretype::kernels {
namespace {

/// Four activations, for all sixteen rows.
__m512i broadcast4(const std::int8_t* at) {
  std::int32_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return _mm512_set1_epi32(word);
}

// Every lane is kept; the unmasked forms make GCC 12 warn of its own header.
constexpr __mmask16 kEveryLane = 0xffff;

__m512 load_halves(const std::uint16_t* at) {
  const __m256i halves = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  return _mm512_maskz_cvtph_ps(kEveryLane, halves);
}

/// y + (scale * x_scale) * sums
__m512 add_scaled(__m512 y, __m512 scale, float x_scale, __m512i sums) {
  const __m512 factor = _mm512_mul_ps(scale, _mm512_set1_ps(x_scale));
  return _mm512_add_ps(y, _mm512_mul_ps(factor, _mm512_maskz_cvtepi32_ps(kEveryLane, sums)));
}

/// Two neighbouring 16x4 blocks, unpacked.
struct Pair {
  __m512i a, b;
};

Pair nibbles(const std::uint8_t* q) {
  const __m512i nibble = _mm512_set1_epi8(15);
  const __m512i both = _mm512_loadu_si512(q);
  return {_mm512_and_si512(both, nibble), _mm512_and_si512(_mm512_srli_epi16(both, 4), nibble)};
}

template <int kVectors>
void add_pair(const Pair& w, const std::int8_t* x, int columns, __m512i* sums) {
  for (int v = 0; v < kVectors; ++v) {
    const std::int8_t* at = x + static_cast<std::ptrdiff_t>(v) * columns;
    sums[v] = _mm512_dpbusd_epi32(sums[v], w.a, broadcast4(at));
    sums[v] = _mm512_dpbusd_epi32(sums[v], w.b, broadcast4(at + 4));
  }
}

template <int kVectors>
void int4_tile(const Tile& tile) {
  const int columns = tile.groups * kGroup;
  __m512 y[kVectors];
  for (int v = 0; v < kVectors; ++v) y[v] = _mm512_setzero_ps();
  for (int group = 0; group < tile.groups; ++group) {
    if constexpr (kVectors <= 4) {
      fetch_ahead<4>(tile.q + 256 * group);
      fetch_ahead_of_group(tile.scale + kRowBlock * group);
      fetch_ahead_of_group(tile.offset + kRowBlock * group);
    }
    __m512i sums[kVectors];
    for (int v = 0; v < kVectors; ++v) sums[v] = _mm512_setzero_si512();
    for (int pair = 0; pair < 4; ++pair) {
      add_pair<kVectors>(nibbles(tile.q + (4 * group + pair) * 64), tile.x + 32 * group + 8 * pair,
                         columns, sums);
    }
    const __m512 scale = load_halves(tile.scale + kRowBlock * group);
    const __m512 offset = load_halves(tile.offset + kRowBlock * group);
    for (int v = 0; v < kVectors; ++v) {
      const __m512 x_sum = _mm512_set1_ps(tile.x_sum[v * tile.groups + group]);
      y[v] = add_scaled(y[v], scale, tile.x_scale[v * tile.groups + group], sums[v]);
      y[v] = _mm512_add_ps(y[v], _mm512_mul_ps(offset, x_sum));
    }
  }
  for (int v = 0; v < kVectors; ++v) _mm512_storeu_ps(tile.y + v * tile.y_stride, y[v]);
}

/// |w| is the unsigned operand, x takes w's sign.
template <int kVectors>
void add_int8_block(const std::uint8_t* q, const std::int8_t* x, int columns, __m512i* sums) {
  const __m512i w = _mm512_loadu_si512(q);
  const __m512i magnitude = _mm512_abs_epi8(w);
  const __mmask64 negative = _mm512_movepi8_mask(w);
  for (int v = 0; v < kVectors; ++v) {
    const __m512i a = broadcast4(x + static_cast<std::ptrdiff_t>(v) * columns);
    const __m512i turned = _mm512_mask_sub_epi8(a, negative, _mm512_setzero_si512(), a);
    sums[v] = _mm512_dpbusd_epi32(sums[v], magnitude, turned);
  }
}

template <int kVectors>
void int8_tile(const Tile& tile) {
  const int columns = tile.groups * kGroup;
  __m512 y[kVectors];
  for (int v = 0; v < kVectors; ++v) y[v] = _mm512_setzero_ps();
  for (int group = 0; group < tile.groups; ++group) {
    if constexpr (kVectors <= 4) fetch_ahead<8>(tile.q + 512 * group);
    __m512i sums[kVectors];
    for (int v = 0; v < kVectors; ++v) sums[v] = _mm512_setzero_si512();
    for (int block = 0; block < 8; ++block) {
      add_int8_block<kVectors>(tile.q + (8 * group + block) * 64, tile.x + 32 * group + 4 * block,
                               columns, sums);
    }
    const __m512 scale = load_halves(tile.scale + kRowBlock * group);
    for (int v = 0; v < kVectors; ++v) {
      y[v] = add_scaled(y[v], scale, tile.x_scale[v * tile.groups + group], sums[v]);
    }
  }
  for (int v = 0; v < kVectors; ++v) _mm512_storeu_ps(tile.y + v * tile.y_stride, y[v]);
}

__m512i low_three(__m512i bytes) { return _mm512_and_si512(bytes, _mm512_set1_epi8(7)); }

/// Blocks 2 * plane and 2 * plane + 1 of a group in three bits.
Pair three_bits(const std::uint8_t* plane) {
  const __m512i both = _mm512_loadu_si512(plane);
  return {low_three(both), low_three(_mm512_srli_epi16(both, 3))};
}

/// The last two blocks, which lie in the upper bits of all three planes.
Pair last_three_bits(const std::uint8_t* group) {
  const __m512i low = _mm512_set1_epi8(3);
  const __m512i high = _mm512_set1_epi8(4);
  const __m512i upper = _mm512_loadu_si512(group + 128);
  const __m512i a = _mm512_and_si512(_mm512_srli_epi16(_mm512_loadu_si512(group), 6), low);
  const __m512i b = _mm512_and_si512(_mm512_srli_epi16(_mm512_loadu_si512(group + 64), 6), low);
  return {_mm512_or_si512(a, _mm512_and_si512(_mm512_srli_epi16(upper, 4), high)),
          _mm512_or_si512(b, _mm512_and_si512(_mm512_srli_epi16(upper, 5), high))};
}

template <int kBits, int kVectors>
void add_codes(const std::uint8_t* q, const std::int8_t* x, int columns, __m512i* sums) {
  for (int pair = 0; pair < kBits; ++pair) {
    const std::uint8_t* at = q + 64 * pair;
    add_pair<kVectors>(kBits == 3 ? three_bits(at) : nibbles(at), x + 8 * pair, columns, sums);
  }
  if constexpr (kBits == 3) add_pair<kVectors>(last_three_bits(q), x + 24, columns, sums);
}

__m512 load_bytes_as_floats(const std::int8_t* at) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  return _mm512_maskz_cvtepi32_ps(kEveryLane, _mm512_maskz_cvtepi8_epi32(kEveryLane, bytes));
}

/// y + scale * (x_scale * sums - x_middle)
__m512 add_centred(__m512 y, __m512 scale, float x_scale, float x_middle, __m512i sums) {
  const __m512 wide = _mm512_maskz_cvtepi32_ps(kEveryLane, sums);
  const __m512 t =
      _mm512_sub_ps(_mm512_mul_ps(_mm512_set1_ps(x_scale), wide), _mm512_set1_ps(x_middle));
  return _mm512_add_ps(y, _mm512_mul_ps(scale, t));
}

template <int kVectors>
void store_rows(const float* row_scale, const __m512* y, float* to, std::ptrdiff_t stride) {
  const __m512 scale = _mm512_loadu_ps(row_scale);
  for (int v = 0; v < kVectors; ++v) {
    _mm512_storeu_ps(to + v * stride, _mm512_mul_ps(scale, y[v]));
  }
}

template <int kBits, int kVectors>
void coded_tile(const CodedTile& tile) {
  const int columns = tile.groups * kGroup;
  __m512 y[kVectors];
  for (int v = 0; v < kVectors; ++v) y[v] = _mm512_setzero_ps();
  for (int group = 0; group < tile.groups; ++group) {
    if constexpr (kVectors <= 4) {
      fetch_ahead<kBits>(tile.q + 64 * kBits * group);
      fetch_ahead_of_codes<kBits>(tile.group_scale + kRowBlock * group);
    }
    __m512i sums[kVectors];
    for (int v = 0; v < kVectors; ++v) sums[v] = _mm512_setzero_si512();
    add_codes<kBits, kVectors>(tile.q + 64 * kBits * group, tile.x + 32 * group, columns, sums);
    const __m512 scale = load_bytes_as_floats(tile.group_scale + kRowBlock * group);
    for (int v = 0; v < kVectors; ++v) {
      const int x_at = v * tile.groups + group;
      y[v] = add_centred(y[v], scale, tile.x_scale[x_at], tile.middle * tile.x_sum[x_at], sums[v]);
    }
  }
  store_rows<kVectors>(tile.row_scale, y, tile.y, tile.y_stride);
}

constexpr TileFunction kInt4Tiles[] = {int4_tile<1>, int4_tile<2>, int4_tile<3>, int4_tile<4>,
                                       int4_tile<5>, int4_tile<6>, int4_tile<7>, int4_tile<8>};
constexpr TileFunction kInt8Tiles[] = {int8_tile<1>, int8_tile<2>, int8_tile<3>, int8_tile<4>,
                                       int8_tile<5>, int8_tile<6>, int8_tile<7>, int8_tile<8>};

void matmul_int4(const Int4Matrix& w, const Activations& x, int block_begin, int block_end,
                 float* y, int y_stride) {
  multiply_int4(w, x, block_begin, block_end, y, y_stride, kInt4Tiles);
}

void matmul_int8(const Int8Matrix& w, const Activations& x, int block_begin, int block_end,
                 float* y, int y_stride) {
  multiply_int8(w, x, block_begin, block_end, y, y_stride, kInt8Tiles);
}

template <int kBits>
constexpr CodedTileFunction kCodedTiles[] = {
    coded_tile<kBits, 1>, coded_tile<kBits, 2>, coded_tile<kBits, 3>, coded_tile<kBits, 4>,
    coded_tile<kBits, 5>, coded_tile<kBits, 6>, coded_tile<kBits, 7>, coded_tile<kBits, 8>};

void matmul_coded(const CodedMatrix& w, const Activations& x, int block_begin, int block_end,
                  float* y, int y_stride) {
  multiply_coded(w, x, block_begin, block_end, y, y_stride,
                 w.bits == 3 ? kCodedTiles<3> : kCodedTiles<4>);
}

/// Stored group `at`, with its codes at q.
template <int kPairs, int kVectors>
void add_sparse_group(const SparseTile& tile, std::uint32_t at, const std::uint8_t* q, __m512* y) {
  const int columns = tile.groups * kGroup;
  const int group = tile.group[at];
  fetch_ahead<kPairs>(q);
  fetch_ahead_of_codes<kPairs>(tile.group_scale + kRowBlock * at);
  __m512i sums[kVectors];
  int totals[kVectors] = {};
  for (int v = 0; v < kVectors; ++v) sums[v] = _mm512_setzero_si512();
  Kept kept(tile.mask[at]);
  for (int pair = 0; pair < kPairs; ++pair) {
    const int a = kPairs == kGroupPairs ? 2 * pair : kept.next();
    const int b = kPairs == kGroupPairs ? 2 * pair + 1 : kept.next();
    const Pair w = nibbles(q + 64 * pair);
    for (int v = 0; v < kVectors; ++v) {
      const std::int8_t* x = tile.x + static_cast<std::ptrdiff_t>(v) * columns + kGroup * group;
      sums[v] = _mm512_dpbusd_epi32(sums[v], w.a, broadcast4(x + kColumnBlock * a));
      sums[v] = _mm512_dpbusd_epi32(sums[v], w.b, broadcast4(x + kColumnBlock * b));
      const std::int16_t* blocks = tile.x_block + v * (columns / kColumnBlock) + 8 * group;
      totals[v] += blocks[a] + blocks[b];
    }
  }
  const __m512 scale = load_bytes_as_floats(tile.group_scale + kRowBlock * at);
  for (int v = 0; v < kVectors; ++v) {
    const float x_scale = tile.x_scale[v * tile.groups + group];
    const float x_sum = x_scale * static_cast<float>(totals[v]);
    y[v] = add_centred(y[v], scale, x_scale, middle_of(4) * x_sum, sums[v]);
  }
}

/// All groups of a row block that keep so many pairs; returns where the next ones' codes begin.
template <int kPairs, int kVectors>
const std::uint8_t* add_sparse_groups(const SparseTile& tile, const std::uint8_t* q, __m512* y) {
  std::uint32_t at = kPairs == kGroupPairs ? 0 : tile.groups_with(kPairs + 1);
  for (; at < tile.groups_with(kPairs); ++at) {
    add_sparse_group<kPairs, kVectors>(tile, at, q, y);
    q += 64 * kPairs;
  }
  return q;
}

template <int kVectors>
void sparse_tile(const SparseTile& tile) {
  __m512 y[kVectors];
  for (int v = 0; v < kVectors; ++v) y[v] = _mm512_setzero_ps();
  const std::uint8_t* q = tile.q;
  q = add_sparse_groups<4, kVectors>(tile, q, y);
  q = add_sparse_groups<3, kVectors>(tile, q, y);
  q = add_sparse_groups<2, kVectors>(tile, q, y);
  add_sparse_groups<1, kVectors>(tile, q, y);
  store_rows<kVectors>(tile.row_scale, y, tile.y, tile.y_stride);
}

constexpr SparseTileFunction kSparseTiles[] = {sparse_tile<1>, sparse_tile<2>, sparse_tile<3>,
                                               sparse_tile<4>};

void matmul_sparse(const SparseMatrix& w, const Activations& x, int block_begin, int block_end,
                   float* y, int y_stride) {
  multiply_sparse(w, x, block_begin, block_end, y, y_stride, kSparseTiles);
}

}  // namespace

const Table kAvx512VnniTable = {
    .name = "avx512vnni",
    .quantize = avx2::quantize,
    .matmul_int4 = matmul_int4,
    .matmul_int8 = matmul_int8,
    .matmul_coded = matmul_coded,
    .matmul_sparse = matmul_sparse,
    .attention_scores = avx2::attention_scores,
    .attention_mix = avx2::attention_mix,
    .exp_sum = avx2::exp_sum,
    .max = avx2::max,
    .swiglu = avx2::swiglu,
    .rms_norm = avx2::rms_norm,
    .to_half = avx2::to_half,
    .from_half = avx2::from_half,
};

}  // namespace foretype::kernels

#endif
