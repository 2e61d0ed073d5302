// Memory that is overwritten before it is given back, since what it held can be
// forgotten.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <type_traits>

namespace foretype::trie {

/// Zeros that no compiler leaves out, though nothing reads the memory before it is freed.
inline void overwrite(void* bytes, std::size_t size) {
  std::memset(bytes, 0, size);
  asm volatile("" : : "r"(bytes) : "memory");
}

/// Deletes an array of `count` plain values, overwritten.
template <typename T, std::size_t count>
struct WipingDelete {
  void operator()(T* values) const {
    if constexpr (std::is_trivially_destructible_v<T>) overwrite(values, count * sizeof(T));
    delete[] values;
  }
};

/// The same for containers: what they move or shrink away from is overwritten.
template <typename T>
struct WipingAllocator {
  using value_type = T;

  WipingAllocator() = default;
  template <typename Other>
  WipingAllocator(const WipingAllocator<Other>&) {}  // NOLINT(google-explicit-constructor)

  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* values, std::size_t count) {
    overwrite(values, count * sizeof(T));
    std::allocator<T>().deallocate(values, count);
  }
  bool operator==(const WipingAllocator&) const { return true; }
};

}  // namespace foretype::trie
