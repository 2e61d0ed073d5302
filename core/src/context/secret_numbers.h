// Numbers in chunks that are secret by themselves, and those a word may name.
#pragma once

#include <cstddef>
#include <vector>

#include "context/chunks.h"

namespace foretype::context {

/// True for each of the first `secret->size()` chunks that belongs to a card, with the date and
/// check number behind it, a social security number, an IBAN or a number of 16 digits or more.
void mark_numbers(const Chunks& chunks, std::vector<bool>* secret);

/// Whether an IBAN may begin with this chunk and go on behind the first `complete` ones.
bool may_become_iban(const Chunks& chunks, std::size_t first, std::size_t complete);

/// Few enough groups to be one number.
bool is_short(const Run& run);

/// A bank account, a passport: 6 to 18 digits.
bool may_be_account(const Number& number);

/// An IBAN has at most so many chunks of four characters.
inline constexpr std::size_t kMostIbanChunks = 9;

}  // namespace foretype::context
