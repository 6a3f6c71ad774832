// Rows of a batch: real beats copied, synthetic ones blended of two real ones as they are needed (src/pipeline/beats/batches.ts).
#pragma once

#include <cstddef>
#include <cstdint>

namespace ectopy {

struct SyntheticRows {
  /** Real beats, [real, length]. */
  const float* values;
  ptrdiff_t length, real;
  /** Of each synthetic beat: two real ones, and where between them it lies. */
  const uint32_t* base;
  const uint32_t* neighbour;
  const float* lambda;
};

/** out [count, length]. @param examples numbers of real beats, then of synthetic ones */
using FillRows = void (*)(const SyntheticRows&, const uint32_t* examples, ptrdiff_t count, float* out);

}  // namespace ectopy
