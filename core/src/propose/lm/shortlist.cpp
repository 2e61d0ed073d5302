#include "propose/lm/shortlist.h"

#include <algorithm>

#include "kernels/kernels.h"

namespace foretype::lm {

using kernels::kRowBlock;

Shortlist::Shortlist(const Model& model)
    : model_(&model),
      used_(static_cast<std::size_t>((model.head_rows().size() + kRowBlock - 1) / kRowBlock)) {
  places_.reserve(used_.size() + 1);
  clear();
}

void Shortlist::use(Token token) {
  if (model_->tokenizer().is_special(token)) return;
  const int place = model_->head_rows().place(model_->row_of(token));
  const int block = place / kRowBlock;
  if (place < model_->head_rows().always() || used_[static_cast<std::size_t>(block)]) return;
  used_[static_cast<std::size_t>(block)] = true;
  places_.push_back(
      {block * kRowBlock, std::min((block + 1) * kRowBlock, model_->head_rows().size())});
}

std::vector<HeadRows::Range> Shortlist::places_of(HeadRows::Range rows) const {
  const auto [common, others] = model_->head_rows().places(rows);
  std::vector<HeadRows::Range> all = {common};
  for (const auto& [first, last] : places_) {
    const HeadRows::Range both{std::max(first, others.first), std::min(last, others.last)};
    if (both.first < both.last) all.push_back(both);
  }
  if (common.first == common.last && all.size() == 1) all.push_back(others);
  return all;
}

void Shortlist::clear() {
  std::fill(used_.begin(), used_.end(), false);
  places_.assign(1, {0, model_->head_rows().always()});
}

}  // namespace foretype::lm
