#include "context/untyped.h"

#include <algorithm>

namespace foretype::context {
namespace {

// Sorted and joined where they touch; what lies beyond `size` is cut off.
std::vector<Range> in_order(std::vector<Range> ranges, std::size_t size) {
  std::erase_if(ranges, [size](const Range& each) {
    return each.begin >= std::min(each.end, size);
  });
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

}  // namespace

void Untyped::tell(Ranges ranges, std::size_t size) {
  told_ = ranges.empty() ? std::vector<Range>()
                         : in_order(std::vector<Range>(ranges.begin(), ranges.end()), size);
}

void Untyped::insert(std::size_t at, std::size_t bytes) {
  std::vector<Range> moved;
  for (const Range& each : told_) {
    if (each.end <= at) {
      moved.push_back(each);
    } else if (each.begin >= at) {
      moved.push_back({each.begin + bytes, each.end + bytes});
    } else {
      moved.push_back({each.begin, at});
      moved.push_back({at + bytes, each.end + bytes});
    }
  }
  told_ = std::move(moved);
}

void Untyped::mark_all(std::size_t size) {
  marked_.clear();
  if (size > 0) marked_.push_back({0, size});
}

void Untyped::change(std::string_view old_text, std::string_view text) {
  if (marked_.empty()) return;
  const std::size_t same = common_prefix(old_text, text);
  const std::size_t rest = common_suffix(old_text.substr(same), text.substr(same));
  const std::size_t old_tail = old_text.size() - rest;
  const std::size_t tail = text.size() - rest;
  std::vector<Range> moved;
  for (const Range& each : marked_) {
    if (each.begin < same) moved.push_back({each.begin, std::min(each.end, same)});
    if (each.end > old_tail) {
      const std::size_t begin = std::max(each.begin, old_tail);
      moved.push_back({begin - old_tail + tail, each.end - old_tail + tail});
    }
  }
  marked_ = in_order(std::move(moved), text.size());
}

void Untyped::clear() {
  told_.clear();
  marked_.clear();
}

std::vector<Range> Untyped::before(std::size_t end) const {
  if (told_.empty() && marked_.empty()) return {};
  std::vector<Range> all = told_;
  all.insert(all.end(), marked_.begin(), marked_.end());
  return in_order(std::move(all), end);
}

}  // namespace foretype::context
