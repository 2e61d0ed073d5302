// What labelling and counting cost at each key: eight proposals added and shown at every letter of
// a text, and a word settled at every space. Without the bytes that proposals take elsewhere.
//
//   g++ -std=c++20 -O2 -Icore/include -Icore/src core/test/rounds_bench.cpp
//       build/dev/core/libforetype_core.a -o rounds_bench && ./rounds_bench [repetitions]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "outcome/rounds.h"

namespace {

using foretype::Candidate;
using foretype::context::Unit;
using foretype::context::units;
using foretype::outcome::Judged;
using foretype::outcome::Rounds;
using foretype::statistics::HitTable;

constexpr const char* kText =
    "please review the quarterly numbers before the meeting and send them to the other office ";
constexpr const char* kProposals[] = {"view",   "quest", " the", "iew of",
                                      "cently", "s",     "ing",  "er"};

double nanoseconds_a_key(const std::string& text, const std::vector<Unit>& all) {
  std::vector<Candidate> candidates;
  for (const char* each : kProposals) {
    candidates.emplace_back();
    candidates.back().text = each;
    candidates.back().probability = 0.1;
  }
  Rounds rounds;
  HitTable hits;
  std::vector<Judged> judged;
  std::size_t next = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t caret = 1; caret <= text.size(); ++caret) {
    judged.clear();
    if (text[caret - 1] == ' ') {
      rounds.settle(text, all[next++], true, 0, {&judged, &hits});
    }
    rounds.add(caret, "re", candidates);
    rounds.show(kProposals[caret % std::size(kProposals)]);
  }
  const std::chrono::duration<double, std::nano> passed = std::chrono::steady_clock::now() - begin;
  return passed.count() / static_cast<double>(text.size());
}

}  // namespace

int main(int count, char** words) {
  const int repetitions = count > 1 ? std::atoi(words[1]) : 2000;
  const std::string text = kText;
  const std::vector<Unit> all = units(text);
  std::vector<double> found;
  for (int i = 0; i < repetitions; ++i) found.push_back(nanoseconds_a_key(text, all));
  std::sort(found.begin(), found.end());
  std::printf("%.0f ns a key at best, %.0f in the middle\n", found.front(),
              found[found.size() / 2]);
  return 0;
}
