#include "context/untyped.h"

#include <algorithm>
#include <utility>

namespace foretype::context {
namespace {

// Sorted and joined where they touch; what lies beyond `size` is cut off.
std::vector<Range> in_order(std::vector<Range> ranges, std::size_t size) {
  std::erase_if(ranges,
                [size](const Range& each) { return each.begin >= std::min(each.end, size); });
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.begin < b.begin; });
  std::vector<Range> joined;
  for (const Range& each : ranges) {
    const std::size_t end = std::min(each.end, size);
    if (!joined.empty() && each.begin <= joined.back().end) {
      joined.back().end = std::max(joined.back().end, end);
    } else {
      joined.push_back({each.begin, end});
    }
  }
  return joined;
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const auto end = a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
  return static_cast<std::size_t>(std::mismatch(a.begin(), end, b.begin()).first - a.begin());
}

std::size_t common_suffix(std::string_view a, std::string_view b) {
  const auto end = a.rbegin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
  return static_cast<std::size_t>(std::mismatch(a.rbegin(), end, b.rbegin()).first - a.rbegin());
}

// Of the ranges what lies in the first `same` bytes or beyond `old_tail`, which is now at `tail`.
std::vector<Range> moved(const std::vector<Range>& ranges, std::size_t same, std::size_t old_tail,
                         std::size_t tail) {
  std::vector<Range> moved;
  for (const Range& each : ranges) {
    if (each.begin < same) moved.push_back({each.begin, std::min(each.end, same)});
    if (each.end > old_tail) {
      moved.push_back(
          {std::max(each.begin, old_tail) - old_tail + tail, each.end - old_tail + tail});
    }
  }
  return moved;
}

}  // namespace

void Untyped::change(std::string_view old_text, std::string_view text) {
  if (empty()) return;
  const std::size_t same = common_prefix(old_text, text);
  const std::size_t rest = common_suffix(old_text.substr(same), text.substr(same));
  for (std::vector<Range>* ranges : {&told_, &marked_}) {
    *ranges =
        in_order(moved(*ranges, same, old_text.size() - rest, text.size() - rest), text.size());
  }
}

void Untyped::tell(Ranges ranges, std::size_t size) {
  told_ = in_order({ranges.begin(), ranges.end()}, size);
}

void Untyped::add(Range range) { told_.push_back(range); }

void Untyped::mark_all(std::size_t size) {
  marked_.clear();
  if (size > 0) marked_.push_back({0, size});
}

void Untyped::clear() {
  told_.clear();
  marked_.clear();
}

std::vector<Range> Untyped::before(std::size_t end) const {
  if (empty()) return {};
  std::vector<Range> all = told_;
  all.insert(all.end(), marked_.begin(), marked_.end());
  return in_order(std::move(all), end);
}

}  // namespace foretype::context
