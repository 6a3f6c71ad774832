// Compiled once a vector width (simd.h): the kernels of this width.
#include "kernels.h"
#include "plan-calls.h"
#include "synthetic-rows-kernels.h"

#define ECTOPY_TEXT(name) ECTOPY_QUOTED(name)
#define ECTOPY_QUOTED(name) #name

namespace ECTOPY_TARGET {

extern const ectopy::Kernels kernels;
const ectopy::Kernels kernels = {
    ECTOPY_TEXT(ECTOPY_TARGET),
    kWidth,
    forward<Lstm>,
    backward<Lstm>,
    forward<Gru>,
    backward<Gru>,
    conv1d,
    conv1dGrad,
    moments,
    normalize,
    normalizeGrad,
    normalizeAverage,
    normalizeAverageGrad,
    dropout,
    fillRows,
    runCall,
};

}  // namespace ECTOPY_TARGET
