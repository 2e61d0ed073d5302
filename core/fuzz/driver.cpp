// Runs a fuzz target without clang: first the seed files as they are, then
// mutations of them. Each run's input depends on the seed and the run's number
// only, so a failure comes again with --seed S --first RUN --runs 1.
//
//   x_fuzz [--runs N] [--seconds T] [--seed S] [--first RUN] [FILES...]
//
// Under clang's -fsanitize=fuzzer, leave this file out.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kLongestInput = 1 << 16;
constexpr std::size_t kLongestChunk = 64;  // bytes moved, removed or doubled at once
constexpr int kMostMutations = 8;          // of one input
constexpr std::uint8_t kTellingBytes[] = {0, 1, 0x7F, 0x80, 0xFF, ' ', '\n', '\'', '"', '0', '9'};

struct Options {
  std::uint64_t runs = UINT64_MAX;
  double seconds = 0;  // 0: no limit
  std::uint64_t seed = 1;
  std::uint64_t first = 0;
  std::vector<Bytes> seeds;
};

std::uint64_t current_run = 0;
std::uint64_t current_seed = 0;

void name_the_run() {
  std::fprintf(stderr, "failed in this run: --seed %llu --first %llu --runs 1\n",
               static_cast<unsigned long long>(current_seed),
               static_cast<unsigned long long>(current_run));
}

void name_the_run_of_signal(int number) {
  name_the_run();
  std::signal(number, SIG_DFL);
  std::raise(number);
}

/// Uniform in [0, limit); 0 for an empty range.
std::size_t below(std::size_t limit, std::mt19937_64& random) {
  return limit == 0 ? 0 : static_cast<std::size_t>(random() % limit);
}

Bytes chunk_of(const Bytes& from, std::mt19937_64& random) {
  const std::size_t begin = below(from.size(), random);
  const std::size_t length = below(std::min(kLongestChunk, from.size() - begin) + 1, random);
  const auto at = from.begin() + static_cast<std::ptrdiff_t>(begin);
  return Bytes(at, at + static_cast<std::ptrdiff_t>(length));
}

std::uint8_t some_byte(std::mt19937_64& random) {
  if (random() % 2 == 0) return static_cast<std::uint8_t>(random());
  return kTellingBytes[below(std::size(kTellingBytes), random)];
}

void insert(const Bytes& chunk, Bytes* input, std::mt19937_64& random) {
  const auto at = static_cast<std::ptrdiff_t>(below(input->size() + 1, random));
  input->insert(input->begin() + at, chunk.begin(), chunk.end());
}

void remove_chunk(Bytes* input, std::mt19937_64& random) {
  const std::size_t begin = below(input->size(), random);
  const std::size_t length = below(std::min(kLongestChunk, input->size() - begin) + 1, random);
  const auto at = input->begin() + static_cast<std::ptrdiff_t>(begin);
  input->erase(at, at + static_cast<std::ptrdiff_t>(length));
}

void mutate(const std::vector<Bytes>& seeds, Bytes* input, std::mt19937_64& random) {
  const std::size_t at = below(input->size(), random);
  switch (input->empty() ? 0 : random() % 7) {
    case 0:
      return insert({some_byte(random)}, input, random);
    case 1:
      (*input)[at] = some_byte(random);
      return;
    case 2:
      (*input)[at] ^= static_cast<std::uint8_t>(1u << random() % 8);
      return;
    case 3:
      return remove_chunk(input, random);
    case 4:
      return insert(chunk_of(*input, random), input, random);
    case 5:
      return insert(chunk_of(seeds[below(seeds.size(), random)], random), input, random);
    default:
      return input->resize(at);
  }
}

/// Seed files first, in order; after them mutated ones.
Bytes input_of(std::uint64_t run, const Options& options) {
  if (run < options.seeds.size()) return options.seeds[run];
  std::mt19937_64 random(options.seed * 0x9E3779B97F4A7C15 + run);
  Bytes input = options.seeds[below(options.seeds.size(), random)];
  const std::uint64_t mutations = 1 + random() % kMostMutations;
  for (std::uint64_t i = 0; i < mutations; ++i) mutate(options.seeds, &input, random);
  if (input.size() > kLongestInput) input.resize(kLongestInput);
  return input;
}

void run_all(const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto out_of_time = [&] {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    return options.seconds > 0 && passed.count() >= options.seconds;
  };
  std::uint64_t done = 0;
  for (; done < options.runs && !out_of_time(); ++done) {
    current_run = options.first + done;
    const Bytes input = input_of(current_run, options);
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  std::printf("%llu runs\n", static_cast<unsigned long long>(done));
}

bool read_file(const char* path, std::vector<Bytes>* seeds) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path);
    return false;
  }
  seeds->emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  return true;
}

bool read_options(int count, char** words, Options* options) {
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (!word.starts_with("--")) {
      if (!read_file(words[i], &options->seeds)) return false;
      continue;
    }
    if (++i == count) return false;
    if (word == "--runs") {
      options->runs = std::strtoull(words[i], nullptr, 10);
    } else if (word == "--seconds") {
      options->seconds = std::strtod(words[i], nullptr);
    } else if (word == "--seed") {
      options->seed = std::strtoull(words[i], nullptr, 10);
    } else if (word == "--first") {
      options->first = std::strtoull(words[i], nullptr, 10);
    } else {
      return false;
    }
  }
  return options->runs < UINT64_MAX || options->seconds > 0;
}

}  // namespace

int main(int count, char** words) {
  Options options;
  if (!read_options(count, words, &options)) {
    std::fprintf(stderr, "usage: %s (--runs N | --seconds T) [--seed S] [--first RUN] [FILES...]\n",
                 words[0]);
    return 2;
  }
  if (options.seeds.empty()) options.seeds.emplace_back();
  current_seed = options.seed;
  std::signal(SIGABRT, name_the_run_of_signal);
  std::signal(SIGILL, name_the_run_of_signal);
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(name_the_run);
  run_all(options);
  return 0;
}
