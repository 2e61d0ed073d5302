// Errors as values. The core never throws, aborts, exits or prints: readers of
// untrusted bytes return a Result, everything at the keystroke simply has no
// suggestion to give.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace foretype {

enum class ErrorCode : std::uint8_t {
  kTruncated,     // the bytes end before what they announce
  kCorrupt,       // a value contradicts the format or another value
  kWrongFormat,   // not this kind of file at all
  kWrongVersion,  // this kind of file, of a version we cannot read
  kUnsupported,   // well formed, but asks for something we do not do
};

/// What went wrong, where, in words that name the thing and its size.
struct Error {
  ErrorCode code;
  std::uint64_t offset;  // byte offset in the input, 0 where it means nothing
  std::string detail;    // e.g. "tensor layers.3.ffn.up.q needs 442368 bytes, 1024 are left"
};

/// Either a value or an Error. A C++20 stand-in for std::expected.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return std::holds_alternative<T>(state_); }
  [[nodiscard]] T& value() { return *std::get_if<T>(&state_); }
  [[nodiscard]] const T& value() const { return *std::get_if<T>(&state_); }
  [[nodiscard]] const Error& error() const { return *std::get_if<Error>(&state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace foretype
