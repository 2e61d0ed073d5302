// A file's tensors as what the model needs them to be: norms, tables, and
// matrices in whichever encoding stands there.
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foretype/error.h"
#include "kernels/matrix.h"
#include "propose/lm/safetensors.h"

namespace foretype::lm {

/// "tensor NAME what"
Error corrupt_tensor(const std::string& name, std::string_view what);

/// The first tensor that is missing or of another type, shape or place than asked for is kept as
/// the error; what is handed out from then on is not used.
class TensorTable {
 public:
  TensorTable(const Safetensors& file, int version) : file_(file), version_(version) {}

  /// rows is a multiple of 16, columns of 32, at most kernels::kMostColumns.
  kernels::Matrix matrix(const std::string& name, int rows, int columns);
  /// The output head, whose single rows are read as embeddings: no sparse matrix.
  kernels::Matrix head(const std::string& name, int rows, int columns);
  /// Whether a matrix of codes stands there, which is not sparse.
  bool holds_codes(const std::string& name) const;
  /// How many rows a matrix has in the file: a multiple of 32 between 32 and `most`.
  int rows_in_file(const std::string& name, int most);
  const float* norm(const std::string& name, int width) {
    return weights<float>(name, "F32", {width});
  }

  /// A copy, since tables need not be aligned.
  template <typename T>
  std::vector<T> table(const std::string& name, std::string_view dtype) {
    const Tensor* tensor = find(name, dtype);
    if (!tensor || tensor->shape.size() != 1) {
      fail(corrupt_tensor(name, "is not a list"));
      return {};
    }
    std::vector<T> values(tensor->bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), tensor->bytes.data(), tensor->bytes.size());
    return values;
  }

  /// Empty where there is none.
  template <typename T>
  std::vector<T> optional_table(const std::string& name, std::string_view dtype) {
    return holds(name) ? table<T>(name, dtype) : std::vector<T>{};
  }

  std::span<const char> text(const std::string& name);

  const std::optional<Error>& error() const { return error_; }

 private:
  using Shape = std::initializer_list<int>;

  template <typename T>
  const T* weights(const std::string& name, std::string_view dtype, Shape shape) {
    return reinterpret_cast<const T*>(bytes_of(name, dtype, shape));
  }

  bool holds(const std::string& name) const { return file_.tensors.contains(name); }
  kernels::Int4Matrix int4(const std::string& name, int rows, int columns);
  kernels::Int8Matrix int8(const std::string& name, int rows, int columns);
  kernels::CodedMatrix coded(const std::string& name, int bits, int rows, int columns);
  kernels::SparseMatrix sparse(const std::string& name, int rows, int columns);
  const std::uint8_t* bytes_of(const std::string& name, std::string_view dtype, Shape shape);
  int length_of(const std::string& name, std::string_view dtype);
  const Tensor* find(const std::string& name, std::string_view dtype);
  void fail(Error error) {
    if (!error_) error_ = std::move(error);
  }

  const Safetensors& file_;
  int version_;
  std::optional<Error> error_;
};

}  // namespace foretype::lm
