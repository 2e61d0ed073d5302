// The sections of a profile that hold numbers only, on any bytes, and everything that counts on
// whatever was accepted: what must hold is checked, a failure traps.
//
// The first byte chooses the section; the rest is its bytes.
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "foretype/profile.h"
#include "profile_bytes.h"

namespace {

using foretype::Profile;
using foretype::Section;
using foretype::Source;
using foretype::fuzz::bytes_of;
using foretype::fuzz::require;
using foretype::fuzz::sealed;
using foretype::statistics::Event;
using foretype::statistics::HitTable;
using foretype::statistics::Window;

constexpr const char* kSections[] = {"statistics", "rank"};

// Whatever it came from, what is saved can be loaded, and is the same again.
void require_round_trip(const Profile& profile) {
  Profile twin(nullptr);
  const std::vector<Section> saved = profile.save();
  require(twin.load(saved).ok());
  require(bytes_of(twin.save()) == bytes_of(saved));
}

void use(Window* window) {
  for (std::size_t cell = 0; cell < HitTable::kCells; cell += 7) {
    const std::uint32_t before = window->hits.at(Event::kShown, cell);
    window->hits.count(Event::kShown, cell);
    const std::uint32_t after = window->hits.at(Event::kShown, cell);
    require(after == before + 1 || (before == UINT32_MAX && after == before));
  }
  foretype::statistics::State state{};
  for (std::size_t i = 0; i < state.size(); ++i) state[i] = static_cast<float>(i) - 9.5F;
  for (const bool hit : {true, false}) window->wrote(state, hit);
  const double rate = window->prototypes.hit_rate(state);
  require(std::isfinite(rate) && rate >= 0 && rate <= 1);
  window->forgot();
}

void use(foretype::profile::Judgement* judgement) {
  foretype::rank::Features features{};
  features.fill(1.5F);
  const foretype::gate::Dial dial{10};
  for (const bool right : {true, false}) {
    const double probability = judgement->ranker.probability(features);
    const double calibrated = judgement->calibration.calibrated(probability);
    require(probability >= 0 && probability <= 1 && calibrated >= 0 && calibrated <= 1);
    judgement->ranker.learn(features, right);
    judgement->calibration.learn(probability, right);
    judgement->gate.finished_word(dial, right ? 0 : 3);
    require(judgement->gate.price(dial) >= 0);
  }
}

void load(const std::string& name, const std::string& bytes) {
  Profile profile(nullptr);
  profile.learn("one message");
  const std::vector<Section> before = profile.save();
  std::vector<Section> sections = before;
  for (Section& section : sections) {
    if (section.name == name) section.bytes = bytes;
  }
  const auto loaded = profile.load(sections);
  if (!loaded.ok()) {
    require(loaded.error().detail.find("section " + name) != std::string::npos);
    require(loaded.error().offset <= bytes.size());
    require(bytes_of(profile.save()) == bytes_of(before));
    return;
  }
  require_round_trip(profile);
  use(&profile.statistics());
  use(&profile.judgement());
  require_round_trip(profile);
  profile.forget_all();
  require(bytes_of(profile.save()) == bytes_of(Profile(nullptr).save()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::string name = kSections[data[0] % std::size(kSections)];
  load(name, std::string(input));
  load(name, sealed(input));
  return 0;
}
