// Whole texts through the model, for measuring: perplexity and decoding rate.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "propose/lm/model.h"

namespace foretype::lm {

/// Sum of -ln P(token | all before) over the tokens of `text`, in nats; `before` stands in front
/// of it. The window slides as in a session.
double negative_log_likelihood(const Model& model, std::string_view text, std::string_view before);

/// The `count` tokens that follow `prompt` greedily. `words_only`: the head computes only rows of
/// tokens that begin with a space, as at the beginning of a word.
std::vector<Token> decode_greedily(const Model& model, std::span<const Token> prompt, int count,
                                   bool words_only);

}  // namespace foretype::lm
