#include "propose/lm/safetensors.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "propose/lm/json_reader.h"

namespace foretype::lm {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMaxDimensions = 8;  // ours have at most 4

Error not_safetensors(std::uint64_t offset) {
  return {ErrorCode::kWrongFormat, offset, "no safetensors header"};
}

Error corrupt(std::uint64_t offset, std::string detail) {
  return {ErrorCode::kCorrupt, offset, std::move(detail)};
}

std::uint64_t read_little_endian(std::span<const std::uint8_t, kLengthBytes> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

/// Bytes of one element; 0 for a type we do not know.
std::uint64_t element_size(std::string_view dtype) {
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 7> kSizes{
      {{"U8", 1}, {"I8", 1}, {"U16", 2}, {"F16", 2}, {"F32", 4}, {"I32", 4}, {"U32", 4}}};
  for (const auto& [name, size] : kSizes) {
    if (name == dtype) return size;
  }
  return 0;
}

/// Bytes of a tensor of this shape; nothing if that does not fit into 64 bits.
std::optional<std::uint64_t> byte_count(std::uint64_t element,
                                        std::span<const std::uint64_t> shape) {
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
  std::uint64_t count = element;
  for (const std::uint64_t size : shape) {
    if (count > std::numeric_limits<std::uint64_t>::max() / size) return std::nullopt;
    count *= size;
  }
  return count;
}

/// One tensor's entry as the header has it.
struct Entry {
  std::optional<std::string> dtype;
  std::optional<std::vector<std::uint64_t>> shape;
  std::optional<std::vector<std::uint64_t>> data_offsets;
};

bool read_integers(JsonReader* json, std::optional<std::vector<std::uint64_t>>* out) {
  if (*out) return false;  // the key stands there twice
  out->emplace();
  return read_array(json, [&] {
    const std::optional<std::uint64_t> value = json->integer();
    if (!value || (*out)->size() == kMaxDimensions) return false;
    (*out)->push_back(*value);
    return true;
  });
}

bool read_entry(JsonReader* json, Entry* entry) {
  return read_object(json, [&](const std::string& key) {
    if (key == "shape") return read_integers(json, &entry->shape);
    if (key == "data_offsets") return read_integers(json, &entry->data_offsets);
    if (key != "dtype" || entry->dtype) return false;
    entry->dtype = json->string();
    return entry->dtype.has_value();
  });
}

/// Turns header entries into tensors, in the order of the data.
class DataCursor {
 public:
  DataCursor(std::span<const std::uint8_t> file, std::size_t data_begin)
      : file_(file), data_begin_(data_begin) {}

  Result<Tensor> next(const std::string& name, Entry entry) {
    if (!entry.dtype || !entry.shape || !entry.data_offsets || entry.data_offsets->size() != 2) {
      return corrupt(position(), "tensor " + name + " is not fully described");
    }
    const std::uint64_t begin = (*entry.data_offsets)[0], end = (*entry.data_offsets)[1];
    if (begin != end_ || end < begin) {
      return corrupt(position(), "tensor " + name + " does not follow the one before it");
    }
    if (end > file_.size() - data_begin_) return truncated(name, end - begin);
    const std::uint64_t element = element_size(*entry.dtype);
    if (element == 0) {
      return Error{ErrorCode::kUnsupported, position(),
                   "tensor " + name + " has the unknown type " + *entry.dtype};
    }
    if (byte_count(element, *entry.shape) != end - begin) {
      return corrupt(position(), "tensor " + name + " has " + std::to_string(end - begin) +
                                     " bytes, which is not what its shape asks for");
    }
    const std::uint64_t offset = position();
    end_ = end;
    return Tensor{std::move(*entry.dtype), std::move(*entry.shape), offset,
                  file_.subspan(offset, end - begin)};
  }

  std::uint64_t position() const { return data_begin_ + end_; }
  std::uint64_t left() const { return file_.size() - position(); }

 private:
  Error truncated(const std::string& name, std::uint64_t needed) const {
    return {ErrorCode::kTruncated, position(),
            "tensor " + name + " needs " + std::to_string(needed) + " bytes, " +
                std::to_string(left()) + " are left"};
  }

  std::span<const std::uint8_t> file_;
  std::uint64_t data_begin_;
  std::uint64_t end_ = 0;  // of the last tensor, counted from data_begin_
};

bool read_metadata(JsonReader* json, Safetensors* out) {
  return read_object(json, [&](const std::string& key) {
    std::optional<std::string> value = json->string();
    return value && out->metadata.emplace(key, std::move(*value)).second;
  });
}

}  // namespace

Result<Safetensors> parse_safetensors(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kLengthBytes) {
    return Error{ErrorCode::kTruncated, 0,
                 "a file of " + std::to_string(bytes.size()) + " bytes has no header"};
  }
  const std::uint64_t header_size = read_little_endian(bytes.first<kLengthBytes>());
  const bool starts_object = bytes.size() == kLengthBytes || bytes[kLengthBytes] == '{';
  if (!starts_object) return not_safetensors(kLengthBytes);
  if (header_size > bytes.size() - kLengthBytes) {
    return Error{ErrorCode::kTruncated, 0,
                 "the header needs " + std::to_string(header_size) + " bytes, " +
                     std::to_string(bytes.size() - kLengthBytes) + " are left"};
  }
  const auto* text = reinterpret_cast<const char*>(bytes.data() + kLengthBytes);
  JsonReader json(std::string_view(text, header_size));
  DataCursor data(bytes, kLengthBytes + header_size);
  Safetensors out;
  std::optional<Error> error;
  const bool complete = read_object(&json, [&](const std::string& name) {
    if (name == "__metadata__") return out.metadata.empty() && read_metadata(&json, &out);
    Entry entry;
    if (!read_entry(&json, &entry)) return false;
    Result<Tensor> tensor = data.next(name, std::move(entry));
    if (!tensor.ok()) {
      error = tensor.error();
      return false;
    }
    return out.tensors.emplace(name, std::move(tensor.value())).second;
  });
  if (error) return *error;
  if (!complete || !json.at_end()) {
    return corrupt(kLengthBytes + json.offset(), "the header is not what safetensors allows");
  }
  if (data.left() != 0) {
    return corrupt(data.position(), std::to_string(data.left()) + " bytes belong to no tensor");
  }
  return out;
}

}  // namespace foretype::lm
