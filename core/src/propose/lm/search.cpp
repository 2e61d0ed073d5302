#include "propose/lm/search.h"

#include <algorithm>
#include <array>

#include "context/utf8.h"

namespace foretype::lm {
namespace {

constexpr int kWidestBranch = 12;        // tokens followed from one node
constexpr double kSmallestShare = 1e-4;  // paths below this share of the mass are not followed
constexpr std::size_t kLongestWord = 64;

// What a continuation is so far. kPart: a word that breaks off inside a character.
enum class Shape { kBlank, kWord, kPart, kOther };

bool is_blank(unsigned char byte) { return byte == ' ' || byte == '\n' || byte == '\t'; }

bool ends_in_word(std::string_view text) {
  return !text.empty() && is_word_byte(static_cast<unsigned char>(text.back()));
}

Shape shape_of(std::string_view text, bool in_word) {
  std::size_t i = 0;
  while (i < text.size() && is_blank(static_cast<unsigned char>(text[i]))) ++i;
  if (i == text.size()) return Shape::kBlank;
  const bool joined = in_word && i == 0;  // goes on with the word before the caret
  const auto first = static_cast<unsigned char>(text[i]);
  if (!is_word_byte(first) || ((first == '\'' || first == '-') && !joined)) return Shape::kOther;
  for (; i < text.size(); ++i) {
    if (!is_word_byte(static_cast<unsigned char>(text[i]))) return Shape::kOther;
  }
  if (text.size() > kLongestWord) return Shape::kOther;
  return context::unfinished_utf8(text) < text.size() ? Shape::kPart : Shape::kWord;
}

class Finder {
 public:
  Finder(const Model& model, const Tree& tree, std::string_view fragment, const EndEstimate& end,
         Ahead ahead)
      : model_(model), tree_(tree), end_(end), ahead_(ahead) {
    in_word_ = ends_in_word(fragment);
    fragment_ = fragment;
  }

  std::vector<Completion> run_after(int node, bool in_word) {
    in_word_ = in_word;
    found_.mass = tree_.node(node).probability * end_probability(tree_.node(node));
    if (found_.mass > 0) visit(node, "", "");
    merge_same_text();
    if (in_word) {
      std::erase_if(found_.completions, [](const Completion& each) {
        return !is_blank(static_cast<unsigned char>(each.text[0]));
      });
    }
    return std::move(found_.completions);
  }

  Found run() {
    found_.mass = mass_of(tree_.root(), fragment_);
    if (found_.mass > 0) {
      visit(tree_.root(), fragment_, "");
    } else {
      wish_for_beginning(tree_.root(), fragment_);
    }
    merge_same_text();
    std::sort(found_.completions.begin(), found_.completions.end(),
              [](const Completion& a, const Completion& b) {
                return a.probability != b.probability ? a.probability > b.probability
                                                      : a.text < b.text;
              });
    std::stable_sort(found_.wishes.begin(), found_.wishes.end(),
                     [](const Wish& a, const Wish& b) { return a.share > b.share; });
    return std::move(found_);
  }

 private:
  // P(path of node, then bytes that fit `rest`).
  double mass_of(int index, std::string_view rest) const {
    const Node& node = tree_.node(index);
    if (rest.empty()) return node.probability;
    double mass = 0;
    const Tokenizer::Range fit = clip(node, model_.tokenizer().with_prefix(rest));
    for (int row = fit.first; row < fit.last; ++row) mass += next(node, row);
    mass *= node.probability;
    for (std::size_t length = 1; length < rest.size(); ++length) {
      const int row = row_of_text(node, rest.substr(0, length));
      if (row < 0) continue;
      const int below = tree_.child(index, model_.token_of(row));
      if (below != kNoNode) mass += mass_of(below, rest.substr(length));
    }
    return mass;
  }

  void visit(int index, std::string_view rest, const std::string& text) {
    const Node& node = tree_.node(index);
    for (std::size_t length = 1; length < rest.size(); ++length) {
      const int row = row_of_text(node, rest.substr(0, length));
      if (row >= 0) descend(index, row, rest.substr(length));
    }
    const Shape shape = shape_of(text, in_word_);
    if (rest.empty() && (shape == Shape::kWord || shape == Shape::kPart)) {
      visit_word_bytes(index, text);
      return;
    }
    const Tokenizer::Range rows = rest.empty() ? Tokenizer::Range{0, model_.text_rows()}
                                               : model_.tokenizer().with_prefix(rest);
    follow_best(index, clip(node, rows), rest.size(), text);
  }

