// How this user treats ghost text, as far as it can be told from what they did.
#pragma once

#include <cstdint>

namespace foretype::profile {

/// Attention: how likely the user is to have looked at a shown suggestion before the next key.
/// A right suggestion that was typed out by hand was, most likely, not seen; one that was accepted
/// was. So attention is a coin observed at every right show: a Beta posterior mean.
class Habit {
 public:
  Habit() = default;
  Habit(std::uint64_t seen, std::uint64_t unseen) : seen_(seen), unseen_(unseen) {}

  void saw() { ++seen_; }
  void overlooked() { ++unseen_; }
  std::uint64_t seen() const { return seen_; }
  std::uint64_t unseen() const { return unseen_; }

  double attention() const {
    const auto seen = static_cast<double>(seen_);
    const auto unseen = static_cast<double>(unseen_);
    return (seen + kPriorSeen) / (seen + unseen + kPriorSeen + kPriorUnseen);
  }

 private:
  // Six right shows' worth of belief that a user who has the tool switched on looks at it.
  static constexpr double kPriorSeen = 5;
  static constexpr double kPriorUnseen = 1;
  std::uint64_t seen_ = 0;
  std::uint64_t unseen_ = 0;
};

}  // namespace foretype::profile
