// The reader of trie snapshots on any bytes, and everything that changes a trie on whatever it
// accepts: what must hold is checked, a failure traps.
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "propose/trie/background_layout.h"
#include "propose/trie/snapshot_layout.h"
#include "propose/trie/trie.h"

namespace {

using foretype::Result;
using foretype::trie::NgramRow;
using foretype::trie::Trie;
using foretype::trie::WordRow;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMostRows = 12;  // tried one by one

void require(bool holds) {
  if (!holds) __builtin_trap();
}

// Mutations seldom guess a checksum, so it is set right: the checks behind it are the target.
Bytes sealed(std::span<const std::uint8_t> data) {
  Bytes bytes(data.begin(), data.end());
  if (bytes.size() < foretype::trie::kSnapshotHeaderBytes) return bytes;
  const std::uint32_t sum = foretype::trie::crc32(std::span(bytes).subspan(16));
  for (std::size_t i = 0; i < 4; ++i) bytes[12 + i] = static_cast<std::uint8_t>(sum >> (8 * i));
  return bytes;
}

Trie again(const Trie& trie) {
  const std::string bytes = trie.save();
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  Result<Trie> result = Trie::load({data, bytes.size()}, nullptr);
  require(result.ok());
  require(result.value() == trie && result.value().ngrams() == trie.ngrams());
  return std::move(result.value());
}

std::vector<NgramRow> some_rows(const Trie& trie) {
  std::vector<NgramRow> rows;
  trie.ngram_rows(0, kMostRows, &rows);
  return rows;
}

void use(Trie trie) {
  const std::vector<NgramRow> rows = some_rows(trie);
  for (const NgramRow& row : rows) {
    require(row.count > 0 && !row.unit.empty() && row.context.size() < foretype::trie::kMaxOrder);
    const auto proposal = trie.propose(row.context, row.unit.substr(0, 1), false, 3);
    require(std::isfinite(proposal.mass) && proposal.mass <= 1.001);
    trie.phrase(row.context);
    trie.learn(row.context, row.unit);
    trie.learn(row.context, "Unheard");
    trie.unlearn(row.context, row.unit);
  }
  Trie twice = again(trie);
  twice.add_all(trie, 1);
  twice.add_all(trie, -1);
  again(twice);
}

void forget(Trie trie) {
  for (const NgramRow& row : some_rows(trie)) {
    trie.add(row, -1);
    std::vector<std::string> phrase = row.context;
    phrase.push_back(row.unit);
    trie.forget_phrase(phrase);
    trie.forget_word(row.unit);
    require(trie.describe(row.unit).empty());
  }
  again(trie);
  trie.prune(trie.ngrams() / 2);
  again(trie);
}

// All rows taken away leave nothing: nothing in the file held more than its rows say.
void empty(Trie trie) {
  std::vector<WordRow> words;
  std::vector<NgramRow> ngrams;
  trie.each_word([&](const WordRow& row) { words.push_back(row); });
  trie.each_ngram([&](const NgramRow& row) { ngrams.push_back(row); });
  for (const WordRow& row : words) trie.add(row, -1);
  for (const NgramRow& row : ngrams) trie.add(row, -1);
  require(trie == Trie(nullptr) && trie.save() == Trie(nullptr).save());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes(data, size);
  const Result<Trie> as_is = Trie::load(bytes, nullptr);
  if (!as_is.ok()) require(!as_is.error().detail.empty() && as_is.error().offset <= size);
  Result<Trie> result = Trie::load(sealed(bytes), nullptr);
  if (!result.ok()) {
    require(!result.error().detail.empty() && result.error().offset <= size);
    return 0;
  }
  use(again(result.value()));
  forget(again(result.value()));
  empty(std::move(result.value()));
  return 0;
}
