// What a user's outcomes taught: which candidates to believe, and when to be silent.
#pragma once

#include <string>
#include <string_view>

#include "gate/calibration.h"
#include "gate/gate.h"
#include "rank/ranker.h"

namespace foretype::profile {

struct Judgement {
  rank::Ranker ranker;
  gate::Calibration calibration;
  gate::Gate gate;

  /// Numbers only: docs/formats/profile.md, section "rank".
  std::string save() const;
  /// False where the bytes are damaged or hold what is no number; then this is as at first.
  bool load(std::string_view bytes);
};

}  // namespace foretype::profile
