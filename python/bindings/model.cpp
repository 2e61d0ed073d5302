#include <nanobind/stl/string.h>

#include "bindings.h"
#include "buffer.h"
#include "errors.h"
#include "propose/lm/model_file.h"

namespace foretype::bindings {
namespace {

nanobind::dict config_dict(const lm::Config& config) {
  nanobind::dict out;
  out["layers"] = config.layers;
  out["width"] = config.width;
  out["heads"] = config.heads;
  out["kv_heads"] = config.kv_heads;
  out["head_width"] = config.head_width;
  out["ffn_width"] = config.ffn_width;
  out["vocabulary"] = config.vocabulary;
  out["rope_base"] = config.rope_base;
  out["norm_epsilon"] = config.norm_epsilon;
  out["begin_token"] = config.begin_token;
  return out;
}

nanobind::dict parse_model(nanobind::handle object) {
  const Buffer buffer(object);
  const lm::ModelFile model = value_or_raise(lm::parse_model(buffer.bytes()), "ModelError");
  nanobind::dict out;
  out["config"] = config_dict(model.config);
  nanobind::list windows;
  for (const lm::LayerWeights& layer : model.layers) windows.append(layer.attention_window);
  out["attention_windows"] = windows;
  out["name"] = model.name;
  out["licence"] = model.license;
  out["source"] = model.source;
  out["merges"] = model.merges.size() / 2;
  out["specials"] = model.specials.size();
  return out;
}

}  // namespace

void bind_model(nanobind::module_& m) {
  m.def("parse_model", &parse_model, nanobind::arg("buffer"),
        nanobind::sig("def parse_model(buffer: collections.abc.Buffer) -> dict[str, object]"),
        "Check a model container; its configuration and what it says of itself.\n\n"
        "Raises foretype.errors.ModelError. Nothing of `buffer` is kept.");
}

}  // namespace foretype::bindings
