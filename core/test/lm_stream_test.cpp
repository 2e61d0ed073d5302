// The text as the model has read it: whatever was typed and erased on the way,
// the model stands where it would stand if it had read the text at once, and
// only what changed was computed.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <deque>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "propose/lm/language_model.h"
#include "propose/lm/stream.h"
#include "random_model.h"

namespace {

using foretype::Deadline;
using namespace foretype::lm;
using foretype::lm::testing::random_model_bytes;
using foretype::lm::testing::RandomModel;

int failures = 0;

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::printf("FAIL %.*s\n", static_cast<int>(what.size()), what.data());
  ++failures;
}

double half(std::string_view /*word*/) { return 0.5; }

/// P(next token | fragment's first byte) at the root, by rows, after everything is computed.
std::vector<double> next_tokens(const Model& model, LanguageModel* reader) {
  reader->catch_up(Deadline{});
  reader->propose(&half, Deadline{});
  const Node& root = reader->tree().node(reader->tree().root());
  const std::string_view fragment = reader->fragment();
  Tokenizer::Range rows{0, model.text_rows()};
  if (!fragment.empty()) {
    rows = model.rows_of_first_byte(static_cast<std::uint8_t>(fragment.front()));
  }
  expect(root.first_row <= rows.first && rows.last <= root.last_row, "the fragment is covered");
  std::vector<double> shares(root.next.begin() + rows.first, root.next.begin() + rows.last);
  double sum = 0;
  for (const double share : shares) sum += share;
  for (double& share : shares) share /= sum;
  return shares;
}

double furthest(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return 1;
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

/// Of the child tokens that both trees know: how far their shares of the root's mass differ.
double furthest_child(const Tree& a, const Tree& b, const Model& model) {
  double most = 0;
  for (Token token = 0; token < model.config().vocabulary; ++token) {
    const int one = a.child(a.root(), token);
    const int other = b.child(b.root(), token);
    if (one == kNoNode || other == kNoNode) continue;
    most = std::max(most, static_cast<double>(std::abs(a.node(one).mass_below[128] -
                                                       b.node(other).mass_below[128])));
    const auto row = static_cast<std::size_t>(model.row_of(token));
    const double share = static_cast<double>(a.node(a.root()).next[row]);
    most = std::max(most, std::abs(a.node(one).probability - share));
  }
  return most;
}

struct Typist {
  std::mt19937 random;
  std::size_t longest;
  std::string text;

  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random() % limit; }

  std::string words() {
    static const char* const kPieces[] = {"the", " ",  "meeting", "in",      "t",        "'s",
                                          "\n",  ". ", "7",       "\x01",    "\xC3\xA9", "at",
                                          "h",   " m", "  ",      "\xF0\x9F"};
    std::string out;
    for (std::size_t i = 1 + below(3); i > 0; --i) out += kPieces[below(std::size(kPieces))];
    return out;
  }

  void edit() {
    const std::size_t at = below(text.size() + 1);
    switch (below(8)) {
      case 0:
        text.insert(at, words());
        return;
      case 1:
        text.erase(at, 1 + below(8));
        return;
      case 2:
        text = words() + words();
        return;
      case 3:
      case 4:
        text.resize(text.size() - below(std::min<std::size_t>(text.size(), 4) + 1));
        return;
      default:
        text += words();
    }
    if (text.size() > longest) text.resize(below(longest));
  }
};

void any_edits_come_to_the_same(const Model& model, const Effort& effort, std::size_t longest,
                                const std::string& begun) {
  const std::deque<std::string> memory = {"on the other hand", "in a meeting"};
  double worst = 0, worst_child = 0;
  for (std::uint32_t seed = 0; seed < 150; ++seed) {
    LanguageModel lived(model, effort);
    lived.restart(memory);
    Typist typist{std::mt19937(seed), longest, begun};
    for (int step = 0; step < 24; ++step) {
      typist.edit();
      lived.read(typist.text);
      if (typist.below(3) > 0 && lived.catch_up(Deadline{})) lived.propose(&half, Deadline{});
      for (std::size_t i = typist.below(4); i > 0; --i) lived.think(&half);
      if (typist.below(4) > 0) continue;
      lived.read(typist.text);
      const std::vector<double> found = next_tokens(model, &lived);
      LanguageModel fresh(model, effort);
      fresh.restart(memory);
      fresh.read(typist.text);
      worst = std::max(worst, furthest(found, next_tokens(model, &fresh)));
      worst_child = std::max(worst_child, furthest_child(lived.tree(), fresh.tree(), model));
      expect(lived.fragment() == fresh.fragment(), "the fragment is the same");
      expect(lived.cached_tokens() == fresh.cached_tokens(), "as many tokens stand before it");
    }
  }
  expect(worst < 1e-3, "the next token is as likely as if all had been read at once");
  expect(worst_child < 1e-3, "so is the one after it");
  if (worst >= 1e-3 || worst_child >= 1e-3) std::printf("  %g %g\n", worst, worst_child);
}

