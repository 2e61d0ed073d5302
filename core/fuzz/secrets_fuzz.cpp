// What must not be learned, on any bytes: what was decided clean stays clean
// whatever is typed behind it, no unit is split, and following edits gives what
// reading anew gives. A failure traps.
//
// The first byte says where the text is edited, the rest is the text.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "context/secrets.h"
#include "context/units.h"

namespace {

using foretype::context::Range;
using foretype::context::secret_ranges;
using foretype::context::Secrets;
using foretype::context::undecided_from;
using foretype::context::Unit;
using foretype::context::units;

constexpr std::size_t kLongestText = 600;  // bytes; every cut of it is looked at

void require(bool holds) {
  if (!holds) __builtin_trap();
}

std::vector<bool> marked(const std::vector<Range>& ranges, std::size_t size) {
  std::vector<bool> bytes(size, false);
  std::size_t last = 0;
  for (const Range& range : ranges) {
    require(last <= range.begin && range.begin < range.end && range.end <= size);
    last = range.end;
    for (std::size_t at = range.begin; at < range.end; ++at) bytes[at] = true;
  }
  return bytes;
}

void check_units(std::string_view text, const std::vector<bool>& secret) {
  for (const Unit& unit : units(text)) {
    for (std::size_t at = unit.begin; at < unit.end; ++at) {
      require(secret[at] == secret[unit.begin]);
    }
  }
}

void check_cuts(std::string_view text, const std::vector<bool>& secret) {
  Secrets followed;
  std::size_t decided = 0;
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const std::string_view prefix = text.substr(0, size);
    const std::vector<Range> ranges = secret_ranges(prefix);
    followed.set(prefix, decided);
    decided = size;
    require(followed.ranges() == ranges && followed.undecided() == undecided_from(prefix));
    const std::vector<bool> now = marked(ranges, size);
    for (std::size_t at = 0; at < followed.undecided(); ++at) require(now[at] || !secret[at]);
  }
}

/// A piece of the text taken out and put in again at another place.
void check_edits(std::string_view text, std::size_t where) {
  const std::size_t place = where * text.size() / 256;
  const std::size_t length = std::min<std::size_t>(text.size() - place, 1 + where % 16);
  std::string edited(text);
  Secrets followed;
  followed.set(edited, 0);
  edited.erase(place, length);
  followed.set(edited, place);
  require(followed.ranges() == secret_ranges(edited));
  const std::size_t target = edited.size() / 3;
  edited.insert(target, text.substr(place, length));
  followed.set(edited, std::min(target, edited.size()));
  require(followed.ranges() == secret_ranges(edited));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view text = input.substr(1, kLongestText);
  const std::vector<bool> secret = marked(secret_ranges(text), text.size());
  check_units(text, secret);
  check_cuts(text, secret);
  check_edits(text, data[0]);
  return 0;
}
