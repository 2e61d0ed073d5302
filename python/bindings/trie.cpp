#include "bindings.h"

namespace foretype::bindings {

void bind_trie(nanobind::module_& m) { (void)m; }

}  // namespace foretype::bindings