// One layer sees 64 tokens: of its keys a ring of 192 is kept, and a text may be longer.
void edits_of_any_text_come_to_the_same() {
  const RandomModel plain(1), windows(1, "", {}, "64,0");
  any_edits_come_to_the_same(*plain.model, {.window = 320, .slide = 64, .memory_tokens = 100}, 150,
                             "");
  std::string begun;
  for (int i = 0; i < 40; ++i) begun += "7 'n me\n";
  any_edits_come_to_the_same(*windows.model, {.window = 640, .slide = 64, .memory_tokens = 100},
                             begun.size() + 60, begun);
}

int computed_by(LanguageModel* reader, std::string_view text) {
  const int before = reader->computed_tokens();
  reader->read(text);
  reader->catch_up(Deadline{});
  return reader->computed_tokens() - before;
}

void only_what_changed_is_computed() {
  const RandomModel random_model(2);
  LanguageModel reader(*random_model.model, Effort{.window = 640, .slide = 64});
  std::string text;
  for (int i = 0; i < 20; ++i) text += "the meeting at seven ";
  const int all = computed_by(&reader, text);
  expect(all > 100, "a text is as many tokens as it is");
  expect(computed_by(&reader, text) == 0, "the same text again");
  expect(computed_by(&reader, text + "th") <= 1, "inside a word nothing is read");
  expect(computed_by(&reader, text + "the end") <= 3, "a finished word is read");
  expect(computed_by(&reader, text) <= 2, "erasing a word reads at most its neighbour");
  std::string edited = text;
  edited.insert(text.size() / 2, "x");
  expect(std::abs(computed_by(&reader, edited) - all / 2) < 10, "an edit reads what follows it");
  expect(computed_by(&reader, "\n" + edited) >= all, "an edit at the start reads everything");
}

// A ring keeps what is seen after a small cut; after a large one the text is computed again.
void what_was_cut_far_back_is_computed_anew() {
  const RandomModel random_model(2, "", {}, "0,64");
  const RandomModel whole(2);
  const Effort effort{.window = 640, .slide = 64};
  const KeyValueCache ring(*random_model.model, 640, 32), all(*whole.model, 640, 32);
  expect(2 * ring.bytes() == all.bytes() / 672 * (672 + 193 + 32), "half the layers keep a ring");
  LanguageModel reader(*random_model.model, effort);
  std::string text;
  while (text.size() < 400) text += "7\n";  // each byte a token
  const auto stands_as_new = [&](std::string_view what) {
    LanguageModel fresh(*random_model.model, effort);
    fresh.read(text);
    expect(furthest(next_tokens(*random_model.model, &reader),
                    next_tokens(*random_model.model, &fresh)) < 1e-3,
           what);
  };
  expect(computed_by(&reader, text) > 390, "all of it");
  text.resize(text.size() - 90);
  expect(computed_by(&reader, text) <= 2, "a small cut");
  stands_as_new("after a small cut");
  text.resize(text.size() - 8);
  expect(computed_by(&reader, text) > 290, "together they are a large one");
  stands_as_new("after a large cut");
  text.resize(60);
  expect(computed_by(&reader, text) > 50, "a larger one");
  stands_as_new("after a larger cut");
}

