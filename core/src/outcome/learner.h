// Learns the message while it is typed: a unit as soon as nothing typed at the
// end can change it, taken back when an edit changes it after all.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "context/message.h"
#include "foretype/profile.h"

namespace foretype::outcome {

class Learner {
 public:
  /// Learns into this context of the profile, which must outlive the learner.
  explicit Learner(Profile* profile, std::string_view context = {})
      : profile_(profile), context_(context) {}

  /// Brings what was learned in step with the settled units of the message; to be called after
  /// every change of it, since only the last change's unchanged units are known.
  void follow(const context::Message& message);
  /// The message is finished: learns the rest of it and lets go.
  void finish(const context::Message& message);
  /// Takes back everything learned of this message.
  void undo();
  /// Lets go without taking back.
  void release() { learned_.clear(); }

  std::size_t count() const { return learned_.size(); }

 private:
  void learn_until(const context::Message& message, std::size_t units);
  void unlearn_last();
  std::vector<std::string> history() const;

  Profile* profile_;
  std::string context_;
  std::vector<std::string> learned_;
};

}  // namespace foretype::outcome
