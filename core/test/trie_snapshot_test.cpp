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

// A snapshot put together by hand, sealed. Defaults: the empty unit and "a", once after it.
struct Parts {
  std::uint32_t units = 2, contexts = 1, ngrams = 1, latest = 100;
  Bytes unit_bytes = {0, 0, 0, 0, 0, 1, 'a', 0, 1, 0, 0};
  Bytes context_bytes = {1, 1, 0, 1, 0};
  Bytes recent_bytes = {1, 1};
};

Bytes file_of(const Parts& parts) {
  Bytes bytes(kSnapshotMagic.begin(), kSnapshotMagic.end());
  for (const std::uint32_t value :
       {kSnapshotVersion, 0U, parts.units, parts.contexts, parts.ngrams, parts.latest}) {
    put_u32(bytes, value);
  }
  for (const Bytes* each : {&parts.unit_bytes, &parts.context_bytes, &parts.recent_bytes}) {
    bytes.insert(bytes.end(), each->begin(), each->end());
  }
  seal(bytes);
  return bytes;
}

void a_snapshot_made_by_hand_is_read() {
  auto result = Trie::load(file_of({}), nullptr);
  expect(result.ok(), result.ok() ? "" : result.error().detail);
  if (!result.ok()) return;
  Trie expected(nullptr);
  expected.set_today(100);
  const std::vector<std::string> history = {""};
  expected.learn(history, "a");
  expect(result.value() == expected, "\"a\" once, at the beginning of a message");
  expect(saved(expected) == file_of({}), "and written the same");
}

void refuse(const Bytes& bytes, ErrorCode code, std::string_view detail) {
  const auto result = Trie::load(bytes, nullptr);
  expect(!result.ok(), std::string("accepted: ") + std::string(detail));
  if (result.ok()) return;
  expect(result.error().code == code, std::string("code of: ") + std::string(detail));
  expect_equal(result.error().detail, "trie: " + std::string(detail), "detail");
}

void damaged_headers_are_refused() {
  const Bytes good = file_of({});
  refuse(Bytes(good.begin(), good.begin() + 31), ErrorCode::kTruncated,
         "the header needs 32 bytes, there are 31");
  Bytes bytes = good;
  bytes[0] = 'G';
  refuse(bytes, ErrorCode::kWrongFormat, "this is not a trie section");
  bytes = good;
  bytes[8] = 2;
  refuse(bytes, ErrorCode::kWrongVersion, "format version 2, this program reads version 1");
  bytes = good;
  bytes.back() ^= 1;
  refuse(bytes, ErrorCode::kCorrupt, "the checksum does not match");
  refuse(file_of({.units = 1000}), ErrorCode::kCorrupt, "the header's counts are out of range");
  refuse(file_of({.latest = 65536}), ErrorCode::kCorrupt, "the header's counts are out of range");
  refuse(file_of({.ngrams = 2}), ErrorCode::kCorrupt,
         "the header announces 2 n-grams, there are 1");
}

void damaged_units_are_refused() {
  const auto with = [](Bytes bytes) { return file_of({.unit_bytes = std::move(bytes)}); };
  constexpr ErrorCode kCorrupt = ErrorCode::kCorrupt;
  refuse(with({0, 0, 0, 0, 1, 1, 'a', 0, 1, 0, 0}), kCorrupt, "unit 1 is longer than units are");
  refuse(with({0, 1, 'a', 0, 0, 1, 0, 0, 1, 0, 0}), kCorrupt, "unit 1 is out of order");
  refuse(with({0, 0, 0, 0, 0, 1, 'A', 0, 1, 0, 0}), kCorrupt, "unit 1 has no small form");
  refuse(with({0, 0, 0, 1, 0, 0, 0, 1, 'a', 0, 1, 0, 0}), kCorrupt, "unit 0 is empty and has uses");
  refuse(with({0, 0, 0, 0, 0, 1, 'a', 0, 1, 0, 101}), kCorrupt,
         "unit 1 has a day or a count out of range");
  Parts unused;
  unused.units = 3;
  unused.unit_bytes = {0, 0, 0, 0, 0, 1, 'a', 0, 1, 0, 0, 0, 1, 'b', 0, 0};
  refuse(file_of(unused), kCorrupt, "unit 2 is used by nothing");
}

void damaged_contexts_are_refused() {
  const auto with = [](Bytes bytes) { return file_of({.context_bytes = std::move(bytes)}); };
  constexpr ErrorCode kCorrupt = ErrorCode::kCorrupt;
  refuse(with({0, 1, 0, 1, 0}), kCorrupt, "context 0 has no parent");
  refuse(with({2, 1, 0, 1, 0}), kCorrupt, "context 1 is missing");
  refuse(with({1, 1, 2, 1, 0}), kCorrupt, "context 0 stands for no small unit");
  refuse(with({1, 0, 0}), kCorrupt, "context 0 has longer ones out of range");
  refuse(with({1, 1, 0, 0, 0}), kCorrupt, "context 0 has a follower out of range");
  refuse(with({1, 1, 0, 1, 202, 1}), kCorrupt, "context 0 has a follower out of range");
  refuse(with({1, 3, 0, 255, 1}), kCorrupt, "context 0 has more followers than bytes");
  refuse(file_of({.recent_bytes = {1, 0}}), kCorrupt, "recent unit 0 is not in use");
  refuse(file_of({.recent_bytes = {0, 0}}), kCorrupt, "1 bytes are left over");
  refuse(file_of({.context_bytes = {1, 1, 0, 1, 0x80}, .recent_bytes = {}}), ErrorCode::kTruncated,
         "context 0 is cut off");
}

}  // namespace
}  // namespace foretype::trie

int main() {
  using namespace foretype::trie;
  many_tries_come_back();
  a_snapshot_made_by_hand_is_read();
  damaged_headers_are_refused();
  damaged_units_are_refused();
  damaged_contexts_are_refused();
  return failures == 0 ? 0 : 1;
}
