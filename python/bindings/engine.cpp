#include "foretype/engine.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings.h"
#include "buffer.h"
#include "errors.h"
#include "foretype/session.h"
#include "propose/lm/score.h"

namespace foretype::bindings {
namespace {

std::int64_t steady_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// The engine and the buffer its model lies in.
struct PyEngine {
  std::shared_ptr<Engine> engine;
  std::shared_ptr<Buffer> model_bytes;
};

PyEngine make_engine(nanobind::handle model, nanobind::handle background,
                     const std::string& kernels) {
  PyEngine out{std::make_shared<Engine>(), nullptr};
  out.engine->clock = &steady_us;
  const kernels::Table* table = kernels::select(kernels);
  if (table == nullptr) {
    raise_error("ForetypeError", Error{ErrorCode::kUnsupported, 0,
                                       "no kernels named \"" + kernels + "\" can run here"});
  }
  if (!background.is_none()) {
    const Buffer bytes(background);
    out.engine->background =
        value_or_raise(trie::Background::parse(bytes.bytes()), "BackgroundError");
  }
  if (!model.is_none()) {
    out.model_bytes = std::make_shared<Buffer>(model);
    out.engine->model =
        value_or_raise(lm::Model::open(out.model_bytes->bytes(), *table), "ModelError");
  }
  return out;
}

nanobind::bytes as_bytes(const std::string& text) {
  return nanobind::bytes(text.data(), text.size());
}

std::string_view view(const nanobind::bytes& bytes) { return {bytes.c_str(), bytes.size()}; }

nanobind::tuple candidate_tuple(const Candidate& candidate) {
  return nanobind::make_tuple(as_bytes(candidate.text), static_cast<int>(candidate.source),
                              candidate.probability, candidate.trie, candidate.language_model,
                              candidate.order, candidate.count);
}

nanobind::tuple suggestion_tuple(const Suggestion& suggestion) {
  nanobind::list candidates;
  for (const Candidate& candidate : suggestion.candidates) {
    candidates.append(candidate_tuple(candidate));
  }
  return nanobind::make_tuple(suggestion.shown, as_bytes(suggestion.text), suggestion.piece_ends,
                              candidates);
}

nanobind::tuple timing_tuple(const Timing& timing) {
  return nanobind::make_tuple(timing.total_us, timing.trie_us, timing.language_model_us,
                              timing.computed_tokens, timing.cached_tokens, timing.complete);
}

// A session keeps the engine's buffer alive.
struct PySession {
  std::shared_ptr<Buffer> model_bytes;
  Session session;
};

void bind_profile(nanobind::module_& m) {
  nanobind::class_<Profile>(m, "Profile")
      .def("__init__",
           [](Profile* self, const PyEngine& engine) {
             new (self) Profile(engine.engine->background);
           })
      .def("learn", [](Profile& self, const nanobind::bytes& text) { self.learn(view(text)); })
      .def("forget_all", &Profile::forget_all)
      .def_rw("paused", &Profile::paused)
      .def("ngrams", [](const Profile& self) { return self.trie().ngrams(); })
      .def("memory_bytes", [](const Profile& self) { return self.trie().memory_bytes(); })
      .def("attention", [](Profile& self) { return self.habit().attention(); });
}

void bind_session(nanobind::module_& m) {
  nanobind::class_<PySession>(m, "Session")
      .def("set_text",
           [](PySession& self, const nanobind::bytes& before, const nanobind::bytes& after) {
             self.session.set_text(view(before), view(after));
           })
      .def("before", [](const PySession& self) { return as_bytes(self.session.before()); })
      .def("suggest",
           [](PySession& self, std::int64_t budget_us) {
             return suggestion_tuple(self.session.suggest(budget_us));
           })
      .def("timing", [](const PySession& self) { return timing_tuple(self.session.timing()); })
      .def("accept",
           [](PySession& self, int pieces) { return as_bytes(self.session.accept(pieces)); })
      .def("think", [](PySession& self) { return self.session.think(); })
      .def("dismiss", [](PySession& self) { self.session.dismiss(); })
      .def("finish", [](PySession& self) { self.session.finish(); });
}

PySession make_session(const PyEngine& engine, std::shared_ptr<Profile> profile, bool trie,
                       bool language_model, double wrong_per_100_words,
                       const nanobind::dict& tuning) {
  Options options;
  options.trie = trie;
  options.language_model = language_model;
  options.dial.wrong_per_100_words = wrong_per_100_words;
  for (auto [key, value] : tuning) {
    const std::string name = nanobind::cast<std::string>(key);
    if (name == "next_word") options.next_word = nanobind::cast<double>(value) != 0;
    if (name == "passed_over") options.passed_over = nanobind::cast<double>(value) != 0;
    if (name == "candidates") options.candidates = static_cast<int>(nanobind::cast<double>(value));
    if (name == "rounds") options.effort.rounds = static_cast<int>(nanobind::cast<double>(value));
    if (name == "tokens_a_round")
      options.effort.tokens_a_round = static_cast<int>(nanobind::cast<double>(value));
    if (name == "smallest_share") options.effort.smallest_share = nanobind::cast<double>(value);
    if (name == "tokens_a_thought")
      options.effort.tokens_a_thought = static_cast<int>(nanobind::cast<double>(value));
    if (name == "smallest_thought") options.effort.smallest_thought = nanobind::cast<double>(value);
    if (name == "window") options.effort.window = static_cast<int>(nanobind::cast<double>(value));
    if (name == "memory_tokens")
      options.effort.memory_tokens = static_cast<int>(nanobind::cast<double>(value));
    if (name == "language_model") options.weights.language_model = nanobind::cast<double>(value);
  }
  return {engine.model_bytes, Session(engine.engine, std::move(profile), options)};
}

}  // namespace

void bind_engine(nanobind::module_& m) {
  nanobind::class_<PyEngine>(m, "Engine")
      .def(
          "__init__",
          [](PyEngine* self, nanobind::handle model, nanobind::handle background,
             const std::string& kernels) {
            new (self) PyEngine(make_engine(model, background, kernels));
          },
          nanobind::arg("model").none(), nanobind::arg("background").none(),
          nanobind::arg("kernels"))
      .def("kernels",
           [](const PyEngine& self) {
             return self.engine->model ? std::string(self.engine->model->kernels().name)
                                       : std::string();
           })
      .def("negative_log_likelihood",
           [](const PyEngine& self, const nanobind::bytes& text, const nanobind::bytes& before) {
             return lm::negative_log_likelihood(*self.engine->model, view(text), view(before));
           })
      .def("decode",
           [](const PyEngine& self, std::vector<std::int32_t> prompt, int tokens, bool words_only) {
             return lm::decode_greedily(*self.engine->model, prompt, tokens, words_only);
           });
  bind_profile(m);
  bind_session(m);
  m.def("make_session", &make_session);
}

}  // namespace foretype::bindings
