// Looking ahead: what the tree computes is what reading on would give, and the
// words found in it are those a plain walk over every token path finds.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "propose/lm/language_model.h"
#include "propose/lm/search.h"
#include "propose/lm/tree.h"
#include "random_model.h"

namespace {

using foretype::Deadline;
using namespace foretype::lm;
using foretype::lm::testing::RandomModel;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

constexpr int kWindow = 128;

/// A stream and the tree that stands at its end.
struct Reader {
  const Model& model;
  KeyValueCache cache;
  Forward forward;
  Stream stream;
  Tree tree;
  int computed = 0;

  explicit Reader(const Model& m)
      : model(m),
        cache(m, kWindow, kMaxNodes),
        forward(m, kWindow + kMaxNodes),
        stream(m, kWindow, 32),
        tree(m, kWindow) {}

  void push(Token token) {
    stream.make_room(&cache);
    const bool adopted = tree.has_root() && tree.advance(token, stream.size(), &cache);
    stream.push(token);
    if (adopted) stream.mark_computed(1);
  }

  void push_text(std::string_view text) {
    std::vector<Token> tokens;
    model.tokenizer().encode(text, &tokens);
    for (const Token token : tokens) push(token);
  }

  void plant() {
    if (tree.has_root()) return;
    std::vector<float> hidden(static_cast<std::size_t>(kMaxBatch * model.config().width));
    if (stream.complete()) stream.reopen_last();
    int count = 0;
    while (!stream.complete()) {
      const std::vector<Step> steps = stream.next_steps(kMaxBatch);
      forward.run(steps, &cache, hidden.data());
      count = static_cast<int>(steps.size());
      computed += count;
      stream.mark_computed(count);
    }
    tree.plant(hidden.data() + (count - 1) * model.config().width);
  }

  int expand(int parent, const std::vector<Token>& tokens) {
    std::vector<std::pair<int, Token>> wanted;
    for (const Token token : tokens) wanted.emplace_back(parent, token);
    return tree.expand(wanted, stream, &cache, &forward);
  }

  Token token(std::string_view text) const {
    std::vector<Token> tokens;
    model.tokenizer().encode(text, &tokens);
    return tokens.at(0);
  }
};

double furthest(std::span<const float> a, std::span<const float> b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    most = std::max(most, static_cast<double>(std::abs(a[i] - b[i])));
  }
  return most;
}

void a_child_knows_what_reading_on_would_tell() {
  const RandomModel random_model(1);
  Reader reader(*random_model.model);
  reader.push_text("on the other ");
  reader.plant();
  reader.tree.cover("", &reader.forward);
  expect(reader.expand(reader.tree.root(), {reader.token("h"), reader.token(" a")}) == 2, "two");
  const int child = reader.tree.child(reader.tree.root(), reader.token(" a"));
  expect(reader.expand(child, {reader.token("n")}) == 1, "one below");
  const Node& grandchild = reader.tree.node(reader.tree.child(child, reader.token("n")));

  Reader other(*random_model.model);
  other.push_text("on the other ");
  other.push(other.token(" a"));
  other.push(other.token("n"));
  other.plant();
  other.tree.cover("", &other.forward);
  const Node& root = other.tree.node(other.tree.root());
  expect(furthest(grandchild.next, root.next) < 1e-4, "the next token's distribution");
  double sum = 0;
  for (int row = 0; row < random_model.model->text_rows(); ++row) {
    sum += static_cast<double>(grandchild.next[static_cast<std::size_t>(row)]);
  }
  expect(std::abs(sum - 1) < 1e-5, "shares add up");
  expect(std::abs(static_cast<double>(grandchild.mass_below[256]) - 1) < 1e-5, "so do masses");
}

