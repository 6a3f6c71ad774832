// What is compiled once a vector width, as a table of functions: the best one for this processor is chosen as the addon loads.
#pragma once

#include "conv1d.h"
#include "dropout.h"
#include "normalize.h"
#include "plan-kernels.h"
#include "recurrent-layers.h"
#include "synthetic-rows.h"

namespace ectopy {

struct Kernels {
  /** Such as "avx2". */
  const char* name;
  /** Floats a vector. */
  int width;
  void (*lstm)(const RecurrentForward&);
  void (*lstmGradient)(const RecurrentBackward&);
  void (*gru)(const RecurrentForward&);
  void (*gruGradient)(const RecurrentBackward&);
  Conv1d conv1d;
  Conv1dGrad conv1dGrad;
  Moments moments;
  Normalize normalize;
  NormalizeGrad normalizeGrad;
  NormalizeAverage normalizeAverage;
  NormalizeAverageGrad normalizeAverageGrad;
  Dropout dropout;
  FillRows fillRows;
  /** Runs a call of a plan. */
  void (*run)(const Call&);
};

/** The table chosen by chooseKernels(). */
const Kernels& kernels();

/**
 * @param width of ECTOPY_KERNEL_WIDTH, or 0 for the widest that the processor has
 * @returns null where the processor has no vectors of this width
 */
const Kernels* chooseKernels(int width);

}  // namespace ectopy
