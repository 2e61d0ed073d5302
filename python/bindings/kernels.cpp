#include "kernels/kernels.h"

#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <string>
#include <vector>

#include "bindings.h"

namespace foretype::bindings {
namespace {

namespace nb = nanobind;

using kernels::kGroup;
using kernels::kRowBlock;
using kernels::Table;

template <typename T, typename Shape>
using Input = nb::ndarray<const T, Shape, nb::c_contig, nb::device::cpu>;
template <typename T>
using Output = nb::ndarray<nb::numpy, T>;

using Vectors = Input<float, nb::shape<-1, -1>>;                    // [count, columns]
using QuantizedVectors = Input<std::int8_t, nb::shape<-1, -1>>;     // [count, columns]
using Nibbles = Input<std::uint8_t, nb::shape<-1, -1, 64>>;         // [rows/16, columns/8, 64]
using Bytes = Input<std::int8_t, nb::shape<-1, -1, kRowBlock, 4>>;  // [rows/16, columns/4, 16, 4]
using Halves = Input<std::uint16_t, nb::shape<-1, -1, kRowBlock>>;  // [rows/16, groups, 16]

void require(bool holds, const char* what) {
  if (!holds) throw nb::value_error(what);
}

/// A new array that owns its numbers; `data` points at them.
template <typename T>
Output<T> make_array(std::size_t rows, std::size_t columns, T** data) {
  auto numbers = std::make_unique<T[]>(rows * columns);
  *data = numbers.get();
  nb::capsule owner(numbers.release(), [](void* p) noexcept { delete[] static_cast<T*>(p); });
  return Output<T>(*data, {rows, columns}, owner);
}

const Table& table(const std::string& name) {
  const Table* found = kernels::select(name);
  if (found == nullptr) throw nb::value_error("no kernels of this name can run here");
  return *found;
}

std::vector<std::string> kernels_available() {
  std::vector<std::string> names;
  for (const Table* known : kernels::available()) names.emplace_back(known->name);
  return names;
}

nb::tuple quantize(const std::string& name, const Vectors& x) {
  const std::size_t count = x.shape(0);
  const std::size_t columns = x.shape(1);
  const std::size_t groups = columns / kGroup;
  require(columns % kGroup == 0, "columns must be a multiple of 32");
  std::int8_t* q = nullptr;
  float *scale = nullptr, *sum = nullptr;
  auto q_array = make_array(count, columns, &q);
  auto scale_array = make_array(count, groups, &scale);
  auto sum_array = make_array(count, groups, &sum);
  for (std::size_t i = 0; i < count; ++i) {
    table(name).quantize(x.data() + i * columns, static_cast<int>(columns), q + i * columns,
                         scale + i * groups, sum + i * groups);
  }
  return nb::make_tuple(q_array, scale_array, sum_array);
}

kernels::Activations activations(const QuantizedVectors& q, const Vectors& scale,
                                 const Vectors& sum) {
  const std::size_t groups = q.shape(1) / kGroup;
  require(q.shape(1) == groups * kGroup, "columns must be a multiple of 32");
  require(scale.shape(0) == q.shape(0) && scale.shape(1) == groups, "x_scale has another shape");
  require(sum.shape(0) == q.shape(0) && sum.shape(1) == groups, "x_sum has another shape");
  return {static_cast<int>(q.shape(0)), static_cast<int>(q.shape(1)), q.data(), scale.data(),
          sum.data()};
}

void require_groups(const Halves& values, std::size_t row_blocks, int columns) {
  require(values.shape(0) == row_blocks && values.shape(1) * kGroup == std::size_t(columns),
          "scale or offset has another shape than q");
}

Output<float> matmul_int4(const std::string& name, const Nibbles& q, const Halves& scale,
                          const Halves& offset, const QuantizedVectors& x_q, const Vectors& x_scale,
                          const Vectors& x_sum) {
  const kernels::Activations x = activations(x_q, x_scale, x_sum);
  require(q.shape(1) * 8 == x_q.shape(1), "weights and vectors differ in columns");
  require_groups(scale, q.shape(0), x.columns);
  require_groups(offset, q.shape(0), x.columns);
  const int blocks = static_cast<int>(q.shape(0));
  const int rows = blocks * kRowBlock;
  float* y = nullptr;
  auto result = make_array(x_q.shape(0), static_cast<std::size_t>(rows), &y);
  table(name).matmul_int4({rows, x.columns, q.data(), scale.data(), offset.data()}, x, 0, blocks, y,
                          rows);
  return result;
}

Output<float> matmul_int8(const std::string& name, const Bytes& q, const Halves& scale,
                          const QuantizedVectors& x_q, const Vectors& x_scale,
                          const Vectors& x_sum) {
  const kernels::Activations x = activations(x_q, x_scale, x_sum);
  require(q.shape(1) * 4 == x_q.shape(1), "weights and vectors differ in columns");
  require_groups(scale, q.shape(0), x.columns);
  const int blocks = static_cast<int>(q.shape(0));
  const int rows = blocks * kRowBlock;
  float* y = nullptr;
  auto result = make_array(x_q.shape(0), static_cast<std::size_t>(rows), &y);
  table(name).matmul_int8({rows, x.columns, q.data(), scale.data()}, x, 0, blocks, y, rows);
  return result;
}

}  // namespace

void bind_kernels(nb::module_& m) {
  using nb::arg;
  m.def("kernels_available", kernels_available,
        "Names of the kernels that can run here, the best first and \"scalar\" last.");
  m.def("quantize", quantize, arg("kernels"), arg("x"),
        "Vectors [count, columns] -> (q, scale, sum) in groups of 32 columns: x = scale * q.\n\n"
        "Raises ValueError for unknown kernels.");
  m.def(
      "matmul_int4", matmul_int4, arg("kernels"), arg("q"), arg("scale"), arg("offset"), arg("x_q"),
      arg("x_scale"), arg("x_sum"),
      "Packed weights times quantised vectors: [count, rows]. Scales are the bits of binary16.\n\n"
      "Raises ValueError for unknown kernels or shapes that do not fit.");
  m.def(
      "matmul_int8", matmul_int8, arg("kernels"), arg("q"), arg("scale"), arg("x_q"),
      arg("x_scale"), arg("x_sum"),
      "Packed weights times quantised vectors: [count, rows]. Scales are the bits of binary16.\n\n"
      "Raises ValueError for unknown kernels or shapes that do not fit.");
}

}  // namespace foretype::bindings