// Such bytes are in no token: they count as read, once.
void bytes_without_a_token_are_passed_over() {
  const RandomModel random_model(3);
  LanguageModel reader(*random_model.model, Effort{.window = 320, .slide = 64});
  std::string text = "one \x01\x02 two\x01 three ";
  computed_by(&reader, text);
  for (const char* word : {"f", "fo", "fou", "four", "four ", "four f"}) {
    expect(computed_by(&reader, text + word) <= 5, "nothing is read twice");
  }
  const std::vector<double> found = next_tokens(*random_model.model, &reader);
  LanguageModel fresh(*random_model.model, Effort{.window = 320, .slide = 64});
  fresh.read(text + "four f");
  expect(furthest(found, next_tokens(*random_model.model, &fresh)) < 1e-3, "it stands the same");
  expect(reader.cached_tokens() == fresh.cached_tokens(), "as many tokens");
}

std::vector<float> hidden_after(const Model& model, Stream* stream, KeyValueCache* cache) {
  Forward forward(model, stream->size());
  std::vector<float> hidden(static_cast<std::size_t>(kMaxBatch * model.config().width));
  std::size_t count = 0;
  while (!stream->complete()) {
    const std::vector<Step> steps = stream->next_steps(kMaxBatch);
    forward.run(steps, cache, hidden.data());
    count = steps.size();
    stream->mark_computed(static_cast<int>(count));
  }
  const auto last = hidden.begin() + static_cast<std::ptrdiff_t>(count - 1) * model.config().width;
  return {last, last + model.config().width};
}

// No token begins as this word does, and nothing of it has been looked at before.
void a_word_of_many_tokens_is_found() {
  const RandomModel random_model(10);
  LanguageModel reader(*random_model.model, Effort{.window = 320, .slide = 64});
  computed_by(&reader, "in the zqx");
  for (int key = 0; key < 6; ++key) reader.propose(&half, Deadline{});
  expect(!reader.propose(&half, Deadline{}).completions.empty(), "after a few keys");
}

// With one layer, keys depend on nothing but token and position: a window that slid stands as a
// stream that began with what is left, if the sink was turned along.
void check_sliding(const std::string& attention_windows, int window, int slide, int pushed,
                   double most) {
  const std::vector<std::uint8_t> bytes = random_model_bytes(4, 1, {}, attention_windows);
  const auto model = Model::open(bytes, *foretype::kernels::select("")).value();
  KeyValueCache cache(*model, window, 0);
  Stream stream(*model, window, slide);
  std::vector<float> hidden;
  for (int i = 0; i < pushed; ++i) {
    stream.make_room(&cache);
    expect(stream.size() < window, "there is room");
    stream.push(static_cast<Token>(1 + i * 7 % 250));
    if (i % 3 == 0 || i == pushed - 1) hidden = hidden_after(*model, &stream, &cache);
  }
  expect(stream.length() == pushed + 1 && stream.tokens().front() == 0, "the begin token stays");
  KeyValueCache fresh_cache(*model, window, 0);
  Stream fresh(*model, window, slide);
  for (const Token token : stream.tokens().subspan(1)) fresh.push(token);
  const std::vector<float> expected = hidden_after(*model, &fresh, &fresh_cache);
  double error = 0, size = 0;
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    error += std::pow(static_cast<double>(hidden[i] - expected[i]), 2);
    size += std::pow(static_cast<double>(expected[i]), 2);
  }
  // Turned keys are rounded to binary16 once for every slide.
  expect(std::sqrt(error / size) < most, "positions are relative");
}

void the_window_slides() {
  check_sliding("", 40, 12, 150, 0.02);
  check_sliding("64", 400, 48, 1200, 0.03);  // in a ring of 192, where keys stay in their places
}

void a_stream_is_cut() {
  const RandomModel random_model(5);
  KeyValueCache cache(*random_model.model, 16, 0);
  Stream stream(*random_model.model, 16, 4);
  for (Token token = 1; token <= 20; ++token) {
    stream.make_room(&cache);
    stream.push(token);
  }
  expect(stream.length() == 21 && stream.size() == 13, "eight were dropped");
  expect(stream.truncate(25, cache) && stream.length() == 21, "nothing to cut");
  expect(stream.truncate(12, cache) && stream.back() == 11, "the last that stays");
  expect(stream.truncate(10, cache) && stream.back() == 9 && stream.size() == 2, "one is left");
  expect(!stream.truncate(9, cache) && stream.length() == 10,
         "what was dropped does not come back");
  stream.reset();
  expect(stream.size() == 1 && stream.length() == 1 && stream.computed() == 0, "reset");
}

