// One register function for each header of the core. Conversions only.
#pragma once

#include <nanobind/nanobind.h>

namespace foretype::bindings {

void bind_context(nanobind::module_& m);
void bind_kernels(nanobind::module_& m);
void bind_tokenizer(nanobind::module_& m);
void bind_model(nanobind::module_& m);
void bind_statistics(nanobind::module_& m);
void bind_trie(nanobind::module_& m);
void bind_judgement(nanobind::module_& m);
void bind_engine(nanobind::module_& m);
void bind_profile(nanobind::module_& m);
void bind_session(nanobind::module_& m);

}  // namespace foretype::bindings
