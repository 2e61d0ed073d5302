#include "context/key_shapes.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "context/ascii.h"

namespace foretype::context {

namespace {

struct Shape {
  std::string_view beginning;
  std::size_t fewest;  // characters behind it, fewer than the shortest real key has
};

constexpr std::array kShapes = std::to_array<Shape>({
    {"AAAA", 20},  // SSH public key: its length as four bytes
    {"AGE-SECRET-KEY-", 16},
    {"AIza", 20},  // Google
    {"AKIA", 12},  // Amazon
    {"ASIA", 12},
    {"SG.", 16},  // SendGrid
    {"dop_v1_", 16},
    {"eyJ", 16},  // JSON Web Token: {" in base64
    {"gho_", 16},
    {"ghp_", 16},
    {"ghr_", 16},
    {"ghs_", 16},
    {"ghu_", 16},
    {"github_pat_", 16},
    {"glpat-", 12},
    {"hf_", 16},
    {"npm_", 20},
    {"pk_live_", 8},
    {"pk_test_", 8},
    {"pypi-", 16},
    {"rk_live_", 8},
    {"rk_test_", 8},
    {"shpat_", 16},
    {"sk-", 16},
    {"sk_live_", 8},
    {"sk_test_", 8},
    {"whsec_", 12},
    {"xapp-", 10},  // Slack
    {"xoxa-", 10},
    {"xoxb-", 10},
    {"xoxe-", 10},
    {"xoxp-", 10},
    {"xoxr-", 10},
    {"xoxs-", 10},
    {"ya29.", 16},  // Google
});

constexpr std::size_t kShortestKey = 14;

constexpr bool may_begin(char byte) {
  return std::any_of(kShapes.begin(), kShapes.end(),
                     [byte](const Shape& shape) { return shape.beginning.front() == byte; });
}

/// Looked at behind a beginning, so that time stays linear.
constexpr std::size_t kMostRead = 64;

/// Whether `text` goes on like the rest of a key: letters and digits, - and _.
bool goes_on(std::string_view text, std::size_t fewest) {
  bool digit = false;
  bool small = false;
  bool capital = false;
  std::size_t length = 0;
  for (const char byte : text.substr(0, kMostRead)) {
    if (!is_letter_or_digit(byte) && byte != '-' && byte != '_') break;
    digit = digit || is_digit(byte);
    small = small || is_small(byte);
    capital = capital || is_capital(byte);
    ++length;
  }
  return length >= fewest && (digit || (small && capital));
}

}  // namespace

bool has_known_key(std::string_view chunk) {
  for (std::size_t at = 0; at + kShortestKey <= chunk.size(); ++at) {
    if (at > 0 && is_letter_or_digit(chunk[at - 1])) continue;
    if (!may_begin(chunk[at])) continue;
    const std::string_view rest = chunk.substr(at);
    for (const Shape& shape : kShapes) {
      if (!rest.starts_with(shape.beginning)) continue;
      if (goes_on(rest.substr(shape.beginning.size()), shape.fewest)) return true;
    }
  }
  return false;
}

}  // namespace foretype::context
