// What a stretch of the journal added on balance: a word that was typed, erased
// and typed again was used once.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "foretype/error.h"
#include "profile/journal.h"

namespace foretype::profile {

struct Balance {
  using Use = std::tuple<std::string, std::vector<std::string>, std::string>;
  using Unit = std::pair<std::string, std::string>;

  std::map<Use, std::int64_t> uses;       // (context, history, unit)
  std::map<Unit, std::int64_t> accepted;  // (context, unit)
  std::map<Unit, std::int64_t> rejected;
  std::vector<std::pair<std::string, std::string>> messages;  // (context, text), oldest first
};

Result<Balance> balance_of(std::string_view operations);

}  // namespace foretype::profile
