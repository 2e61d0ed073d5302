#include "gate/choice.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "gate/gate.h"
#include "rank/forms.h"

namespace foretype::gate {
namespace {

// The better form of one candidate.
struct Best {
  std::size_t candidate = 0;
  bool holds_space = false;
  double right = 0;        // uncalibrated
  double probability = 0;  // calibrated
  double value = 0;
};

bool stands(const Candidate& candidate, bool holds_space, std::string_view on_screen) {
  const std::string& text = candidate.text;
  return on_screen.size() == text.size() + (holds_space ? 1 : 0) && on_screen.starts_with(text) &&
         (!holds_space || on_screen.back() == ' ');
}

std::vector<Best> best_forms(const Calibration& calibration, double price,
                             std::string_view on_screen, const std::vector<Candidate>& candidates) {
  std::vector<Best> best;
  for (const rank::Form& form : rank::forms_of(candidates)) {
    const double p = calibration.calibrated(form.right);
    const bool there = stands(candidates[form.candidate], form.holds_space, on_screen);
    double value = Gate::value(p, form.keys, price, there);
    if (form.holds_space) {
      value += (calibration.calibrated(form.right + form.no_space) - p) * form.keys_then;
    }
    const Best found{form.candidate, form.holds_space, form.right, p, value};
    if (best.empty() || best.back().candidate != form.candidate) {
      best.push_back(found);
    } else if (value > best.back().value) {
      best.back() = found;
    }
  }
  return best;
}

}  // namespace

bool choose(const Calibration& calibration, double price, std::string_view on_screen,
            std::vector<Candidate>* candidates) {
  std::vector<Best> best = best_forms(calibration, price, on_screen, *candidates);
  std::stable_sort(best.begin(), best.end(),
                   [](const Best& a, const Best& b) { return a.value > b.value; });
  std::vector<Candidate> ordered;
  ordered.reserve(best.size());
  for (const Best& each : best) {
    Candidate& candidate = ordered.emplace_back(std::move((*candidates)[each.candidate]));
    candidate.holds_space = each.holds_space;
    if (each.holds_space) candidate.text += ' ';
    candidate.uncalibrated = each.right;
    candidate.probability = each.probability;
  }
  *candidates = std::move(ordered);
  return !best.empty() && best.front().value > 0;
}

}  // namespace foretype::gate
