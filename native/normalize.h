// Batch normalisation of sequences [batch, time, channels] (Ioffe & Szegedy 2015), together with the pooling that follows it:
// what is normalised is never written where only its maximum or mean is needed.
#pragma once

#include <cstddef>

namespace ectopy {

struct SequenceShape {
  ptrdiff_t batch, time, channels;
};

/** Of each channel, [channels]. */
struct Statistics {
  const float* mean;
  /** Of the population. */
  const float* variance;
};

struct Normalization {
  Statistics statistics;
  /** [channels] */
  const float* gamma;
  const float* beta;
  float epsilon;
};

struct NormalizationGradients {
  /** [batch, time, channels] */
  float* x;
  /** [channels] */
  float* gamma;
  float* beta;
};

/** Mean and variance over batch and time. */
using Moments = void (*)(const SequenceShape&, const float* x, float* mean, float* variance);

/** y [batch, time / pool, channels]: normalised, the largest of `pool` times; what is left at the end is dropped. */
using Normalize = void (*)(const SequenceShape&, ptrdiff_t pool, const Normalization&, const float* x, float* y);

/** Through the statistics as well; of equal times the first was the largest. */
using NormalizeGrad = void (*)(
    const SequenceShape&,
    ptrdiff_t pool,
    const Normalization&,
    const float* dy,
    const float* x,
    const NormalizationGradients&);

/** y [batch, channels]: normalised, mean over time. @param means of x over time, [batch, channels] */
using NormalizeAverage = void (*)(const SequenceShape&, const Normalization&, const float* x, float* y, float* means);

using NormalizeAverageGrad = void (*)(
    const SequenceShape&,
    const Normalization&,
    const float* dy,
    const float* x,
    const float* means,
    const NormalizationGradients&);

}  // namespace ectopy
