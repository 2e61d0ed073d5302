// Is the best proposal worth the interruption?
#pragma once

namespace foretype::gate {

/// The user's dial, in their own unit. Negative: no limit, the best is always shown.
struct Dial {
  double wrong_per_100_words = -1;
};

/// Holds back what is less likely than a threshold, and moves the threshold so that the wrong
/// shows stay at the dial: after each finished word a step on the logit scale by how far that
/// word's wrong shows were off (Robbins and Monro's stochastic approximation).
class Gate {
 public:
  explicit Gate(const Dial& dial) : dial_(dial) {}

  bool quiet() const { return dial_.wrong_per_100_words >= 0; }
  bool lets_through(double probability) const;
  void finished_word(int wrong_shows);
  double threshold() const;

 private:
  Dial dial_;
  double logit_ = 0.6;
};

}  // namespace foretype::gate
