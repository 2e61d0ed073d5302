#include "propose/lm/tensor_table.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace foretype::lm {
namespace {

using kernels::kColumnBlock;
using kernels::kGroup;
using kernels::kGroupPairs;
using kernels::kRowBlock;

constexpr std::uint64_t kWeightAlignment = 64;  // in the file: a cache line
constexpr int kCodedVersion = 2;                // of the format: the first with codes

bool has_shape(const Tensor& tensor, std::initializer_list<int> shape) {
  return std::equal(
      shape.begin(), shape.end(), tensor.shape.begin(), tensor.shape.end(),
      [](int wanted, std::uint64_t found) { return static_cast<std::uint64_t>(wanted) == found; });
}

/// Stored groups [first, last) keep `pairs` pairs of blocks each, of columns that exist.
bool keeps_pairs(const kernels::SparseMatrix& w, std::uint32_t first, std::uint32_t last,
                 int pairs) {
  for (std::uint32_t at = first; at < last; ++at) {
    if (w.group[at] >= w.columns / kGroup || std::popcount(w.mask[at]) != 2 * pairs) return false;
  }
  return true;
}

/// Whether every place that a kernel reads lies inside the tensors.
bool is_consistent(const kernels::SparseMatrix& w, std::uint32_t groups, std::uint32_t pairs) {
  std::uint32_t group = 0;
  std::uint64_t pair = 0;
  for (int block = 0; block < w.rows / kRowBlock; ++block) {
    if (w.pair_begin[block] != pair) return false;
    for (int kept = kGroupPairs; kept > 0; --kept) {
      const std::uint32_t end = w.group_end[kGroupPairs * (block + 1) - kept];
      if (end < group || end > groups || !keeps_pairs(w, group, end, kept)) return false;
      pair += std::uint64_t{end - group} * static_cast<std::uint64_t>(kept);
      group = end;
    }
  }
  return group == groups && pair == pairs;
}

}  // namespace

Error corrupt_tensor(const std::string& name, std::string_view what) {
  return {ErrorCode::kCorrupt, 0, "tensor " + name + " " + std::string(what)};
}

kernels::Matrix TensorTable::matrix(const std::string& name, int rows, int columns) {
  if (version_ >= kCodedVersion && !holds(name + ".q")) {
    if (holds(name + ".mask")) return sparse(name, rows, columns);
    if (holds(name + ".q3")) return coded(name, 3, rows, columns);
    if (holds(name + ".q4")) return coded(name, 4, rows, columns);
  }
  return int4(name, rows, columns);
}

kernels::Matrix TensorTable::head(const std::string& name, int rows, int columns) {
  if (version_ >= kCodedVersion && !holds(name + ".q")) {
    if (holds(name + ".q3")) return coded(name, 3, rows, columns);
    if (holds(name + ".q4")) return coded(name, 4, rows, columns);
  }
  return int8(name, rows, columns);
}

bool TensorTable::holds_codes(const std::string& name) const {
  return version_ >= kCodedVersion && !holds(name + ".mask") &&
         (holds(name + ".q3") || holds(name + ".q4"));
}

int TensorTable::rows_in_file(const std::string& name, int most) {
  if (version_ < kCodedVersion) return most;
  const auto scales = file_.tensors.find(name + ".row_scale");
  const auto codes = file_.tensors.find(name + ".q");
  std::uint64_t rows = 0;
  if (scales != file_.tensors.end() && !scales->second.shape.empty()) {
    rows = scales->second.shape[0];
  } else if (codes != file_.tensors.end() && !codes->second.shape.empty()) {
    rows = codes->second.shape[0] * kRowBlock;
  }
  if (rows == 0 || rows > static_cast<std::uint64_t>(most) || rows % kGroup != 0) {
    fail(corrupt_tensor(name, "is missing, or not as wide as a layer may be"));
    return most;
  }
  return static_cast<int>(rows);
}

kernels::Int4Matrix TensorTable::int4(const std::string& name, int rows, int columns) {
  const int blocks = rows / kRowBlock;
  const Shape groups = {blocks, columns / kGroup, kRowBlock};
  return {rows, columns,
          weights<std::uint8_t>(name + ".q", "U8", {blocks, columns / (2 * kColumnBlock), 64}),
          weights<std::uint16_t>(name + ".scale", "F16", groups),
          weights<std::uint16_t>(name + ".offset", "F16", groups)};
}

