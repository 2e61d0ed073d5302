// Which candidate to show, in which form, or none.
#pragma once

#include <string_view>
#include <vector>

#include "foretype/candidate.h"
#include "gate/calibration.h"

namespace foretype::gate {

/// Orders the candidates by what showing each is worth, each in its better form, and gives each its
/// calibrated probability. They come in falling order of probability. `price`: of a wrong show;
/// `on_screen`: what stands there since before the last key, as far as it is still to come. True if
/// the first one is worth showing.
bool choose(const Calibration& calibration, double price, std::string_view on_screen,
            std::vector<Candidate>* candidates);

}  // namespace foretype::gate
