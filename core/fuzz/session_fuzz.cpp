// A whole session under random hands: each input is a list of operations, and
// after each of them what must hold is checked; a failure traps.
//
// The first byte chooses the proposers and the dial. Each operation after it is
// a byte, the choice, and what it needs: a byte for a length or a place, and
// that many bytes of text.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "../test/random_model.h"
#include "foretype/session.h"

namespace {

using foretype::Candidate;
using foretype::Engine;
using foretype::Options;
using foretype::Profile;
using foretype::Session;
using foretype::Suggestion;
using foretype::statistics::Event;
using foretype::statistics::HitTable;

constexpr std::size_t kLongestText = 3000;  // bytes; longer ones begin anew
constexpr int kMostOperations = 300;
constexpr const char* kContexts[] = {"work", "home"};

void require(bool holds) {
  if (!holds) __builtin_trap();
}

std::int64_t now = 0;
std::int64_t told_clock() { return now += 100; }

class Input {
 public:
  explicit Input(std::string_view bytes) : bytes_(bytes) {}

  bool empty() const { return bytes_.empty(); }

  std::size_t number() {
    if (bytes_.empty()) return 0;
    const auto byte = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte;
  }

  std::string text() {
    const std::size_t wanted = number() % 24;
    const std::size_t length = std::min(wanted, bytes_.size());
    const std::string taken(bytes_.substr(0, length));
    bytes_.remove_prefix(length);
    return taken;
  }

 private:
  std::string_view bytes_;
};

class Hands {
 public:
  Hands(const std::shared_ptr<Engine>& engine, const Options& options)
      : engine_(engine),
        profile_(std::make_shared<Profile>(nullptr)),
        options_(options),
        session_(engine, profile_, options) {}

  void operate(Input* input) {
    switch (input->number() % 24) {
      case 0:
      case 1:
        return set(session_.before() + input->text());
      case 2:
        return set(session_.before().substr(
            0, session_.before().size() - std::min(session_.before().size(), input->number() % 9)));
      case 3: {
        std::string text = session_.before();
        return set(text.insert(input->number() * text.size() / 256, input->text()));
      }
      case 4:
        return set(input->text());
      case 5:
        return session_.set_text(session_.before(), input->text());
      case 6:
        session_.think();
        return;
      case 7:
        return session_.dismiss();
      case 8:
        return session_.finish();
      case 9:
        return profile_->learn(input->text() + " " + input->text());
      case 10:
        profile_->pause(input->number() % 2 == 0);
        return;
      case 11:
        return input->number() % 4 == 0 ? forget_all() : another();
      case 12:
        return repeat(input->text(), input->number());
      case 13:
        return accept(static_cast<int>(input->number() % 4) - 1);
      case 14:
      case 15:
        return suggest(static_cast<std::int64_t>(input->number()) * 40 - 1);
      case 16:
        return input->number() % 4 == 0 ? session_.hush() : session_.paste(input->text());
      case 17:
        return set_untyped(input->number(), input->number());
      case 18:
        return forget(input->text());
      case 19:
        unwanted_ = true;
        profile_->block(input->text());
        return;
      case 20:
        return profile_->set_private(kContexts[input->number() % 2], input->number() % 2 == 0);
      case 21:
        return move(input->number());
      case 22:
        return replay();
      default:
        return profile_->learn(input->text(), kContexts[input->number() % 2]);
    }
  }

  // What was taken or written by hand was shown; what was kept was taken.
  void check_counts() const {
    const HitTable& hits = profile_->statistics().hits;
    for (std::size_t cell = 0; cell < HitTable::kCells; ++cell) {
      const std::uint32_t accepted = hits.at(Event::kAccepted, cell);
      require(accepted + hits.at(Event::kTypedThrough, cell) <= hits.at(Event::kShown, cell));
      require(hits.at(Event::kRetained, cell) <= accepted);
    }
    for (const foretype::outcome::Judged& each : session_.judged()) {
      require(each.rank >= 1 && each.typed >= 0 && std::isfinite(each.probability));
    }
  }

