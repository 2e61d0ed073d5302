// Only common tokens and those that were written are computed: beside a model
// of the same weights that names no common tokens, and so computes all.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "propose/lm/language_model.h"
#include "propose/lm/score.h"
#include "propose/lm/search.h"
#include "propose/lm/tree.h"
#include "random_model.h"

namespace {

using namespace foretype::lm;
using foretype::lm::testing::RandomModel;
using foretype::lm::testing::RandomVocabulary;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

constexpr int kWindow = 128;

std::vector<std::uint32_t> every_third() {
  std::vector<std::uint32_t> tokens;
  for (std::uint32_t token = 1; token < RandomVocabulary().tokens.size(); token += 3) {
    tokens.push_back(token);
  }
  return tokens;
}

/// A tree behind some text.
struct Reader {
  const Model& model;
  KeyValueCache cache;
  Forward forward;
  Stream stream;
  Tree tree;

  Reader(const Model& m, std::string_view text)
      : model(m),
        cache(m, kWindow, kMaxNodes),
        forward(m, kWindow + kMaxNodes),
        stream(m, kWindow, 32),
        tree(m, kWindow) {
    std::vector<Token> tokens;
    model.tokenizer().encode(text, &tokens);
    for (const Token token : tokens) stream.push(token);
    const std::vector<Step> steps = stream.next_steps(kMaxBatch);
    const auto width = static_cast<std::size_t>(model.config().width);
    std::vector<float> hidden(width * steps.size());
    forward.run(steps, &cache, hidden.data());
    stream.mark_computed(static_cast<int>(steps.size()));
    tree.plant(hidden.data() + width * (steps.size() - 1));
  }

