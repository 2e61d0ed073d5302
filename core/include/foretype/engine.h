// What all sessions share: the model and the English background. No state of
// any user.
#pragma once

#include <memory>

#include "context/deadline.h"
#include "propose/lm/model.h"
#include "propose/trie/trie.h"

namespace foretype {

struct Engine {
  std::shared_ptr<const lm::Model> model;              // null: the trie alone proposes
  std::shared_ptr<const trie::Background> background;  // null: the trie knows the user's words only
  Clock clock = nullptr;
};

}  // namespace foretype
