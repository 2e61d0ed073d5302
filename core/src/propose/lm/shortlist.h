// Which part of the output head is computed where nothing is typed yet of what comes next: the
// common tokens, and those that this user has written since the session began, its earlier
// messages among them.
#pragma once

#include <span>
#include <vector>

#include "propose/lm/head_rows.h"
#include "propose/lm/model.h"

namespace foretype::lm {

class Shortlist {
 public:
  explicit Shortlist(const Model& model);

  /// The user wrote this token: its block of rows is computed from now on.
  void use(Token token);
  /// Nothing but the common tokens.
  void clear();

  /// Places in the head, whole blocks but for the last of all, none twice.
  std::span<const HeadRows::Range> places() const { return places_; }
  /// Of neighbouring rows only; all of these where none would be left.
  std::vector<HeadRows::Range> places_of(HeadRows::Range rows) const;

 private:
  const Model* model_;
  std::vector<bool> used_;               // [blocks]
  std::vector<HeadRows::Range> places_;  // the common ones first; room for all from the beginning
};

}  // namespace foretype::lm