  // Everything typed is taken back: nothing of it is known any more.
  void take_back() {
    profile_->pause(false);
    session_.finish();
    session_.set_text("", "", Session::Ranges());
    const std::size_t before = profile_->trie().ngrams();
    session_.set_text("one two three ", "");
    session_.set_text("", "");
    require(profile_->trie().ngrams() == before);
    profile_->forget_all();
    suggest(-1);
    require(profile_->trie().ngrams() == 0 && profile_->memory().empty());
  }

 private:
  void set(const std::string& text) {
    const std::string kept = text.size() > kLongestText ? "" : text;
    session_.set_text(kept, session_.after());
    require(session_.before() == kept);
  }

  void repeat(const std::string& piece, std::size_t times) {
    std::string text = session_.before();
    for (std::size_t i = 0; i < times; ++i) text += piece;
    set(text);
  }

  void set_untyped(std::size_t begin, std::size_t length) {
    const foretype::context::Range range{begin, begin + length};
    session_.set_text(session_.before(), session_.after(), Session::Ranges(&range, 1));
  }

  void move(std::size_t after) {
    const std::string text = session_.before() + session_.after();
    const std::size_t caret = text.size() - std::min(text.size(), after);
    session_.set_text(text.substr(0, caret), text.substr(caret));
  }

  void forget_all() {
    unwanted_ = true;
    profile_->forget_all();
  }

  void forget(const std::string& text) {
    unwanted_ = true;
    profile_->forget(text);
    require(!profile_->holds(text));
  }

  // What was drained so far makes the same counts again, as long as nothing was forgotten.
  void replay() {
    operations_ += profile_->drain();
    if (forgotten_ != profile_->forgotten()) return;
    Profile twin(nullptr);
    require(twin.replay(operations_).ok());
    require(twin.trie() == profile_->trie());
  }

  void another() {
    Session second(engine_, profile_, options_);
    second.set_text(session_.before(), "");
    second.suggest(-1);
    second.finish();
  }

  void accept(int pieces) {
    const bool shown = session_.suggestion().shown;
    const std::string before = session_.before();
    const std::string taken = session_.accept(pieces);
    require(session_.before() == before + taken);
    require(shown || taken.empty());
  }

  void suggest(std::int64_t budget_us) {
    const Suggestion shown = session_.suggestion();
    const Suggestion& suggestion = session_.suggest(budget_us);
    // No key was pressed: what is on screen stays, unless it may be what is wanted no more.
    if (shown.shown && !unwanted_) require(suggestion.text.starts_with(shown.text));
    unwanted_ = false;
    require(suggestion.shown == !suggestion.text.empty());
    require(suggestion.shown == !suggestion.piece_ends.empty());
    require(std::is_sorted(suggestion.piece_ends.begin(), suggestion.piece_ends.end()));
    if (suggestion.shown) require(suggestion.piece_ends.back() == suggestion.text.size());
    for (const Candidate& candidate : suggestion.candidates) {
      require(!candidate.text.empty() && std::isfinite(candidate.probability));
      require(candidate.probability >= 0 && candidate.probability <= 1);
    }
  }

  std::shared_ptr<Engine> engine_;
  std::shared_ptr<Profile> profile_;
  Options options_;
  Session session_;
  std::string operations_;
  std::uint64_t forgotten_ = 0;
  bool unwanted_ = false;  // something was forgotten or blocked since the last suggestion
};

std::shared_ptr<Engine> engine_with(bool language_model) {
  static const foretype::lm::testing::RandomModel model(1);
  auto engine = std::make_shared<Engine>();
  if (language_model) engine->model = model.model;
  engine->clock = &told_clock;
  return engine;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(std::string_view(reinterpret_cast<const char*>(data), size));
  const std::size_t choice = input.number();
  Options options;
  options.trie = choice % 4 != 1;
  options.language_model = choice % 4 != 2;
  if (choice & 8) options.dial.wrong_per_100_words = 10;
  // A small window, so that it slides often.
  options.effort.window = 64;
  options.effort.slide = 16;
  options.effort.memory_tokens = 24;
  if (choice & 16) options.context = kContexts[0];
  Hands hands(engine_with(choice % 4 != 3), options);
  for (int i = 0; i < kMostOperations && !input.empty(); ++i) hands.operate(&input);
  hands.check_counts();
  hands.take_back();
  return 0;
}
