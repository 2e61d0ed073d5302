// The profile's binding in two files.
#pragma once

#include <nanobind/nanobind.h>

#include "foretype/profile.h"

namespace foretype::bindings {

/// Words and n-grams, out and in again.
void bind_rows(nanobind::class_<Profile>& profile);

}  // namespace foretype::bindings
