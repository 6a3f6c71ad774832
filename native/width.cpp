// Compiled once a vector width (simd.h): the kernels of this width.
#include "conv1d-kernels.h"
#include "dropout-kernels.h"
#include "kernels.h"
#include "normalize-kernels.h"
#include "recurrent.h"
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
};

}  // namespace ECTOPY_TARGET