  // A token that is a proper prefix of what was typed: only worth a forward pass if it is likely.
  void descend(int index, int row, std::string_view rest) {
    const Token token = model_.token_of(row);
    const int below = tree_.child(index, token);
    if (below != kNoNode) {
      visit(below, rest, "");
    } else {
      wish(index, row, 0.1);
    }
  }

  // No known path fits what was typed: the longest token that begins it leads there. A token that
  // was not computed leads nowhere: nothing below it has any probability.
  void wish_for_beginning(int index, std::string_view rest) {
    const Node& node = tree_.node(index);
    for (std::size_t length = rest.size(); length > 0; --length) {
      const int row = row_of_text(node, rest.substr(0, length));
      if (row < 0 || next(node, row) <= 0) continue;
      const Token token = model_.token_of(row);
      const int below = tree_.child(index, token);
      if (below != kNoNode) return wish_for_beginning(below, rest.substr(length));
      found_.wishes.push_back({index, token, 1.0});
      return;
    }
  }

  // Inside a word only tokens that go on with it matter: what is left ends the word.
  void visit_word_bytes(int index, const std::string& text) {
    for (int byte = 0; byte < 256;) {
      int last = byte;
      while (last < 256 && is_word_byte(static_cast<unsigned char>(last))) ++last;
      if (last > byte) {
        const Tokenizer::Range rows{
            model_.rows_of_first_byte(static_cast<std::uint8_t>(byte)).first,
            model_.rows_of_first_byte(static_cast<std::uint8_t>(last - 1)).last};
        follow_best(index, clip(tree_.node(index), rows), 0, text);
      }
      byte = last + 1;
    }
  }

  // The likeliest tokens of a range of rows; the first `skip` bytes of each are already typed.
  void follow_best(int index, Tokenizer::Range rows, std::size_t skip, const std::string& text) {
    const Node& node = tree_.node(index);
    std::array<std::pair<float, int>, kWidestBranch> best;
    int count = 0;
    auto floor = static_cast<float>(kSmallestShare * found_.mass / node.probability);
    for (int row = rows.first; row < rows.last; ++row) {
      const float p = next(node, row);
      if (p <= floor) continue;
      int place = count < kWidestBranch ? count++ : kWidestBranch - 1;
      while (place > 0 && best[static_cast<std::size_t>(place - 1)].first < p) {
        best[static_cast<std::size_t>(place)] = best[static_cast<std::size_t>(place - 1)];
        --place;
      }
      best[static_cast<std::size_t>(place)] = {p, row};
      if (count == kWidestBranch) floor = best[kWidestBranch - 1].first;
    }
    for (int i = 0; i < count; ++i) {
      const int row = best[static_cast<std::size_t>(i)].second;
      std::string longer = text;
      longer += model_.tokenizer().bytes(model_.token_of(row)).substr(skip);
      follow(index, row, longer);
    }
  }

  void follow(int index, int row, const std::string& text) {
    const Node& node = tree_.node(index);
    const int below = tree_.child(index, model_.token_of(row));
    const double probability = node.probability * static_cast<double>(next(node, row));
    switch (shape_of(text, in_word_)) {
      case Shape::kOther:
        return;
      case Shape::kBlank:
        if (below != kNoNode) {
          visit(below, "", text);
        } else {
          wish(index, row, 1.0);
        }
        return;
      case Shape::kPart:
        if (below != kNoNode) visit(below, "", text);
        return;
      case Shape::kWord:
        break;
    }
    if (below != kNoNode) {
      const double end = end_probability(tree_.node(below));
      const double space = space_probability(tree_.node(below));
      found_.completions.push_back({text, probability * end / found_.mass, below,
                                    std::min(1.0, space / std::max(end, 1e-9))});
      visit(below, "", text);
    } else {
      const double end = end_(word_with_fragment(text));
      found_.completions.push_back({text, probability * end / found_.mass, kNoNode});
      wish(index, row, ahead_ == Ahead::kNextWord ? 1.0 : 1.0 - end);
    }
  }

  // The whole word a continuation makes, with what is typed of it.
  std::string word_with_fragment(const std::string& text) const {
    std::string whole(fragment_);
    whole += text;
    std::size_t begin = whole.size();
    while (begin > 0 && is_word_byte(static_cast<unsigned char>(whole[begin - 1]))) --begin;
    return whole.substr(begin);
  }

  void wish(int index, int row, double weight) {
    const Node& node = tree_.node(index);
    const double share =
        weight * node.probability * static_cast<double>(next(node, row)) / found_.mass;
    if (share > kSmallestShare) found_.wishes.push_back({index, model_.token_of(row), share});
  }

