#include "propose/lm/head.h"

#include <algorithm>

namespace foretype::lm {

void multiply(const kernels::Table& table, const Head& head, const kernels::Activations& x,
              int block_begin, int block_end, float* y, int y_stride) {
  const int split = kernels::rows_of(head.first) / kernels::kRowBlock;
  const int end = std::min(block_end, split);
  if (block_begin < end) {
    kernels::multiply(table, head.first, x, block_begin, end, y, y_stride);
  }
  const int begin = std::max(block_begin, split);
  if (begin < block_end) {
    kernels::multiply(table, *head.second, x, begin - split, block_end - split,
                      y + (begin - block_begin) * kernels::kRowBlock, y_stride);
  }
}

void read_row(const Head& head, int row, float* values) {
  const int split = kernels::rows_of(head.first);
  if (row < split) {
    kernels::read_row(head.first, row, values);
  } else {
    kernels::read_row(*head.second, row - split, values);
  }
}

}  // namespace foretype::lm
