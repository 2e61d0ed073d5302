// The background reader on any bytes, and the trie on whatever it accepts: what
// must hold is checked, a failure traps.
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "propose/trie/background_layout.h"
#include "propose/trie/trie.h"

namespace {

using foretype::trie::Background;
using foretype::trie::Trie;
using foretype::trie::WordId;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

// Mutations seldom guess a checksum, so it is set right: the checks behind it are the target.
std::vector<std::uint8_t> sealed(std::span<const std::uint8_t> data) {
  std::vector<std::uint8_t> bytes(data.begin(), data.end());
  if (bytes.size() < foretype::trie::kBackgroundHeaderBytes) return bytes;
  const std::uint32_t sum = foretype::trie::crc32(std::span(bytes).subspan(16));
  for (std::size_t i = 0; i < 4; ++i) bytes[12 + i] = static_cast<std::uint8_t>(sum >> (8 * i));
  return bytes;
}

void use(const std::shared_ptr<const Background>& background) {
  Trie trie(background);
  const std::vector<std::string> texts = {"", "a", "The", "zebra", "\xFF", "iP"};
  for (WordId word = 0; word < background->words() && word < 64; ++word) {
    require(background->find(background->text(word)) == word);
    const std::vector<std::string> history = {"", std::string(background->text(word))};
    trie.learn(history, texts[word % texts.size()]);
    for (const std::string& prefix : texts) {
      const auto proposal = trie.propose(history, prefix, word % 2 == 0, 3);
      double sum = 0;
      for (const auto& candidate : proposal.candidates) {
        require(candidate.unit.starts_with(prefix));
        sum += candidate.probability;
      }
      require(std::isfinite(proposal.mass) && sum <= proposal.mass + 1e-6);
      require(proposal.mass <= 1.001);
    }
    trie.phrase(history);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes(data, size);
  const auto as_is = Background::parse(bytes);
  if (!as_is.ok()) require(!as_is.error().detail.empty());
  const auto result = Background::parse(sealed(bytes));
  if (result.ok()) use(result.value());
  return 0;
}
