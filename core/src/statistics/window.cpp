#include "statistics/window.h"

#include "profile/encoding.h"
#include "profile/envelope.h"

namespace foretype::statistics {
namespace {

constexpr profile::Envelope kEnvelope{"FTSTATS\n", 1, "statistics"};

}  // namespace

void Window::began(const State& state, const Ranking& ranking) {
  if (ranking.count > 0 && !neighbours.add(state, ranking)) ++refused_;
}

void Window::wrote(const State& state, bool hit) {
  if (!prototypes.add(state, hit)) ++refused_;
}

std::string Window::save() const {
  std::string body;
  hits.write(&body);
  profile::put_number(words, &body);
  profile::put_number(keys_saved, &body);
  prototypes.write(&body);
  return profile::sealed(kEnvelope, body);
}

Result<Window> Window::load(std::string_view bytes) {
  Window window;
  if (bytes.empty()) return window;
  const Result<std::string_view> body = profile::unsealed(kEnvelope, bytes);
  if (!body.ok()) return body.error();
  profile::Decoder decoder(body.value());
  window.hits.read(&decoder);
  window.words = decoder.number();
  window.keys_saved = decoder.number();
  if (!window.prototypes.read(&decoder)) {
    return profile::damaged_body(kEnvelope, decoder.offset(), "holds a number that is none");
  }
  if (decoder.failed()) {
    return profile::damaged_body(kEnvelope, decoder.offset(), "ends too soon or makes no sense");
  }
  if (!decoder.at_end()) {
    return profile::damaged_body(kEnvelope, decoder.offset(), "goes on after its end");
  }
  return window;
}

void Window::forgot() {
  prototypes.drop_small();
  neighbours.wipe();
  signatures.wipe();
}

}  // namespace foretype::statistics