kernels::Int8Matrix TensorTable::int8(const std::string& name, int rows, int columns) {
  const int blocks = rows / kRowBlock;
  return {rows, columns,
          weights<std::int8_t>(name + ".q", "I8",
                               {blocks, columns / kColumnBlock, kRowBlock, kColumnBlock}),
          weights<std::uint16_t>(name + ".scale", "F16", {blocks, columns / kGroup, kRowBlock})};
}

kernels::CodedMatrix TensorTable::coded(const std::string& name, int bits, int rows, int columns) {
  const int blocks = rows / kRowBlock;
  const int groups = columns / kGroup;
  return {
      bits,
      rows,
      columns,
      weights<std::uint8_t>(name + (bits == 3 ? ".q3" : ".q4"), "U8", {blocks, groups, 64 * bits}),
      weights<std::int8_t>(name + ".group_scale", "I8", {blocks, groups, kRowBlock}),
      weights<float>(name + ".row_scale", "F32", {rows})};
}

kernels::SparseMatrix TensorTable::sparse(const std::string& name, int rows, int columns) {
  const int blocks = rows / kRowBlock;
  const int groups = length_of(name + ".mask", "U8");
  const int pairs = length_of(name + ".q4", "U8");
  const kernels::SparseMatrix w = {
      rows,
      columns,
      weights<std::uint32_t>(name + ".pair_begin", "U32", {blocks}),
      weights<std::uint32_t>(name + ".group_end", "U32", {blocks, kGroupPairs}),
      weights<std::uint16_t>(name + ".group", "U16", {groups}),
      weights<std::uint8_t>(name + ".mask", "U8", {groups}),
      weights<std::uint8_t>(name + ".q4", "U8", {pairs, 64}),
      weights<std::int8_t>(name + ".group_scale", "I8", {groups, kRowBlock}),
      weights<float>(name + ".row_scale", "F32", {rows})};
  const auto unsigned_of = [](int count) { return static_cast<std::uint32_t>(count); };
  if (!error_ && !is_consistent(w, unsigned_of(groups), unsigned_of(pairs))) {
    fail(corrupt_tensor(name, "keeps other blocks than it says"));
  }
  return w;
}

std::span<const char> TensorTable::text(const std::string& name) {
  const Tensor* tensor = find(name, "U8");
  if (!tensor) return {};
  return {reinterpret_cast<const char*>(tensor->bytes.data()), tensor->bytes.size()};
}

/// In the file, checked; null with an error.
const std::uint8_t* TensorTable::bytes_of(const std::string& name, std::string_view dtype,
                                          Shape shape) {
  const Tensor* tensor = find(name, dtype);
  if (!tensor) return nullptr;
  if (!has_shape(*tensor, shape)) {
    fail(corrupt_tensor(name, "has not the shape the sizes ask for"));
  }
  if (tensor->offset % kWeightAlignment != 0) {
    fail(corrupt_tensor(name, "is not aligned to 64 bytes"));
  }
  return tensor->bytes.data();
}

/// The first size of a tensor's shape; 0 with an error.
int TensorTable::length_of(const std::string& name, std::string_view dtype) {
  const Tensor* tensor = find(name, dtype);
  if (!tensor) return 0;
  constexpr std::uint64_t kMost = std::numeric_limits<int>::max();
  if (tensor->shape.empty() || tensor->shape[0] > kMost) {
    fail(corrupt_tensor(name, "has not the shape the sizes ask for"));
    return 0;
  }
  return static_cast<int>(tensor->shape[0]);
}

const Tensor* TensorTable::find(const std::string& name, std::string_view dtype) {
  const auto found = file_.tensors.find(name);
  if (found == file_.tensors.end()) {
    fail(corrupt_tensor(name, "is missing"));
    return nullptr;
  }
  if (found->second.dtype != dtype) {
    fail(corrupt_tensor(name,
                        "has the type " + found->second.dtype + " and not " + std::string(dtype)));
    return nullptr;
  }
  return &found->second;
}

}  // namespace foretype::lm
