#include "bindings.h"

namespace foretype::bindings {

void bind_engine(nanobind::module_& m) { (void)m; }

}  // namespace foretype::bindings
