#include "propose/lm/head_rows.h"

#include <algorithm>

#include "kernels/kernels.h"

namespace foretype::lm {

HeadRows::HeadRows(const Tokenizer& tokenizer, std::span<const std::uint32_t> common) {
  const std::span<const Token> sorted = tokenizer.sorted();
  std::vector<bool> is_common(static_cast<std::size_t>(tokenizer.vocabulary()), common.empty());
  for (const std::uint32_t token : common) is_common[token] = true;
  common_before_.reserve(sorted.size() + 1);
  common_before_.push_back(0);
  for (const Token token : sorted) {
    common_before_.push_back(common_before_.back() +
                             (is_common[static_cast<std::size_t>(token)] ? 1 : 0));
  }
  place_.resize(sorted.size());
  row_at_.resize(sorted.size());
  const std::int32_t all_common = common_before_.back();
  for (std::size_t row = 0; row < sorted.size(); ++row) {
    const std::int32_t before = common_before_[row];
    const bool here = common_before_[row + 1] > before;
    place_[row] = here ? before : all_common + static_cast<std::int32_t>(row) - before;
    row_at_[static_cast<std::size_t>(place_[row])] = static_cast<std::int32_t>(row);
  }
  const int blocks = (all_common + kernels::kRowBlock - 1) / kernels::kRowBlock;
  always_ = std::min(blocks * kernels::kRowBlock, size());
}

HeadRows::Places HeadRows::places(Range rows) const {
  const int first = common_before_[static_cast<std::size_t>(rows.first)];
  const int last = common_before_[static_cast<std::size_t>(rows.last)];
  const int all_common = common_before_.back();
  return {{first, last}, {all_common + rows.first - first, all_common + rows.last - last}};
}

}  // namespace foretype::lm
