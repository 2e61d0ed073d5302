// How this user treats ghost text, as far as it can be told from what they did.
#pragma once

namespace foretype::outcome {

/// Attention: how likely the user is to have looked at a shown suggestion before the next key.
/// A right suggestion that was typed out by hand was, most likely, not seen; one that was accepted
/// was. So attention is a coin observed at every right show: a Beta posterior mean.
class Habit {
 public:
  void saw() { ++seen_; }
  void overlooked() { ++unseen_; }

  double attention() const {
    return (seen_ + kPriorSeen) / (seen_ + unseen_ + kPriorSeen + kPriorUnseen);
  }

 private:
  // Six right shows' worth of belief that a user who has the tool switched on looks at it.
  static constexpr double kPriorSeen = 5;
  static constexpr double kPriorUnseen = 1;
  double seen_ = 0;
  double unseen_ = 0;
};

}  // namespace foretype::outcome
