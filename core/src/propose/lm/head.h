// The output head, which is also the input embedding (tied). Its rows stand by places
// (head_rows.h): those of the common tokens may have more bits than all others.
#pragma once

#include <optional>

#include "kernels/matrix.h"

namespace foretype::lm {

struct Head {
  kernels::Matrix first;                  // all rows, where there is no second part
  std::optional<kernels::Matrix> second;  // the rows behind those
};

/// y[batch][stride], from the row 16 * block_begin on: see kernels::Table::matmul_int4.
void multiply(const kernels::Table& table, const Head& head, const kernels::Activations& x,
              int block_begin, int block_end, float* y, int y_stride);

/// values[columns] = one row of weights. Slow: for input embeddings, one row a token.
void read_row(const Head& head, int row, float* values);

}  // namespace foretype::lm