void a_computed_path_is_taken_over() {
  const RandomModel random_model(2);
  Reader reader(*random_model.model);
  reader.push_text("in the ");
  reader.plant();
  reader.tree.cover("", &reader.forward);
  const Token one = reader.token(" w"), two = reader.token("or"), other = reader.token("x");
  reader.expand(reader.tree.root(), {one, other});
  reader.expand(reader.tree.child(reader.tree.root(), one), {two});
  const int before = reader.computed;
  const int free = reader.tree.free_nodes();
  reader.push(one);
  expect(reader.tree.has_root() && reader.stream.complete(), "the child is the root now");
  expect(reader.tree.free_nodes() == free + 2, "its sister and the old root are free");
  expect(reader.tree.child(reader.tree.root(), two) != kNoNode, "what hung below it still does");
  expect(std::abs(reader.tree.node(reader.tree.root()).probability - 1) < 1e-12, "certain by now");
  reader.push(two);
  reader.plant();
  expect(reader.computed == before, "nothing was computed again");

  Reader fresh(*random_model.model);
  fresh.push_text("in the ");
  fresh.push(one);
  fresh.push(two);
  fresh.plant();
  fresh.tree.cover("", &fresh.forward);
  expect(furthest(reader.tree.node(reader.tree.root()).next,
                  fresh.tree.node(fresh.tree.root()).next) < 1e-4,
         "and it says the same");
  // Keys taken over are as good as computed ones, to what is read after them.
  reader.push_text(" at");
  fresh.push_text(" at");
  for (Reader* each : {&reader, &fresh}) {
    each->plant();
    each->tree.cover("", &each->forward);
  }
  expect(furthest(reader.tree.node(reader.tree.root()).next,
                  fresh.tree.node(fresh.tree.root()).next) < 1e-4,
         "later on too");
  reader.push(reader.token("z"));
  expect(!reader.tree.has_root(), "an unknown token clears the tree");
}

void rows_are_those_of_the_first_byte() {
  const RandomModel random_model(3);
  Reader reader(*random_model.model);
  reader.push_text("it is");
  reader.plant();
  reader.tree.cover("th", &reader.forward);
  const Node& root = reader.tree.node(reader.tree.root());
  const Tokenizer::Range rows = random_model.model->rows_of_first_byte('t');
  expect(root.first_row == rows.first && root.last_row == rows.last, "the rows of t");
  const std::vector<float> part(root.next.begin() + rows.first, root.next.begin() + rows.last);
  reader.expand(reader.tree.root(), {reader.token("t")});
  reader.tree.cover("", &reader.forward);
  expect(root.last_row == random_model.model->text_rows(), "all rows");
  expect(reader.tree.child(reader.tree.root(), reader.token("t")) == kNoNode, "begun anew");
  double mass = 0;
  for (int row = rows.first; row < rows.last; ++row) {
    mass += static_cast<double>(root.next[static_cast<std::size_t>(row)]);
  }
  for (int row = rows.first; row < rows.last; ++row) {
    const auto i = static_cast<std::size_t>(row);
    const double share = static_cast<double>(root.next[i]) / mass;
    const double before = static_cast<double>(part[i - static_cast<std::size_t>(rows.first)]);
    expect(std::abs(share - before) < 1e-5, "the same shares of what begins with t");
  }
}

void a_full_tree_takes_no_more() {
  const RandomModel random_model(4);
  Reader reader(*random_model.model);
  reader.plant();
  reader.tree.cover("", &reader.forward);
  std::vector<Token> tokens;
  for (Token token = 1; token <= 60; ++token) tokens.push_back(token);
  const int made = reader.expand(reader.tree.root(), tokens);
  expect(made == std::min(kMaxBatch, kMaxNodes - 1), "one batch at most, as far as there is room");
  expect(reader.expand(reader.tree.root(), tokens) == kMaxNodes - 1 - made, "then the rest");
  expect(reader.tree.free_nodes() == 0 && reader.expand(reader.tree.root(), tokens) == 0, "full");
  reader.tree.prune();
  expect(reader.tree.free_nodes() == kMaxNodes - 1 && reader.tree.has_root(), "but for the root");
}

// A place that became free may be taken in the same call: it is not the parent that was meant.
void a_pruned_parent_has_no_children() {
  const RandomModel random_model(5);
  Reader reader(*random_model.model);
  reader.plant();
  reader.tree.cover("", &reader.forward);
  reader.expand(reader.tree.root(), {reader.token("a")});
  const int child = reader.tree.child(reader.tree.root(), reader.token("a"));
  reader.tree.prune();
  const std::vector<std::pair<int, Token>> wanted = {{reader.tree.root(), reader.token("b")},
                                                     {child, reader.token("c")}};
  const int made = reader.tree.expand(wanted, reader.stream, &reader.cache, &reader.forward);
  expect(made == 1, "only the child of the root is made");
  expect(reader.tree.child(child, reader.token("c")) == kNoNode, "the other has no parent");
}

