// Ranker and calibration: they learn what is there to learn, stay at the prior where nothing is,
// and take no damaged bytes.
#include "profile/judgement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>
#include <string>
#include <string_view>

namespace {

using foretype::gate::Calibration;
using foretype::profile::Judgement;
using foretype::rank::Features;
using foretype::rank::kFeatures;
using foretype::rank::Ranker;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

Features random_features(std::mt19937* random) {
  std::normal_distribution<float> normal(0, 1);
  Features x{};
  x[0] = 1;
  for (std::size_t i = 1; i < kFeatures; ++i) x[i] = normal(*random);
  return x;
}

void the_ranker_learns_one_feature() {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> uniform(0, 1);
  Ranker ranker;
  const Ranker prior;
  double before = 0, after = 0;
  for (int i = 0; i < 40000; ++i) {
    const Features x = random_features(&random);
    const bool right = uniform(random) < logistic(2 * static_cast<double>(x[5]));
    const double p = ranker.probability(x);
    if (i >= 36000) {
      const double q = prior.probability(x);
      before -= std::log(right ? q : 1 - q);
      after -= std::log(right ? p : 1 - p);
    }
    ranker.learn(x, right);
  }
  expect(after < 0.8 * before, "what this user's outcomes follow");
  expect(ranker.weight(5) > ranker.weight(4) + 0.3, "by the weight that says so");
}

void what_is_not_finite_is_passed_over() {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinite = std::numeric_limits<float>::infinity();
  Ranker ranker;
  Features x{};
  x.fill(1);
  x[3] = kNan;
  expect(ranker.probability(x) < 1e-9, "never shown for it");
  ranker.learn(x, true);
  x[3] = kInfinite;
  ranker.learn(x, true);
  x[3] = 0;
  expect(std::isfinite(ranker.probability(x)) && ranker.probability(x) > 0,
         "and nothing is spoilt");
}

void constant_features_do_no_harm() {
  Ranker ranker;
  Features x{};
  x.fill(1);
  for (int i = 0; i < 100000; ++i) ranker.learn(x, i % 4 == 0);
  expect(std::abs(ranker.probability(x) - 0.25) < 0.02, "their rate is learned");
}

/// Expected calibration error over ten bins.
class Reliability {
 public:
  void add(double probability, bool right) {
    const auto bin = std::min<std::size_t>(9, static_cast<std::size_t>(probability * 10));
    off_[bin] += probability - (right ? 1 : 0);
    ++count_;
  }
  double error() const {
    double sum = 0;
    for (const double each : off_) sum += std::abs(each);
    return sum / count_;
  }

 private:
  std::array<double, 10> off_{};
  double count_ = 0;
};

void calibration_repairs_a_proposer_that_is_too_sure() {
  std::mt19937 random(9);
  std::uniform_real_distribution<double> uniform(0, 1);
  Calibration calibration;
  Reliability raw, repaired;
  for (int i = 0; i < 6000; ++i) {
    const double x = -3 + 6 * uniform(random);
    const bool right = uniform(random) < logistic(0.6 * x - 0.5);
    if (i >= 2000) {
      raw.add(logistic(x), right);
      repaired.add(calibration.calibrated(logistic(x)), right);
    }
    calibration.learn(logistic(x), right);
  }
  expect(raw.error() > 0.1 && repaired.error() < 0.03, "within two thousand labels");
  calibration.learn(std::numeric_limits<double>::quiet_NaN(), true);
  expect(std::isfinite(calibration.calibrated(0.5)), "what is no number is passed over");
}

void bytes_come_back_and_damaged_ones_do_not() {
  std::mt19937 random(2);
  Judgement judgement;
  for (int i = 0; i < 50; ++i) {
    judgement.ranker.learn(random_features(&random), i % 3 == 0);
    judgement.calibration.learn(0.7, i % 2 == 0);
    judgement.gate.finished_word({10}, i % 2);
  }
  const std::string bytes = judgement.save();
  Judgement read;
  expect(read.load(bytes) && read.save() == bytes, "as it was");
  const std::string fresh = Judgement().save();
  for (std::size_t i = 1; i + 8 <= bytes.size(); i += 8) {
    std::string damaged = bytes;
    damaged.replace(i, 8, std::string(8, static_cast<char>(0xFF)));  // not a number
    expect(!read.load(damaged) && read.save() == fresh, "no number: the prior again");
  }
  expect(!read.load(bytes.substr(1)) && !read.load("") && !read.load(bytes + "x"), "another size");
  std::string newer = bytes;
  newer[0] = 2;
  expect(!read.load(newer), "another version");
}

}  // namespace

int main() {
  the_ranker_learns_one_feature();
  what_is_not_finite_is_passed_over();
  constant_features_do_no_harm();
  calibration_repairs_a_proposer_that_is_too_sure();
  bytes_come_back_and_damaged_ones_do_not();
  return failures == 0 ? 0 : 1;
}
