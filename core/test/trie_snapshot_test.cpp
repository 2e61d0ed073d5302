// A trie's snapshot: read back whole, refused when damaged, with the place and the thing named.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "propose/trie/snapshot_layout.h"
#include "propose/trie/trie.h"
#include "trie_check.h"

namespace foretype::trie {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes saved(const Trie& trie) {
  const std::string bytes = trie.save();
  return {bytes.begin(), bytes.end()};
}

Trie learned(const std::vector<std::string>& units) {
  Trie trie(nullptr);
  trie.set_today(100);
  std::vector<std::string> history = {""};
  for (const std::string& unit : units) {
    trie.learn(std::span(history).last(std::min<std::size_t>(history.size(), 4)), unit);
    history.push_back(unit);
  }
  return trie;
}

void many_tries_come_back() {
  std::uint32_t random = 1;
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> units;
    for (int i = 0; i < 40 * round; ++i) {
      random = random * 1664525 + 1013904223;
      const char letter = static_cast<char>('a' + (random >> 8) % 7);
      units.push_back({(random >> 16) % 3 == 0 ? static_cast<char>(letter - 32) : letter, letter});
    }
    Trie trie = learned(units);
    auto loaded = Trie::load(saved(trie), nullptr);
    expect(loaded.ok(), "loads");
    if (!loaded.ok()) continue;
    expect(loaded.value() == trie, "the same counts");
    for (std::size_t i = 0; i < units.size(); ++i) {
      const std::vector<std::string> history(units.begin(), units.begin() + std::min<int>(i, 4));
      for (Trie* each : {&trie, &loaded.value()}) {
        if (i % 3 == 0) {
          each->unlearn(history, units[i]);
        } else {
          each->learn(history, units[i]);
        }
      }
    }
    expect(loaded.value() == trie, "they go on alike");
    expect(saved(loaded.value()) == saved(trie), "the same bytes");
  }
}

}  // namespace
}  // namespace foretype::trie

int main() {
  using namespace foretype::trie;
  many_tries_come_back();
  return failures == 0 ? 0 : 1;
}
