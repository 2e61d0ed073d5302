#include "foretype/engine.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bindings.h"
#include "buffer.h"
#include "engine.h"
#include "errors.h"
#include "propose/lm/score.h"

namespace foretype::bindings {
namespace {

std::int64_t steady_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

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
}

}  // namespace foretype::bindings
