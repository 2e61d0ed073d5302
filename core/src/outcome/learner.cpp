#include "outcome/learner.h"

#include <algorithm>
#include <utility>

#include "propose/trie/casing.h"

namespace foretype::outcome {
namespace {

using context::Range;
using context::Unit;

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

std::size_t units_before(const std::vector<Unit>& units, std::size_t end) {
  const auto after = std::partition_point(units.begin(), units.end(),
                                          [end](const Unit& unit) { return unit.end <= end; });
  return static_cast<std::size_t>(after - units.begin());
}

}  // namespace

void Learner::follow(const context::Message& message, Ranges untyped) {
  keep(std::min(message.settled(), message.unchanged()));
  unchanged_bytes_ = std::min(unchanged_bytes_, message.unchanged_bytes());
  const bool same = std::equal(untyped.begin(), untyped.end(), untyped_.begin(), untyped_.end());
  if (same) pass_over_long(message);
  if (same && decided_.size() == message.settled()) return;
  untyped_.assign(untyped.begin(), untyped.end());
  look_for_secrets(message);
  keep(first_misjudged(message, untyped));
  const std::size_t decidable = units_before(message.units(), secrets_.undecided());
  decide_until(message, std::min(message.settled(), decidable), untyped);
}

void Learner::finish(const context::Message& message, Ranges untyped) {
  look_for_secrets(message);
  keep(first_misjudged(message, untyped));
  decide_until(message, message.units().size(), untyped);
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

void Learner::look_for_secrets(const context::Message& message) {
  secrets_.set(message.text(), unchanged_bytes_);
  unchanged_bytes_ = message.text().size();
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

// The first decided unit which would get another fate now.
std::size_t Learner::first_misjudged(const context::Message& message, Ranges untyped) const {
  Walker in_untyped(untyped), in_secret(secrets_.ranges());
  for (std::size_t i = 0; i < decided_.size(); ++i) {
    const Unit& unit = message.units()[i];
    const bool is_untyped = in_untyped.holds_part_of(unit);
    const bool is_secret = in_secret.holds_part_of(unit);
    const Fate fate = decided_[i].fate;
    if (is_untyped != (fate == Fate::kUntyped)) return i;
    if (!is_untyped && is_secret != (fate == Fate::kSecret)) return i;
  }
  return decided_.size();
}

void Learner::decide_until(const context::Message& message, std::size_t units, Ranges untyped) {
  Walker in_untyped(untyped), in_secret(secrets_.ranges());
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
