// The profile's binding in several files.
#pragma once

#include <nanobind/nanobind.h>

#include "foretype/profile.h"

namespace foretype::bindings {

/// Words and n-grams, out and in again.
void bind_rows(nanobind::class_<Profile>& profile);
/// What is known of hidden space.
void bind_statistics(nanobind::class_<Profile>& profile);

}  // namespace foretype::bindings
