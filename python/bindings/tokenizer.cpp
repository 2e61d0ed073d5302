#include "bindings.h"

namespace foretype::bindings {

void bind_tokenizer(nanobind::module_& m) { (void)m; }

}  // namespace foretype::bindings
