// Learns the message while it is typed: a unit as soon as nothing typed at the
// end can change it, taken back when an edit changes it after all. Passes over
// what was not typed, what is secret, and what is blocked; no n-gram spans it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "context/message.h"
#include "context/secrets.h"
#include "foretype/profile.h"

namespace foretype::outcome {

class Learner {
 public:
  using Ranges = std::span<const context::Range>;

  /// Learns into this context of the profile, which must outlive the learner.
  explicit Learner(Profile* profile, std::string_view context = {})
      : profile_(profile), context_(context) {}

  /// Brings what was learned in step with the settled units of the message, but for those that may
  /// yet turn out to be secret. To be called after every change of it, since only the last change's
  /// unchanged units are known. `untyped`: bytes of the message, rising, disjoint.
  void follow(const context::Message& message, Ranges untyped = {});
  /// The message, which was followed or is new here, is finished: learns the rest of it.
  void finish(const context::Message& message, Ranges untyped = {});
  /// After finish(): the text without what is secret or was not typed.
  std::string clean_text(const context::Message& message) const;
  /// Takes back everything learned of this message.
  void undo() { keep(0); }
  /// Lets go without taking back.
  void release();

  /// Units, from the first, of which is decided whether they are learned.
  std::size_t decided() const { return decided_.size(); }
  bool has_learned(std::size_t unit) const { return decided_[unit].fate == Fate::kLearned; }

 private:
  enum class Fate : std::uint8_t { kLearned, kUntyped, kSecret, kPassedOver };
  struct Decided {
    Fate fate;
    std::string unit;  // of what is learned
  };

  void look_for_secrets(const context::Message& message);
  void pass_over_long(const context::Message& message);
  void keep(std::size_t units);
  std::size_t first_misjudged(const context::Message& message, Ranges untyped) const;
  void decide_until(const context::Message& message, std::size_t units, Ranges untyped);
  void learn(std::string unit);
  void unlearn_last();
  std::vector<std::string> history() const;

  Profile* profile_;
  std::string context_;
  std::vector<Decided> decided_;  // of the message's units, from the first
  std::vector<context::Range> untyped_;
  context::Secrets secrets_;         // of the text as it was when last looked at; since then ...
  std::size_t unchanged_bytes_ = 0;  // ... so much of it stayed
};

}  // namespace foretype::outcome
