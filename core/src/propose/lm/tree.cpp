#include "propose/lm/tree.h"

#include <algorithm>
#include <array>
#include <limits>

namespace foretype::lm {

Tree::Tree(const Model& model, int first_slot)
    : model_(&model),
      first_slot_(first_slot),
      stride_((model.text_rows() + kernels::kRowBlock - 1) / kernels::kRowBlock *
              kernels::kRowBlock),
      shortlist_(model),
      hidden_(static_cast<std::size_t>(kMaxBatch) * static_cast<std::size_t>(model.config().width)),
      logits_(static_cast<std::size_t>(kHeadBatch) * static_cast<std::size_t>(stride_)),
      next_(static_cast<std::size_t>(kMaxNodes) * static_cast<std::size_t>(stride_)),
      nodes_(kMaxNodes) {
  for (int i = 0; i < kMaxNodes; ++i) {
    at(i).next = std::span<float>(next_).subspan(
        static_cast<std::size_t>(i) * static_cast<std::size_t>(stride_),
        static_cast<std::size_t>(stride_));
    at(i).hidden.resize(static_cast<std::size_t>(model.config().width));
  }
}

int Tree::child(int parent, Token token) const {
  for (int i = 0; i < kMaxNodes; ++i) {
    const Node& candidate = node(i);
    if (candidate.alive && candidate.parent == parent && candidate.token == token) return i;
  }
  return kNoNode;
}

void Tree::clear() {
  for (Node& node : nodes_) node.alive = false;
  root_ = kNoNode;
  rare_.clear();
}

void Tree::wipe() {
  clear();
  shortlist_.clear();
  std::fill(hidden_.begin(), hidden_.end(), 0.0F);
  std::fill(logits_.begin(), logits_.end(), 0.0F);
  std::fill(next_.begin(), next_.end(), 0.0F);
  for (Node& node : nodes_) {
    std::fill(node.hidden.begin(), node.hidden.end(), 0.0F);
    node.ffn.wipe();
  }
}

void Tree::plant(const float* hidden) {
  clear();
  root_ = allocate();
  Node& root = at(root_);
  root.parent = kNoNode;
  root.probability = 1;
  root.path.clear();
  root.first_row = root.last_row = 0;
  std::copy_n(hidden, root.hidden.size(), root.hidden.begin());
}

bool Tree::advance(Token token, int slot, KeyValueCache* cache) {
  const int next = has_root() ? child(root_, token) : kNoNode;
  if (next == kNoNode) {
    clear();
    return false;
  }
  cache->copy(first_slot_ + next, slot);
  release_others(next);
  return true;
}

// Keeps the new root and what hangs below it.
void Tree::release_others(int new_root) {
  const double scale = node(new_root).probability;
  for (int i = 0; i < kMaxNodes; ++i) {
    Node& candidate = at(i);
    if (!candidate.alive || i == new_root) continue;
    const bool below = !candidate.path.empty() && candidate.path.front() == first_slot_ + new_root;
    if (!below) {
      candidate.alive = false;
      continue;
    }
    candidate.path.erase(candidate.path.begin());
    candidate.probability = scale > 0 ? candidate.probability / scale : 0;
  }
  Node& root = at(new_root);
  root.parent = kNoNode;
  root.probability = 1;
  root.path.clear();
  root_ = new_root;
  rare_.clear();
}

void Tree::cover(std::string_view fragment, Forward* forward) {
  Node& root = at(root_);
  Tokenizer::Range rows{0, model_->text_rows()};
  if (!fragment.empty()) {
    rows = model_->rows_of_first_byte(static_cast<std::uint8_t>(fragment.front()));
  }
  if (root.first_row > rows.first || rows.last > root.last_row) {
    prune();  // what hangs below was measured against the rows that were covered before
    rare_.clear();
    const std::array nodes{root_};
    std::copy(root.hidden.begin(), root.hidden.end(), hidden_.begin());
    compute_next(nodes, rows, shortlist_.places_of(rows), forward);
  }
  if (model_->head_rows().parted()) add_rare(fragment, forward);
}

// The root's rows that go on with the first letter typed, with the space before it if there is one.
void Tree::add_rare(std::string_view fragment, Forward* forward) {
  const std::size_t length = fragment.starts_with(' ') ? 2 : 1;
  if (fragment.size() < length || rare_ == fragment.substr(0, length)) return;
  rare_ = fragment.substr(0, length);
  Node& root = at(root_);
  const auto [common, others] = model_->head_rows().places(model_->tokenizer().with_prefix(rare_));
  const std::array places{others};
  forward->logits(root.hidden.data(), 1, places, logits_.data(), stride_);
  model_->kernels().exp_sum(logits_.data() + others.first, others.last - others.first,
                            root.largest_logit);
  float added = 0;
  for (int place = others.first; place < others.last; ++place) {
    float& p = root.next[static_cast<std::size_t>(model_->head_rows().row_at(place))];
    if (p > 0) continue;  // the user has written it before
    p = logits_[static_cast<std::size_t>(place)] * root.scale;
    added += p;
  }
  const auto first_byte = static_cast<unsigned char>(rare_.front());
  for (std::size_t byte = first_byte + std::size_t{1}; byte <= 256; ++byte) {
    root.mass_below[byte] += added;
  }
}

// What may come after these nodes, whose hidden states are in `hidden_`.
void Tree::compute_next(std::span<const int> nodes, Tokenizer::Range rows,
                        std::span<const HeadRows::Range> places, Forward* forward) {
  for (std::size_t first = 0; first < nodes.size(); first += kHeadBatch) {
    const std::size_t count = std::min(nodes.size() - first, std::size_t{kHeadBatch});
    forward->logits(hidden_.data() + first * at(root_).hidden.size(), static_cast<int>(count),
                    places, logits_.data(), stride_);
    float* logits = logits_.data();
    for (const int index : nodes.subspan(first, count)) {
      Node& node = at(index);
      node.first_row = rows.first;
      node.last_row = rows.last;
      normalise(&node, places, logits);
      logits += stride_;
    }
  }
}

int Tree::expand(std::span<const std::pair<int, Token>> wanted, const Stream& stream,
                 KeyValueCache* cache, Forward* forward, FfnBatch* watched) {
  std::vector<int> made;
  std::vector<Step> steps;
  for (const auto& [parent, token] : wanted) {
    // A parent that was pruned may have given its place to a child made just now.
    const bool replaced = std::find(made.begin(), made.end(), parent) != made.end();
    if (!node(parent).alive || replaced || child(parent, token) != kNoNode) continue;
    const int index = steps.size() < kMaxBatch ? allocate() : kNoNode;
    if (index == kNoNode) break;
    Node& fresh = at(index);
    const Node& above = node(parent);
    fresh.parent = parent;
    fresh.token = token;
    fresh.path = above.path;
    fresh.path.push_back(first_slot_ + index);
    const int row = model_->row_of(token);
    fresh.probability =
        above.probability * static_cast<double>(above.next[static_cast<std::size_t>(row)]);
    made.push_back(index);
    steps.push_back({token, stream.position_after() + static_cast<std::int64_t>(above.path.size()),
                     first_slot_ + index, stream.size(), fresh.path});
  }
  if (steps.empty()) return 0;
  forward->run(steps, cache, hidden_.data(), watched);
  const auto width = static_cast<std::size_t>(model_->config().width);
  for (std::size_t i = 0; i < made.size(); ++i) {
    Node& fresh = at(made[i]);
    std::copy_n(hidden_.data() + i * width, width, fresh.hidden.begin());
    fresh.ffn.take(watched, i, made.size());
  }
  compute_next(made, {0, model_->text_rows()}, shortlist_.places(), forward);
  return static_cast<int>(made.size());
}

int Tree::free_nodes() const {
  return static_cast<int>(
      std::count_if(nodes_.begin(), nodes_.end(), [](const Node& node) { return !node.alive; }));
}

void Tree::prune() {
  for (int i = 0; i < kMaxNodes; ++i) at(i).alive = i == root_;
}

void Tree::prune(std::string_view fragment) {
  std::array<bool, kMaxNodes> agrees{};
  for (int i = 0; i < kMaxNodes; ++i) {
    if (!node(i).alive) continue;
    const std::string text = text_of(i);
    const std::size_t shorter = std::min(text.size(), fragment.size());
    agrees[static_cast<std::size_t>(i)] = text.compare(0, shorter, fragment, 0, shorter) == 0;
  }
  for (int i = 0; i < kMaxNodes; ++i) at(i).alive = agrees[static_cast<std::size_t>(i)];
  if (free_nodes() < kMaxNodes / 4) prune();
}

std::string Tree::text_of(int index) const {
  std::string text;
  for (; index != root_; index = node(index).parent) {
    text.insert(0, model_->tokenizer().bytes(node(index).token));
  }
  return text;
}

int Tree::allocate() {
  for (int i = 0; i < kMaxNodes; ++i) {
    if (at(i).alive) continue;
    at(i).alive = true;
    return i;
  }
  return kNoNode;
}

// Logits in the order of the head -> probabilities in the order of bytes, and their sums by first
// byte. Overwrites the logits.
void Tree::normalise(Node* node, std::span<const HeadRows::Range> places, float* logits) {
  const kernels::Table& kernels = model_->kernels();
  float max = -std::numeric_limits<float>::infinity();
  for (const auto& [first, last] : places) {
    max = std::max(max, kernels.max(logits + first, last - first));
  }
  std::fill(node->next.begin() + node->first_row, node->next.begin() + node->last_row, 0.0F);
  float sum = 0;
  for (const auto& [first, last] : places) {
    sum += kernels.exp_sum(logits + first, last - first, max);
    for (int place = first; place < last; ++place) {
      node->next[static_cast<std::size_t>(model_->head_rows().row_at(place))] = logits[place];
    }
  }
  const float scale = sum > 0 ? 1.0F / sum : 0.0F;
  node->largest_logit = max;
  node->scale = scale;
  float below = 0;
  for (int byte = 0; byte < 256; ++byte) {
    node->mass_below[static_cast<std::size_t>(byte)] = below;
    const Tokenizer::Range rows = model_->rows_of_first_byte(static_cast<std::uint8_t>(byte));
    const int from = std::max(rows.first, node->first_row);
    const int to = std::min(rows.last, node->last_row);
    float mass = 0;
    for (int row = from; row < to; ++row) {
      float& p = node->next[static_cast<std::size_t>(row)];
      p *= scale;
      mass += p;
    }
    below += mass;
  }
  node->mass_below[256] = below;
}

}  // namespace foretype::lm
