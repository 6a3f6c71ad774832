// Compiled once a vector width (simd.h): the kernels of this width.
#include "gemm.h"
#include "kernels.h"

#define ECTOPY_TEXT(name) ECTOPY_QUOTED(name)
#define ECTOPY_QUOTED(name) #name

namespace ECTOPY_TARGET {

extern const ectopy::Kernels kernels;
const ectopy::Kernels kernels = {ECTOPY_TEXT(ECTOPY_TARGET), kWidth};

}  // namespace ECTOPY_TARGET
