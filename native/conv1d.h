// Convolutions of sequences with several channels, [batch, time, channels], as in Keras' Conv1D.
#pragma once

#include <cstddef>

namespace ectopy {

struct Conv1dShape {
  ptrdiff_t batch;
  ptrdiff_t time;
  /** Channels. */
  ptrdiff_t in, out;
  ptrdiff_t taps;
  ptrdiff_t stride;
  /** Zeros before the first time. */
  ptrdiff_t before;
  ptrdiff_t outTime;
  /** Distance between the samples of a window; 1 with strides. */
  ptrdiff_t dilation;
  /** Whether a ReLU follows. */
  bool relu;
};

/** y [batch, outTime, out] from x [batch, time, in], kernel [taps, in, out] and bias [out], which may be null */
using Conv1d = void (*)(const Conv1dShape&, const float* x, const float* kernel, const float* bias, float* y);

struct Conv1dGradients {
  /** [batch, time, in]; null where it is not needed. */
  float* x;
  /** [taps, in, out] */
  float* kernel;
  /** [out]; null where there is no bias. */
  float* bias;
};

/** @param y what Conv1d gave; read with `relu` alone */
using Conv1dGrad = void (*)(
    const Conv1dShape&,
    const float* dy,
    const float* x,
    const float* kernel,
    const float* y,
    const Conv1dGradients& gradients);

}  // namespace ectopy
