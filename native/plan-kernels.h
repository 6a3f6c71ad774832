// The kernels that a plan calls, by their codes (src/engine/plan/kernels.ts), which also lists the arguments in order.
#pragma once

#include <cstdint>

namespace ectopy {

enum Kernel : int32_t {
  kDense = 1,
  kDenseWeightGradient,
  kDenseInputGradient,
  kActivation,
  kActivationGradient,
  kDropout,
  kNormalizeRows,
  kNormalizeRowsGradient,
  kMoments,
  kNormalize,
  kNormalizeGradient,
  kNormalizeAverage,
  kNormalizeAverageGradient,
  kConv1d,
  kConv1dGradient,
  kMaxPool,
  kMaxPoolGradient,
  kAveragePool,
  kAveragePoolGradient,
  kLstm,
  kLstmGradient,
  kGru,
  kGruGradient,
  kSwapAxes,
  kReverse,
  kCopyColumns,
  kAdd,
  kScale,
  kMultiply,
  kCrossEntropy,
  kSoftmax,
  kClipValues,
  kClipNorms,
  kAdam,
  kSgd,
  kRmsprop,
  kGaussianNoise,
  kNormalizeLayer,
  kNormalizeLayerGradient,
  kAverageWindows,
  kAverageWindowsGradient,
  kLeakyRelu,
  kLeakyReluGradient,
  kDropoutMask,
  kMultiplyChannels,
  kPadRows,
  kKernelsEnd,
};

/** A call: its buffers (null where missing), integers and reals, in the kernel's order. */
struct Call {
  Kernel kernel;
  float* const* buffers;
  const int32_t* integers;
  const float* reals;
};

/** Numbers of a call of each kernel, by its code. */
struct Arguments {
  int32_t buffers, integers, reals;
};

/** Positions in the buffer of a step's numbers; the seed is two int32. */
enum StepNumber { kLearningRate, kKept, kClippingLimit, kSeed };

}  // namespace ectopy
