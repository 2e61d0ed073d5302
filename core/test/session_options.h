// What the tests of a session begin with.
#pragma once

#include <memory>
#include <utility>

#include "foretype/session.h"

namespace foretype::testing {

/// What most tests are about goes the same way with and without held spaces.
inline Options bare() {
  Options options;
  options.holds_space = false;
  return options;
}

/// The engine with this model and clock, either of which may be null.
inline std::shared_ptr<Engine> with(const std::shared_ptr<Engine>& engine,
                                    std::shared_ptr<const lm::Model> model, Clock clock) {
  engine->model = std::move(model);
  engine->clock = clock;
  return engine;
}

}  // namespace foretype::testing