  // Two tokenisations of one word are one completion.
  void merge_same_text() {
    auto& all = found_.completions;
    std::stable_sort(all.begin(), all.end(), [](const Completion& a, const Completion& b) {
      return a.text != b.text ? a.text < b.text : a.probability > b.probability;
    });
    std::vector<Completion> merged;
    for (Completion& completion : all) {
      if (!merged.empty() && merged.back().text == completion.text) {
        merged.back().probability += completion.probability;
      } else {
        merged.push_back(std::move(completion));
      }
    }
    all = std::move(merged);
  }

  static float next(const Node& node, int row) { return node.next[static_cast<std::size_t>(row)]; }

  static Tokenizer::Range clip(const Node& node, Tokenizer::Range rows) {
    return {std::max(rows.first, node.first_row), std::min(rows.last, node.last_row)};
  }

  // The row of the token whose bytes are exactly `text`, or -1.
  int row_of_text(const Node& node, std::string_view text) const {
    const Tokenizer::Range rows = clip(node, model_.tokenizer().with_prefix(text));
    if (rows.first >= rows.last) return -1;
    const bool exact = model_.tokenizer().bytes(model_.token_of(rows.first)).size() == text.size();
    return exact ? rows.first : -1;
  }

  const Model& model_;
  const Tree& tree_;
  const EndEstimate& end_;
  Ahead ahead_;
  std::string_view fragment_;
  bool in_word_ = false;
  Found found_;
};

}  // namespace

Found find(const Model& model, const Tree& tree, std::string_view fragment,
           const EndEstimate& end_estimate, Ahead ahead) {
  return Finder(model, tree, fragment, end_estimate, ahead).run();
}

std::vector<Completion> find_after(const Model& model, const Tree& tree, int node, bool in_word,
                                   const EndEstimate& end_estimate) {
  return Finder(model, tree, {}, end_estimate, Ahead::kThisWord).run_after(node, in_word);
}

Reach reach(const Model& model, const Tree& tree, std::string_view fragment,
            std::string_view text) {
  std::vector<Token> tokens;
  model.tokenizer().encode(std::string(fragment) + std::string(text), &tokens);
  Reach reached{tree.root(), false, 0};
  for (const Token token : tokens) {
    const Node& node = tree.node(reached.node);
    const int row = model.row_of(token);
    if (row < node.first_row || row >= node.last_row) return {};
    const int below = tree.child(reached.node, token);
    reached.missing = token;
    if (below == kNoNode) return reached;
    reached.node = below;
  }
  reached.whole = true;
  return reached;
}

double probability_of(const Model& model, const Tree& tree, std::string_view fragment,
                      std::string_view text, double beyond, const EndEstimate& end_estimate) {
  std::string whole(fragment);
  whole += text;
  std::vector<Token> tokens;
  model.tokenizer().encode(whole, &tokens);
  int index = tree.root();
  double probability = 1;
  std::size_t end = 0;  // of the token in `whole`
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Node& node = tree.node(index);
    const int row = model.row_of(tokens[i]);
    if (row < node.first_row || row >= node.last_row) return 0;
    probability *= static_cast<double>(node.next[static_cast<std::size_t>(row)]);
    end += model.tokenizer().bytes(tokens[i]).size();
    const int below = tree.child(index, tokens[i]);
    if (below == kNoNode) {
      if (end < fragment.size()) return 0;  // the mass of the fragment knows nothing of this path
      for (std::size_t rest = i + 1; rest < tokens.size(); ++rest) probability *= beyond;
      std::size_t begin = whole.size();
      while (begin > 0 && is_word_byte(static_cast<unsigned char>(whole[begin - 1]))) --begin;
      return probability * end_estimate(std::string_view(whole).substr(begin));
    }
    index = below;
  }
  return probability * end_probability(tree.node(index));
}

double end_probability(const Node& node) {
  double word = 0;
  for (int byte = 0; byte < 256; ++byte) {
    if (!is_word_byte(static_cast<unsigned char>(byte))) continue;
    const auto i = static_cast<std::size_t>(byte);
    word += static_cast<double>(node.mass_below[i + 1] - node.mass_below[i]);
  }
  return std::max(0.0, 1.0 - word);
}

double space_probability(const Node& node) {
  constexpr auto kSpace = static_cast<std::size_t>(' ');
  return static_cast<double>(node.mass_below[kSpace + 1] - node.mass_below[kSpace]);
}

bool is_word_byte(unsigned char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte >= 0x80 || byte == '\'' || byte == '-' || byte == '_';
}

}  // namespace foretype::lm
