#include "profile/balance.h"

namespace foretype::profile {
namespace {

void count(Operation operation, Balance* balance) {
  switch (operation.kind) {
    case Kind::kLearn:
    case Kind::kUnlearn: {
      const int change = operation.kind == Kind::kLearn ? 1 : -1;
      balance->uses[{std::move(operation.context), std::move(operation.history),
                     std::move(operation.text)}] += change;
      return;
    }
    case Kind::kAccepted:
    case Kind::kUnaccepted: {
      const int change = operation.kind == Kind::kAccepted ? 1 : -1;
      balance->accepted[{std::move(operation.context), std::move(operation.text)}] += change;
      return;
    }
    case Kind::kRejected:
      ++balance->rejected[{std::move(operation.context), std::move(operation.text)}];
      return;
    case Kind::kMessage:
      balance->messages.emplace_back(std::move(operation.context), std::move(operation.text));
      return;
    default:
      return;
  }
}

}  // namespace

Result<Balance> balance_of(std::string_view operations) {
  Balance balance;
  JournalReader reader(operations);
  Operation operation;
  while (true) {
    const Result<bool> more = reader.next(&operation);
    if (!more.ok()) return more.error();
    if (!more.value()) return balance;
    count(std::move(operation), &balance);
  }
}

}  // namespace foretype::profile
