#include "bindings.h"

namespace foretype::bindings {

void bind_kernels(nanobind::module_& m) { (void)m; }

}  // namespace foretype::bindings
