// A profile on any bytes: as operations, and as its section. What must hold is
// checked, a failure traps.
//
// The first byte chooses; the rest is the input.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foretype/profile.h"
#include "profile_bytes.h"

namespace {

using foretype::Profile;
using foretype::Section;
using foretype::fuzz::bytes_of;
using foretype::fuzz::require;
using foretype::fuzz::sealed;

// Whatever it came from, what is saved can be loaded, and is the same again.
void require_round_trip(const Profile& profile) {
  Profile twin(nullptr);
  const std::vector<Section> saved = profile.save();
  require(twin.load(saved).ok());
  require(bytes_of(twin.save()) == bytes_of(saved));
  require(twin.contexts().ngrams() == profile.contexts().ngrams());
}

void run_operations(std::string_view operations) {
  Profile profile(nullptr);
  const auto count = profile.replay(operations);
  if (!count.ok()) require(!count.error().detail.empty());
  require(profile.drain().empty());
  require_round_trip(profile);
  profile.learn("one message more", "other");
  profile.set_private("other", true);
  const std::string more = profile.drain();
  require(profile.take_back(more).ok());
  require(profile.take_back(operations).ok() == count.ok());
  require_round_trip(profile);
  profile.forget_context("other");
  profile.forget_all();
  require(profile.contexts().ngrams() == 0);
}

void run_section(const std::string& bytes) {
  Profile profile(nullptr);
  std::vector<Section> sections = {{"profile", bytes}};
  for (int i = 0; i < 40; ++i) sections.push_back({"trie/" + std::to_string(i), ""});
  const auto loaded = profile.load(sections);
  if (!loaded.ok()) {
    require(!loaded.error().detail.empty());
    return;
  }
  require_round_trip(profile);
  profile.memory();
  profile.is_blocked("some words of no meaning");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0] % 3) {
    case 0:
      run_operations(input);
      return 0;
    case 1:
      run_section(std::string(input));
      return 0;
    default:
      run_section(sealed(input));
      return 0;
  }
}
