// Probabilities that come true as often as they say, for this user.
#pragma once

namespace foretype::gate {

/// Platt scaling (Platt 1999) learned on-line: logit(p) -> slope * logit(p) + shift, moved after
/// each label by a step of gradient descent that shrinks as evidence grows (Duchi et al. 2011,
/// AdaGrad). Labelled is what led its list, shown or not: what is chosen because it looks good is
/// right less often than it looks, and this finds out by how much.
class Calibration {
 public:
  struct State {
    double slope = 1;
    double shift = 0;
    double slope_squares = 0;  // sums of squared gradients
    double shift_squares = 0;
  };

  double calibrated(double probability) const;
  void learn(double probability, bool right);
  const State& state() const { return state_; }
  /// False, and nothing changed, where a number is not finite or a sum negative.
  bool restore(const State& state);

 private:
  State state_;
};

}  // namespace foretype::gate