double third(std::string_view word) { return 1.0 / static_cast<double>(2 + word.size()); }

bool is_word_text(std::string_view text, bool in_word) {
  const std::size_t begin = text.find_first_not_of(" \n\t");
  if (begin == std::string_view::npos) return false;
  const bool mark = text[begin] == '\'' || text[begin] == '-';
  if (mark && !(in_word && begin == 0)) return false;
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end(), [](char c) {
    return is_word_byte(static_cast<unsigned char>(c)) && static_cast<unsigned char>(c) < 0x80;
  });
}

/// Every token after every path of the tree, one by one. ASCII words only.
struct PlainWalk {
  const Model& model;
  const Tree& tree;
  std::string fragment;
  double mass = 0;
  std::map<std::string, double> words;

  PlainWalk(const Model& m, const Tree& t, std::string f) : model(m), tree(t), fragment(f) {
    walk(tree.root(), "");
  }

  void walk(int index, const std::string& path) {
    const Node& node = tree.node(index);
    if (path == fragment && path.empty()) mass = 1;
    for (int row = node.first_row; row < node.last_row; ++row) {
      const Token token = model.token_of(row);
      const std::string longer = path + std::string(model.tokenizer().bytes(token));
      const double p =
          node.probability * static_cast<double>(node.next[static_cast<std::size_t>(row)]);
      const int below = tree.child(index, token);
      const bool fits = longer.starts_with(fragment);
      if (!fits && !std::string_view(fragment).starts_with(longer)) continue;
      if (fits && path.size() < fragment.size()) mass += p;
      if (below != kNoNode) walk(below, longer);
      if (!fits) continue;
      const std::string text = longer.substr(fragment.size());
      const bool in_word =
          !fragment.empty() && is_word_byte(static_cast<unsigned char>(fragment.back()));
      if (!is_word_text(text, in_word)) continue;
      std::size_t begin = longer.size();
      while (begin > 0 && is_word_byte(static_cast<unsigned char>(longer[begin - 1]))) --begin;
      words[text] +=
          p * (below == kNoNode ? third(longer.substr(begin)) : end_probability(tree.node(below)));
    }
  }
};