void a_text_longer_than_the_window_is_read() {
  const RandomModel random_model(6);
  const Model& model = *random_model.model;
  LanguageModel reader(model, Effort{.window = 64, .slide = 16, .memory_tokens = 32});
  reader.restart({"in the end", "at the meeting"});
  std::string text;
  int answers = 0;
  for (int i = 0; i < 120; ++i) {
    text += i % 7 == 6 ? " " : "e";
    computed_by(&reader, text);
    const Found found = reader.propose(&half, Deadline{});
    if (found.mass > 0 && std::isfinite(found.mass)) ++answers;
  }
  expect(answers > 110, "there is an answer");  // but for when the tree was full
  text.resize(3);
  computed_by(&reader, text);
  LanguageModel fresh(model, Effort{.window = 64, .slide = 16, .memory_tokens = 32});
  fresh.restart({"in the end", "at the meeting"});
  fresh.read(text);
  expect(furthest(next_tokens(model, &reader), next_tokens(model, &fresh)) < 1e-3,
         "cut back to before the window it begins again after the memory");
  expect(reader.cached_tokens() == fresh.cached_tokens(), "all of it");
}

// A message that was typed and sent stands as memory does in a session that begins after it.
void a_sent_message_is_memory() {
  const RandomModel random_model(7);
  const Model& model = *random_model.model;
  const Effort effort{.window = 320, .slide = 64, .memory_tokens = 200};
  LanguageModel lived(model, effort);
  const std::deque<std::string> messages = {"on the way", "\nHere: at nine.", "in time"};
  for (const std::string& message : messages) {
    for (std::size_t i = 1; i <= message.size(); i += 3) computed_by(&lived, message.substr(0, i));
    lived.finish(message);
  }
  lived.read("the m");
  LanguageModel fresh(model, effort);
  fresh.restart(messages);
  fresh.read("the m");
  expect(furthest(next_tokens(model, &lived), next_tokens(model, &fresh)) < 1e-3,
         "the next token is the same");
  expect(lived.cached_tokens() == fresh.cached_tokens(), "so is the number of tokens");
}

void wiped_is_as_new() {
  const RandomModel random_model(8);
  const Model& model = *random_model.model;
  LanguageModel reader(model, Effort{});
  computed_by(&reader, "the secret ");
  reader.wipe();
  expect(reader.cached_tokens() == 0 && reader.fragment().empty(), "nothing is left");
  reader.read("a m");
  LanguageModel fresh(model, Effort{});
  fresh.read("a m");
  expect(next_tokens(model, &reader) == next_tokens(model, &fresh), "bit for bit");

  KeyValueCache cache(model, 4, 0);
  *cache.key(1, 2) = 7;
  cache.wipe();
  expect(*cache.key(1, 2) == 0, "the cache is zero");
}

std::int64_t now = 0;
std::int64_t counting_clock() { return now += 500; }  // every look at it takes half a millisecond

void a_deadline_is_kept_and_work_taken_up() {
  const RandomModel random_model(9);
  LanguageModel reader(*random_model.model, Effort{});
  reader.read("the meeting at nine in the morning is in the other room ");
  const auto catch_up = [&](std::int64_t budget) {
    return reader.catch_up(Deadline{&counting_clock, now + budget});
  };
  expect(!catch_up(0) && reader.computed_tokens() == 0, "no time, nothing done");
  int calls = 1;
  while (!catch_up(1000) && calls < 100) ++calls;
  expect(calls > 1 && calls < 60, "a little time at each key is enough in the end");
  expect(reader.computed_tokens() == reader.cached_tokens(), "and nothing is done twice");
}

}  // namespace

int main() {
  edits_of_any_text_come_to_the_same();
  what_was_cut_far_back_is_computed_anew();
  only_what_changed_is_computed();
  bytes_without_a_token_are_passed_over();
  a_word_of_many_tokens_is_found();
  the_window_slides();
  a_stream_is_cut();
  a_text_longer_than_the_window_is_read();
  a_sent_message_is_memory();
  wiped_is_as_new();
  a_deadline_is_kept_and_work_taken_up();
  return failures == 0 ? 0 : 1;
}
