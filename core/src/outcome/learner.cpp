#include "outcome/learner.h"

#include <algorithm>
#include <utility>

#include "propose/trie/casing.h"

namespace foretype::outcome {
namespace {

using context::Range;
using context::Unit;

// What is read before a new unit to see whether it is a secret. More than the rules look back in
// any text that people write; finish() reads everything.
constexpr std::size_t kWindowBytes = 1024;

// Walks along rising ranges with rising units.
class Walker {
 public:
  explicit Walker(std::span<const Range> ranges) : ranges_(ranges) {}

  bool holds_part_of(const Unit& unit) {
    while (at_ < ranges_.size() && ranges_[at_].end <= unit.begin) ++at_;
    return at_ < ranges_.size() && ranges_[at_].begin < unit.end;
  }

 private:
  std::span<const Range> ranges_;
  std::size_t at_ = 0;
};

bool is_too_long(const Unit& unit) { return unit.end - unit.begin > trie::kMaxUnitBytes; }

std::vector<Range> secrets_from(std::size_t begin, std::string_view text) {
  std::vector<Range> ranges = context::secret_ranges(text.substr(begin));
  for (Range& range : ranges) {
    range.begin += begin;
    range.end += begin;
  }
  return ranges;
}

std::size_t units_before(const std::vector<Unit>& units, std::size_t end) {
  const auto after = std::partition_point(units.begin(), units.end(),
                                          [end](const Unit& unit) { return unit.end <= end; });
  return static_cast<std::size_t>(after - units.begin());
}

}  // namespace

void Learner::follow(const context::Message& message, Ranges untyped) {
  keep(std::min(message.settled(), message.unchanged()));
  const bool same = std::equal(untyped.begin(), untyped.end(), untyped_.begin(), untyped_.end());
  if (!same) {
    keep(first_misjudged(message, 0, untyped, {}, false));
    untyped_.assign(untyped.begin(), untyped.end());
  }
  pass_over_long(message);
  if (decided_.size() == message.settled()) return;
  const std::size_t begin = window_begin(message);
  const std::string_view text = message.text();
  const std::vector<Range> secret = secrets_from(begin, text);
  keep(first_misjudged(message, begin, untyped, secret, false));
  const std::size_t end = begin + context::undecided_from(text.substr(begin));
  const std::size_t decidable = units_before(message.units(), end);
  decide_until(message, std::min(message.settled(), decidable), untyped, secret);
}

void Learner::finish(const context::Message& message, Ranges untyped) {
  const std::vector<Range> secret = secrets_from(0, message.text());
  keep(first_misjudged(message, 0, untyped, secret, true));
  decide_until(message, message.units().size(), untyped, secret);
}

std::string Learner::clean_text(const context::Message& message) const {
  const std::string& text = message.text();
  std::string clean;
  std::size_t begin = 0;  // of what is kept next
  bool cut = false;
  const auto keep_until = [&](std::size_t end) {
    std::string_view kept = std::string_view(text).substr(begin, end - begin);
    if (cut && (clean.empty() || clean.ends_with(' '))) {
      kept.remove_prefix(std::min(kept.size(), kept.find_first_not_of(' ')));
    }
    clean += kept;
  };
  for (std::size_t i = 0; i < decided_.size(); ++i) {
    const Fate fate = decided_[i].fate;
    if (fate != Fate::kUntyped && fate != Fate::kSecret) continue;
    const Unit& unit = message.units()[i];
    if (unit.begin > begin) keep_until(unit.begin);
    begin = unit.end;
    cut = true;
  }
  keep_until(text.size());
  return clean.find_first_not_of(" \n\t") == std::string::npos ? std::string() : clean;
}

void Learner::release() {
  decided_.clear();
  untyped_.clear();
}

// A unit that is too long to be learned needs no look: a megabyte of digits would get one a key.
void Learner::pass_over_long(const context::Message& message) {
  const std::vector<Unit>& units = message.units();
  while (decided_.size() < message.settled() && is_too_long(units[decided_.size()])) {
    decided_.push_back({Fate::kPassedOver, {}});
  }
}

void Learner::keep(std::size_t units) {
  while (decided_.size() > units) unlearn_last();
}

// The first decided unit, of those that begin at byte `from` or later, whose fate is another by
// these ranges. Whether what was secret is so no more is only asked with `acquit`, which needs all
// the secrets.
std::size_t Learner::first_misjudged(const context::Message& message, std::size_t from,
                                     Ranges untyped, Ranges secret, bool acquit) const {
  Walker in_untyped(untyped), in_secret(secret);
  const std::vector<Unit>& units = message.units();
  for (std::size_t i = units_before(units, from); i < decided_.size(); ++i) {
    const bool is_untyped = in_untyped.holds_part_of(units[i]);
    const bool is_secret = in_secret.holds_part_of(units[i]);
    switch (decided_[i].fate) {
      case Fate::kUntyped:
        if (!is_untyped) return i;
        break;
      case Fate::kSecret:
        if (is_untyped || (acquit && !is_secret)) return i;
        break;
      default:
        if (is_untyped || is_secret) return i;
    }
  }
  return decided_.size();
}

// Where to look for secrets from: some way back, at a space, and before a block of secret lines.
std::size_t Learner::window_begin(const context::Message& message) const {
  if (decided_.empty()) return 0;
  const auto in_block = [this](std::size_t unit) {
    const Fate fate = decided_[unit].fate;
    return fate == Fate::kSecret || fate == Fate::kPassedOver;
  };
  std::size_t unit = decided_.size() - 1;
  while (unit > 0 && in_block(unit)) --unit;
  const std::size_t at = message.units()[unit].end;
  if (at <= kWindowBytes) return 0;
  const std::size_t space = message.text().find_last_of(" \n", at - kWindowBytes);
  return space == std::string::npos ? 0 : space + 1;
}

void Learner::decide_until(const context::Message& message, std::size_t units, Ranges untyped,
                           Ranges secret) {
  Walker in_untyped(untyped), in_secret(secret);
  while (decided_.size() < units) {
    const Unit& unit = message.units()[decided_.size()];
    if (in_untyped.holds_part_of(unit)) {
      decided_.push_back({Fate::kUntyped, {}});
    } else if (in_secret.holds_part_of(unit)) {
      decided_.push_back({Fate::kSecret, {}});
    } else {
      learn(message.unit(decided_.size()));
    }
  }
}

void Learner::learn(std::string unit) {
  if (unit.size() > trie::kMaxUnitBytes || profile_->is_blocked(unit)) {
    decided_.push_back({Fate::kPassedOver, {}});
    return;
  }
  profile_->learn_unit(context_, history(), unit);
  decided_.push_back({Fate::kLearned, std::move(unit)});
}

void Learner::unlearn_last() {
  const Decided last = std::move(decided_.back());
  decided_.pop_back();
  if (last.fate == Fate::kLearned) profile_->unlearn_unit(context_, history(), last.unit);
}

// The units learned right before; an empty one opens a message, and nothing what comes after a gap.
std::vector<std::string> Learner::history() const {
  constexpr std::size_t kMost = trie::kMaxOrder - 1;
  std::size_t first = decided_.size();
  while (first > 0 && decided_.size() - first < kMost &&
         decided_[first - 1].fate == Fate::kLearned) {
    --first;
  }
  std::vector<std::string> history;
  if (first == 0 && decided_.size() < kMost) history.emplace_back();
  for (std::size_t i = first; i < decided_.size(); ++i) history.push_back(decided_[i].unit);
  return history;
}

}  // namespace foretype::outcome
