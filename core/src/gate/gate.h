// Is the best proposal worth the interruption?
#pragma once

namespace foretype::gate {

/// The user's dial, in their own unit. Negative: no limit, the best is always shown.
struct Dial {
  double wrong_per_100_words = -1;

  bool limits() const { return wrong_per_100_words >= 0; }
};

/// What a wrong show costs, in keys: the price at which the shows that are worth it keep to the
/// dial. Nobody can tell it in advance, so it is found by what happens: it rises while more is
/// shown wrong than the dial allows and falls while less is. Two terms, as in every governor: one
/// that is proportional to what stands on the account now and settles it within some words, and one
/// that learns, slowly, what the price is for this user.
class Gate {
 public:
  struct State {
    double dial = -1;      // what the rest was learned for; negative: nothing yet
    double log_price = 0;  // of the price in keys
    double account = 0;    // wrong shows beyond what the dial allows, of late
  };

  double price(const Dial& dial) const;
  /// Shows that are worth it have a value above 0: p * keys - (1 - p) * price. What stands on
  /// screen already interrupts nobody by staying.
  static double value(double right, double keys, double price, bool on_screen) {
    return right * keys - (on_screen ? 0.0 : (1.0 - right) * price);
  }
  /// A word was finished, after so many wrong shows.
  void finished_word(const Dial& dial, int wrong_shows);
  /// A message was sent; so many shows stood behind its last word.
  void sent(const Dial& dial, int wrong_shows);
  const State& state() const { return state_; }
  /// False, and nothing changed, where a number is not finite.
  bool restore(const State& state);

 private:
  static double first_log_price(const Dial& dial);
  void settle(const Dial& dial, double off);

  State state_;
};

}  // namespace foretype::gate