  const Node& root() const { return tree.node(tree.root()); }
  double p(int row) const {
    return static_cast<double>(root().next[static_cast<std::size_t>(row)]);
  }
};

/// What the slow way says: of all probabilities those that are computed, which then make up 1.
void check_root(const Reader& all, const Reader& part, std::string_view what) {
  double kept = 0;
  for (int row = 0; row < all.model.text_rows(); ++row) {
    if (part.p(row) > 0) kept += all.p(row);
  }
  double furthest = 0, mass = 0;
  for (int row = 0; row < all.model.text_rows(); ++row) {
    mass += part.p(row);
    if (part.p(row) > 0) {
      furthest = std::max(furthest, std::abs(part.p(row) - all.p(row) / kept));
    }
  }
  expect(furthest < 1e-6, what);
  expect(std::abs(mass - 1) < 1e-5 && std::abs(part.root().mass_below[256] - 1.0F) < 1e-5F, what);
}

bool is_computed(const Reader& reader, int row) { return reader.p(row) > 0; }

void only_common_tokens_and_written_ones_are_computed() {
  const std::vector<std::uint32_t> common = every_third();
  const RandomModel whole(5), parted(5, "", common);
  Reader all(*whole.model, "the mine"), part(*parted.model, "the mine");
  const HeadRows& rows = parted.model->head_rows();
  all.tree.cover("", &all.forward);
  part.tree.cover("", &part.forward);
  check_root(all, part, "the common ones");
  for (int row = 0; row < rows.size(); ++row) {
    expect(is_computed(part, row) == (rows.place(row) < rows.always()), "no other");
  }
  expect(rows.always() >= static_cast<int>(common.size()) &&
             rows.always() < static_cast<int>(common.size()) + 16,
         "no more than a block is filled up");

  const int rare = rows.row_at(rows.size() - 1);
  Reader writer(*parted.model, "the mine");
  writer.tree.use(parted.model->token_of(rare));
  writer.tree.cover("", &writer.forward);
  check_root(all, writer, "and a written one");
  expect(is_computed(writer, rare), "the written one");
}

/// Computed are exactly the common tokens and the blocks of those of `written`.
void check_computed(const LanguageModel& lm, const Model& model, std::string_view written,
                    std::string_view what) {
  const HeadRows& rows = model.head_rows();
  std::vector<bool> expected(static_cast<std::size_t>(rows.size() / 16 + 1));
  for (int place = 0; place < rows.always(); ++place) {
    expected[static_cast<std::size_t>(place / 16)] = true;
  }
  std::vector<Token> tokens;
  model.tokenizer().encode(written, &tokens);
  for (const Token token : tokens) {
    expected[static_cast<std::size_t>(rows.place(model.row_of(token)) / 16)] = true;
  }
  const Node& root = lm.tree().node(lm.tree().root());
  for (int row = 0; row < rows.size(); ++row) {
    const bool computed = root.next[static_cast<std::size_t>(row)] > 0;
    expect(computed == expected[static_cast<std::size_t>(rows.place(row) / 16)], what);
  }
}

void what_is_read_is_remembered_until_it_is_wiped() {
  std::vector<std::uint32_t> common;  // all but the merged tokens and a few bytes
  for (std::uint32_t token = 1; token < 200; ++token) common.push_back(token);
  const RandomModel parted(8, "", common);
  LanguageModel lm(*parted.model, Effort{});
  const auto look = [&] {
    lm.catch_up({});
    lm.propose([](std::string_view) { return 0.5; }, {});
  };
  look();
  check_computed(lm, *parted.model, "", "nothing to begin with");
  lm.read("the mine is");
  lm.finish("the mine is");
  look();
  check_computed(lm, *parted.model, "the mine is\n\n", "what was typed");
  lm.wipe();
  look();
  check_computed(lm, *parted.model, "", "nothing once it is forgotten");
  lm.restart(std::deque<std::string>{"on the", "an \xf0\x9f\x98\x80"});
  look();
  check_computed(lm, *parted.model, "on the\n\nan \xf0\x9f\x98\x80\n\n", "earlier messages");
}

/// Of " wing" the model knows " w", and "ing" as one token, which is rare: "in" and "g" lead on.
void a_rare_token_within_a_word_is_gone_round() {
  const RandomVocabulary vocabulary;
  std::vector<std::uint32_t> common;
  for (std::uint32_t token = 1; token < vocabulary.tokens.size(); ++token) {
    const std::string& bytes = vocabulary.tokens[token];
    const bool control = bytes.size() == 1 && static_cast<unsigned char>(bytes[0]) < ' ';
    if (!control && bytes != "ing") common.push_back(token);
  }
  const RandomModel parted(9, "", common);
  const int ing = parted.model->row_of(static_cast<Token>(vocabulary.id("ing")));
  expect(parted.model->head_rows().place(ing) >= parted.model->head_rows().always(), "it is rare");
  Reader reader(*parted.model, "on it");
  const std::string_view fragment = " wing";
  reader.tree.cover(fragment, &reader.forward);
  const auto look = [&] {
    return find(*parted.model, reader.tree, fragment, [](std::string_view) { return 0.5; });
  };
  Found found = look();
  for (int round = 0; round < 6 && found.completions.empty(); ++round) {
    std::vector<std::pair<int, Token>> wanted;
    for (const Wish& wish : found.wishes) wanted.emplace_back(wish.parent, wish.token);
    reader.tree.expand(wanted, reader.stream, &reader.cache, &reader.forward);
    found = look();
  }
  expect(found.mass > 0 && !found.completions.empty(), "a way to what was typed");
}

void what_was_begun_may_go_on_with_a_rare_token() {
  const RandomModel whole(6), parted(6, "", every_third());
  for (const char* fragment : {" t", "t", "th", " the", "i", " ", "&", "'", "x", "yz"}) {
    Reader all(*whole.model, "on it"), part(*parted.model, "on it"), late(*parted.model, "on it");
    all.tree.cover("", &all.forward);
    part.tree.cover(fragment, &part.forward);
    late.tree.cover("", &late.forward);  // as at a word's start, before its first letter
    late.tree.cover(fragment, &late.forward);
    const std::string_view begun = std::string_view(fragment).substr(0, fragment[0] == ' ' ? 2 : 1);
    const bool letter = begun != " ";
    const Tokenizer::Range rows = whole.model->tokenizer().with_prefix(begun);
    for (const Reader* reader : {&part, &late}) {
      double ratio = 0;  // one constant factor for all rows
      for (int row = rows.first; row < rows.last; ++row) {
        if (!is_computed(*reader, row)) {
          expect(!letter, "every token that begins so");
          continue;
        }
        if (ratio == 0) ratio = reader->p(row) / all.p(row);
        expect(std::abs(reader->p(row) / all.p(row) / ratio - 1) < 1e-4, "in the same proportion");
      }
      expect(ratio > 0, "some of them");
      const auto byte = static_cast<std::size_t>(static_cast<unsigned char>(fragment[0]));
      double mass = 0;
      const Tokenizer::Range of_byte =
          whole.model->rows_of_first_byte(static_cast<std::uint8_t>(fragment[0]));
      for (int row = of_byte.first; row < of_byte.last; ++row) mass += reader->p(row);
      const float said = reader->root().mass_below[byte + 1] - reader->root().mass_below[byte];
      expect(std::abs(static_cast<double>(said) - mass) < 1e-5 * (1 + mass), "the sums know of it");
    }
  }
}

void scores_are_of_all_tokens() {
  const RandomModel whole(7), parted(7, "", every_third());
  const std::string text = "the other in it, on me and an orange";
  expect(std::abs(negative_log_likelihood(*whole.model, text, "") -
                  negative_log_likelihood(*parted.model, text, "")) < 1e-3,
         "nats");
  const std::vector<Token> prompt = {5, 9};
  for (const bool words_only : {false, true}) {
    expect(decode_greedily(*whole.model, prompt, 12, words_only) ==
               decode_greedily(*parted.model, prompt, 12, words_only),
           "greedy decoding");
  }
}

void wrong_lists_are_refused() {
  const auto is_refused = [](std::vector<std::uint32_t> common) {
    const std::vector<std::uint8_t> bytes = foretype::lm::testing::random_model_bytes(1, 1, common);
    const auto opened = Model::open(bytes, *foretype::kernels::select(""));
    return !opened.ok() && opened.error().code == foretype::ErrorCode::kCorrupt;
  };
  expect(!is_refused({3, 4, 9}), "a rising list");
  expect(is_refused({4, 3}), "a falling one");
  expect(is_refused({4, 4}), "one twice");
  expect(is_refused({0, 4}), "a control token");
  expect(is_refused({4, 100000}), "no token");
}

}  // namespace

int main() {
  only_common_tokens_and_written_ones_are_computed();
  what_is_read_is_remembered_until_it_is_wiped();
  a_rare_token_within_a_word_is_gone_round();
  what_was_begun_may_go_on_with_a_rare_token();
  scores_are_of_all_tokens();
  wrong_lists_are_refused();
  return failures == 0 ? 0 : 1;
}
