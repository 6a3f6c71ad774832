// Dropout (Srivastava et al. 2014) whose masks come from a seed: a gradient draws its mask once more, so that none is kept.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ectopy {

/** The state of TensorFlow's StatelessRandomUniform for a seed: Philox4x32-10 (Salmon et al. 2011), counted from this on. */
struct RandomStream {
  uint32_t key[2];
  /** The upper half of the counter; the lower one counts the groups of four numbers. */
  uint32_t counter[2];
};

/** Returns the stream of a seed of two numbers. */
RandomStream streamOf(int32_t seed0, int32_t seed1);

/** y [count] = x · mask; the mask is 0 where the number drawn is below `rate`, else 1 / (1 − rate). @param mask or null */
using Dropout = void (*)(const RandomStream&, float rate, ptrdiff_t count, const float* x, float* y, float* mask);

}  // namespace ectopy