void check_found(const LanguageModel& reader, const Model& model, const Found& found) {
  const PlainWalk walk(model, reader.tree(), std::string(reader.fragment()));
  expect(std::abs(found.mass - walk.mass) < 1e-6 * walk.mass + 1e-12, "mass of the fragment");
  double sum = 0, last = 2;
  for (const Completion& completion : found.completions) {
    if (std::any_of(completion.text.begin(), completion.text.end(),
                    [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
      continue;
    }
    const auto entry = walk.words.find(completion.text);
    const double expected = entry == walk.words.end() ? 0 : entry->second / walk.mass;
    // Token paths of little probability are left out.
    expect(completion.probability <= expected * (1 + 1e-6) &&
               completion.probability >= expected - 0.01,
           "probability of " + completion.text);
    expect(completion.probability <= last, "best first");
    last = completion.probability;
    sum += completion.probability;
  }
  expect(sum < 1 + 1e-6, "of all that may follow");
}

void words_are_found() {
  for (std::uint32_t seed = 10; seed < 16; ++seed) {
    const RandomModel random_model(seed);
    LanguageModel reader(*random_model.model, Effort{.window = 256, .slide = 64});
    const std::string text = "on the other hand, it's\nin a meeting th";
    for (std::size_t end = 0; end <= text.size(); ++end) {
      reader.read(text.substr(0, end));
      reader.catch_up(Deadline{});
      check_found(reader, *random_model.model, reader.propose(&third, Deadline{}));
    }
  }
}

void a_word_has_the_probability_of_its_tokens() {
  const RandomModel random_model(20);
  LanguageModel reader(*random_model.model, Effort{.window = 256, .slide = 64});
  reader.read("meet me at");
  reader.catch_up(Deadline{});
  const Found found = reader.propose(&third, Deadline{});
  const Tree& tree = reader.tree();
  for (const Completion& completion : found.completions) {
    const double p = reader.probability(completion.text, 0.5, &third);
    expect(p >= 0 && p <= 1 && std::isfinite(p), "a probability");
  }
  std::vector<Token> tokens;
  random_model.model->tokenizer().encode(std::string(reader.fragment()) + " the", &tokens);
  double p = 1;
  int index = tree.root();
  std::size_t known = 0;
  for (; known < tokens.size() && index != kNoNode; ++known) {
    const auto row = static_cast<std::size_t>(random_model.model->row_of(tokens[known]));
    p *= static_cast<double>(tree.node(index).next[row]);
    index = tree.child(index, tokens[known]);
  }
  for (; known < tokens.size(); ++known) p *= 0.5;
  p *= index == kNoNode ? third("the") : end_probability(tree.node(index));
  expect(std::abs(reader.probability(" the", 0.5, &third) - p) < 1e-9, "by hand");
}

// What follows a word that has been looked at: its node's own distribution, the word being
// complete.
void what_follows_a_word_is_told_by_its_node() {
  const RandomModel random_model(21);
  const Model& model = *random_model.model;
  LanguageModel reader(model, Effort{.window = 256, .slide = 64});
  reader.read("meet me at");
  reader.catch_up(Deadline{});
  reader.propose(&third, Deadline{});
  for (int step = 0; step < 50 && reader.next_after(" the", &third).empty(); ++step) {
    reader.think(&third, " the");
  }
  const Reach reached = reach(model, reader.tree(), reader.fragment(), " the");
  expect(reached.whole, "what is on screen is computed first");
  const Node& node = reader.tree().node(reached.node);
  const std::vector<Completion> after = reader.next_after(" the", &third);
  double sum = 0;
  bool told = false;
  for (const Completion& each : after) {
    expect(each.probability >= 0 && std::isfinite(each.probability), "a probability");
    const bool word = each.text[0] == ' ' && each.text.size() > 1;
    expect(word || each.text.size() <= 2, "a word behind its space, or a mark: " + each.text);
    sum += each.probability;
    std::vector<Token> tokens;
    model.tokenizer().encode(each.text, &tokens);
    if (!word || each.node != kNoNode || tokens.size() > 1) continue;
    const auto row = static_cast<std::size_t>(model.row_of(tokens.front()));
    const double end = third(std::string_view(each.text).substr(1));
    const double p = static_cast<double>(node.next[row]) * end / end_probability(node);
    expect(std::abs(each.probability - p) < 1e-6 + 0.01 * p, "by hand");
    told = true;
  }
  expect(told && sum < 1 + 1e-6, "shares of what may follow");
  expect(reader.next_after(" thein", &third).empty(), "nothing of what is not computed");
}

// The model's own way to cut a word up may not be among the paths that the mass is the sum of.
void no_word_is_likelier_than_what_was_typed() {
  for (std::uint32_t seed = 30; seed < 40; ++seed) {
    const RandomModel random_model(seed);
    for (const char* text : {"the other he", "on at", "in iter", "the", "on the rein", "on me "}) {
      LanguageModel reader(*random_model.model, Effort{.rounds = 0});
      reader.read(text);
      reader.catch_up(Deadline{});
      const double mass = reader.propose(&third, Deadline{}).mass;
      for (const char* word : {"a", "t", "at", "re", " the", "the", "s", "m"}) {
        const double p = reader.probability(word, 0.3, &third);
        expect(p >= 0 && p <= mass * (1 + 1e-9), std::string(text) + "|" + word);
      }
    }
  }
}

}  // namespace

int main() {
  a_child_knows_what_reading_on_would_tell();
  a_computed_path_is_taken_over();
  rows_are_those_of_the_first_byte();
  a_full_tree_takes_no_more();
  a_pruned_parent_has_no_children();
  words_are_found();
  a_word_has_the_probability_of_its_tokens();
  what_follows_a_word_is_told_by_its_node();
  no_word_is_likelier_than_what_was_typed();
  return failures == 0 ? 0 : 1;
}
