// Recurrent layers as they are called: the same for each vector width. Arrays are row major, time comes first.
#pragma once

#include <cstddef>

namespace ectopy {

struct RecurrentShape {
  ptrdiff_t time, batch, inputs, units;
};

struct RecurrentForward {
  RecurrentShape shape;
  /** [time, batch, inputs] */
  const float* x;
  /** LSTM: [inputs, 4·units], [units, 4·units], [4·units]. GRU: [inputs, 3·units], [units, 3·units], [2, 3·units]. */
  const float *kernel, *recurrentKernel, *bias;
  /** Hidden states, [time, batch, units]; null where only the last is needed. */
  float* sequence;
  /** The last hidden state, [batch, units]. */
  float* last;
  /** Kept for the gradient, or null: [time, batch, 4, units padded] in their own order, and the LSTM's states. */
  float *gates, *cells;
};

struct RecurrentBackward {
  RecurrentShape shape;
  const float *x, *kernel, *recurrentKernel;
  /** As the forward pass has left them. */
  const float *sequence, *gates, *cells;
  /** Gradient by all hidden states, or by the last alone: one of the two is null. */
  const float *dSequence, *dLast;
  /** Null where it is not needed. */
  float* dx;
  float *dKernel, *dRecurrentKernel, *dBias;
};

}  // namespace ectopy
