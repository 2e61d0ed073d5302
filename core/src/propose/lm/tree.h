// What may come next: token paths that start where the stream ends, each with
// the distribution of its next token. Kept while the user is inside a word, so
// that most keystrokes only filter what is already known.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "propose/lm/cache.h"
#include "propose/lm/forward.h"
#include "propose/lm/shortlist.h"
#include "propose/lm/stream.h"
#include "propose/lm/watch.h"

namespace foretype::lm {

inline constexpr int kMaxNodes = 32;
inline constexpr int kNoNode = -1;
inline constexpr int kHeadBatch = 8;  // nodes whose logits are in memory at once

struct Node {
  bool alive = false;
  int parent = kNoNode;
  Token token = 0;
  double probability = 1;  // of the path from the root
  std::vector<int> path;   // cache slots from below the root to here
  /// P(next token) of the rows [first_row, last_row), in the order of the tokens' bytes; 0 where
  /// it was not computed (shortlist.h). For the root, whose rows may be restricted, up to a
  /// constant factor.
  std::span<float> next;
  int first_row = 0;
  int last_row = 0;
  std::array<float, 257> mass_below;  // [byte]: sum of `next` of tokens whose first byte is less
  float largest_logit = 0;            // of those in `next`: e^(logit - this) * scale
  float scale = 0;
  std::vector<float> hidden;  // [width], after the path's last token
  FfnToken ffn;               // of that token, for when it is written
};

class Tree {
 public:
  /// Uses slots [first_slot, first_slot + kMaxNodes) of the cache.
  Tree(const Model& model, int first_slot);

  bool has_root() const { return root_ != kNoNode; }
  int root() const { return root_; }
  const Node& node(int index) const { return nodes_[static_cast<std::size_t>(index)]; }
  /// The node reached from `parent` by `token`, or kNoNode.
  int child(int parent, Token token) const;

  void clear();
  /// No byte of any state stays.
  void wipe();
  /// A new root from the hidden state [width] after the stream's last token.
  void plant(const float* hidden);
  /// The stream takes one more token. True if it was a child of the root, which then is the new
  /// root, its keys copied to the slot `slot` of the stream; else the tree is cleared.
  bool advance(Token token, int slot, KeyValueCache* cache);
  /// The user wrote this token: from now on it may come next, however rare.
  void use(Token token) { shortlist_.use(token); }

  /// Makes sure that the root's rows that begin with `fragment`'s first byte (all rows where
  /// it is empty) are there: those of the shortlist, and once a letter is typed all that begin so.
  void cover(std::string_view fragment, Forward* forward);
  /// Computes children, at most kMaxBatch, in one batch; returns how many found a place. `watched`
  /// may be null.
  int expand(std::span<const std::pair<int, Token>> wanted, const Stream& stream,
             KeyValueCache* cache, Forward* forward, FfnBatch* watched = nullptr);
  int free_nodes() const;
  /// Drops every node but the root.
  void prune();
  /// Drops the nodes whose path does not agree with the fragment; all but the root where that
  /// leaves none free.
  void prune(std::string_view fragment);

 private:
  Node& at(int index) { return nodes_[static_cast<std::size_t>(index)]; }
  int allocate();
  std::string text_of(int index) const;
  void compute_next(std::span<const int> nodes, Tokenizer::Range rows,
                    std::span<const HeadRows::Range> places, Forward* forward);
  void add_rare(std::string_view fragment, Forward* forward);
  void normalise(Node* node, std::span<const HeadRows::Range> places, float* logits);
  void release_others(int new_root);

  const Model* model_;
  int first_slot_;
  int stride_;  // floats of a node's `next`
  int root_ = kNoNode;
  std::string rare_;  // the root's rows that begin so are all there
  Shortlist shortlist_;
  std::vector<float> hidden_;  // [kMaxBatch][width]
  std::vector<float> logits_;  // [kHeadBatch][stride], in the order of the head
  std::vector<float> next_;    // [kMaxNodes][stride]
  std::vector<Node> nodes_;
};

}  // namespace foretype::lm
