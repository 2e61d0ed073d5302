// Kernels for x86 processors with AVX2 and F16C (Intel since 2013, AMD since 2015).
#if defined(__AVX2__) && defined(__F16C__)

#include "kernels/avx2_attention.h"
#include "kernels/avx2_coded.h"
#include "kernels/avx2_matmul.h"
#include "kernels/avx2_sparse.h"
#include "kernels/avx2_vector.h"
#include "kernels/tables.h"

namespace foretype::kernels {

const Table kAvx2Table = {
    .name = "avx2",
    .quantize = avx2::quantize,
    .matmul_int4 = avx2::matmul_int4,
    .matmul_int8 = avx2::matmul_int8,
    .matmul_coded = avx2::matmul_coded,
    .matmul_sparse = avx2::matmul_sparse,
    .attention_scores = avx2::attention_scores,
    .attention_mix = avx2::attention_mix,
    .exp_sum = avx2::exp_sum,
    .max = avx2::max,
    .swiglu = avx2::swiglu,
    .rms_norm = avx2::rms_norm,
    .to_half = avx2::to_half,
    .from_half = avx2::from_half,
};

}  // namespace foretype::kernels

#endif
