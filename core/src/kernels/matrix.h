// A matrix of weights in whichever encoding its file has.
#pragma once

#include <variant>

#include "kernels/kernels.h"

namespace foretype::kernels {

using Matrix = std::variant<Int4Matrix, Int8Matrix, CodedMatrix, SparseMatrix>;

int rows_of(const Matrix& w);
int columns_of(const Matrix& w);

/// The table's product for this encoding; see Table::matmul_int4.
void multiply(const Table& table, const Matrix& w, const Activations& x, int block_begin,
              int block_end, float* y, int y_stride);

/// values[columns] = one row of weights. Slow: for input embeddings, one row a token.
void read_row(const Matrix& w, int row, float* values);

}  // namespace foretype::kernels
