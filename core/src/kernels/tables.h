// The tables a build may hold. select.cpp lists those that the processor can run.
#pragma once

#include "kernels/kernels.h"

namespace foretype::kernels {

extern const Table kScalarTable;

#if defined(__x86_64__)
extern const Table kAvx2Table;
extern const Table kAvx512VnniTable;
#elif defined(__aarch64__)
extern const Table kNeonTable;
#endif

}  // namespace foretype::kernels
