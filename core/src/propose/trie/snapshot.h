// All of a trie's counts as bytes: small, quick to read back, safe to read when
// damaged. docs/formats/profile.md ("Trie section") describes every byte.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "foretype/error.h"
#include "propose/trie/state.h"

namespace foretype::trie {

std::string write_snapshot(const State& state);

/// Fills an empty state. After an error the state is of no use.
std::optional<Error> read_snapshot(std::span<const std::uint8_t> bytes, State* state);

}  // namespace foretype::trie
