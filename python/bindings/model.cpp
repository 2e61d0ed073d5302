#include "bindings.h"

namespace foretype::bindings {

void bind_model(nanobind::module_& m) { (void)m; }

}  // namespace foretype::bindings
