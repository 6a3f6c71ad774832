// Calls of a plan: reads the arguments of a call, in the order of src/engine/plan/kernels.ts, and runs its kernel.
#pragma once

#include "conv1d-kernels.h"
#include "dense-kernels.h"
#include "dropout-kernels.h"
#include "layer-normalization-kernels.h"
#include "loss-kernels.h"
#include "noise-kernels.h"
#include "normalize-kernels.h"
#include "normalize-rows-kernels.h"
#include "optimizer-kernels.h"
#include "plan-kernels.h"
#include "pooling-kernels.h"
#include "recurrent.h"

namespace ECTOPY_TARGET {

using ectopy::Call;

static inline ectopy::Conv1dShape conv1dShape(const int32_t* n) {
  return {n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[9], n[8] != 0};
}

static inline PoolingShape poolingShape(const int32_t* n) { return {n[0], n[1], n[2], n[3], n[4], n[5], n[6]}; }

static inline ectopy::Normalization normalization(float* const* b, float epsilon) {
  return {{b[0], b[1]}, b[2], b[3], epsilon};
}

/** Statistics of the batch, and the moving ones after it. */
static inline void momentsCall(const ectopy::SequenceShape& s, float momentum, float* const* b) {
  moments(s, b[0], b[1], b[2]);
  for (Index c = 0; c < s.channels; c += kWidth) {
    const Index count = s.channels - c;
    follow(b[3] + c, loadUpTo(b[1] + c, count), momentum, count);
    follow(b[4] + c, loadUpTo(b[2] + c, count), momentum, count);
  }
}

static inline RecurrentForward recurrentForward(float* const* b, const int32_t* n) {
  return {{n[0], n[1], n[2], n[3]}, b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]};
}

static inline RecurrentBackward recurrentBackward(float* const* b, const int32_t* n) {
  return {{n[0], n[1], n[2], n[3]}, b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11]};
}

/** The stream of a dropout layer. @param numbers of the step */
static inline ectopy::RandomStream streamOf(const float* numbers, int32_t layer) {
  int32_t seed[2];
  memcpy(seed, numbers + ectopy::kSeed, sizeof seed);
  return ectopy::streamOf(seed[0], seed[1] + layer);
}

static void runCall(const Call& call) {
  float* const* b = call.buffers;
  const int32_t* n = call.integers;
  const float* r = call.reals;
  switch (call.kernel) {
    case ectopy::kDense: return dense({n[0], n[1], n[2]}, n[3], b[0], b[1], b[2], b[3]);
    case ectopy::kDenseWeightGradient: return denseWeightGradient({n[0], n[1], n[2]}, b[0], b[1], b[2], b[3]);
    case ectopy::kDenseInputGradient: return denseInputGradient({n[0], n[1], n[2]}, b[0], b[1], b[2]);
    case ectopy::kActivation: return withActivation(n[1], ActivationForward{n[0], b[0], b[1]});
    case ectopy::kActivationGradient: return withActivation(n[1], ActivationBackward{n[0], b[0], b[1]});
    case ectopy::kDropout: return dropout(streamOf(b[0], n[1]), r[0], n[0], b[1], b[2], b[3]);
    case ectopy::kNormalizeRows:
      return normalizeRows({n[0], n[1], r[0], r[1], b[1], b[2], b[4], b[5], b[6], b[7]}, b[0], b[3]);
    case ectopy::kNormalizeRowsGradient:
      return normalizeRowsGradient({n[0], n[1], r[0], b[2], b[3], b[4], b[6], b[7]}, b[0], b[1], b[5]);
    case ectopy::kMoments: return momentsCall({n[0], n[1], n[2]}, r[0], b);
    case ectopy::kNormalize:
      return normalize({n[0], n[1], n[2]}, n[3], normalization(b + 1, r[0]), b[0], b[5]);
    case ectopy::kNormalizeGradient:
      return normalizeGrad({n[0], n[1], n[2]}, n[3], normalization(b + 2, r[0]), b[0], b[1], {b[6], b[7], b[8]});
    case ectopy::kNormalizeAverage:
      return normalizeAverage({n[0], n[1], n[2]}, normalization(b + 1, r[0]), b[0], b[5], b[6]);
    case ectopy::kNormalizeAverageGradient:
      return normalizeAverageGrad(
          {n[0], n[1], n[2]}, normalization(b + 3, r[0]), b[0], b[1], b[2], {b[7], b[8], b[9]});
    case ectopy::kConv1d: return conv1d(conv1dShape(n), b[0], b[1], b[2], b[3]);
    case ectopy::kConv1dGradient:
      return conv1dGrad(conv1dShape(n), b[0], b[1], b[2], b[3], {b[4], b[5], b[6]});
    case ectopy::kMaxPool: return maxPool(poolingShape(n), b[0], b[1], b[2]);
    case ectopy::kMaxPoolGradient: return maxPoolGradient(poolingShape(n), b[0], b[1], b[2]);
    case ectopy::kAveragePool: return averagePool(n[0], n[1], n[2], b[0], b[1]);
    case ectopy::kAveragePoolGradient: return averagePoolGradient(n[0], n[1], n[2], b[0], b[1]);
    case ectopy::kLstm: return forward<Lstm>(recurrentForward(b, n));
    case ectopy::kLstmGradient: return backward<Lstm>(recurrentBackward(b, n));
    case ectopy::kGru: return forward<Gru>(recurrentForward(b, n));
    case ectopy::kGruGradient: return backward<Gru>(recurrentBackward(b, n));
    case ectopy::kSwapAxes: return swapAxes(n[0], n[1], n[2], b[0], b[1]);
    case ectopy::kReverse: return reverse(n[0], n[1], n[2], b[0], b[1]);
    case ectopy::kCopyColumns: return copyColumns({n[0], n[1], n[2], n[3], n[4], n[5]}, b[0], b[1]);
    case ectopy::kAdd: {
      const float factor = r[0];
      return combine(n[0], b[0], b[1], b[2], [factor](Vec a, Vec other) { return (a + other) * factor; });
    }
    case ectopy::kScale: return scale(n[0], r[0], b[0], b[1]);
    case ectopy::kMultiply:
      return combine(n[0], b[0], b[1], b[2], [](Vec a, Vec other) { return a * other; });
    case ectopy::kCrossEntropy: return crossEntropy(n[0], n[1], b[0], {b[1], b[2]}, {r[0], r[1], b[5]}, b[3], b[4]);
    case ectopy::kSoftmax: return softmax(n[0], n[1], b[0], b[1]);
    case ectopy::kClipValues: return clipValues(n[0], b[0][ectopy::kClippingLimit], b[1]);
    case ectopy::kClipNorms: return clipNorms(n[0], n[1] != 0, b[0][ectopy::kClippingLimit], b[2], b[1]);
    case ectopy::kAdam:
      return adam(
          n[0], {b[0][ectopy::kLearningRate], b[0][ectopy::kKept], r[0], r[1], r[2], n[1] != 0}, b[1], b[2], b[3],
          b[4]);
    case ectopy::kSgd: return sgd(n[0], b[0][ectopy::kLearningRate], r[0], n[1] != 0, b[1], b[2], b[3]);
    case ectopy::kRmsprop:
      return rmsprop(n[0], {b[0][ectopy::kLearningRate], r[0], r[1], r[2]}, b[1], b[2], b[3], b[4]);
    case ectopy::kGaussianNoise: return gaussianNoise(streamOf(b[0], n[1]), r[0], n[0], b[1], b[2]);
    case ectopy::kNormalizeLayer: return normalizeLayer(n[0], n[1], r[0], b[0], {b[1], b[2]}, b[3], b[4]);
    case ectopy::kNormalizeLayerGradient:
      return normalizeLayerGradient(n[0], n[1], {b[0], b[1], b[2], b[3]}, {b[4], b[5], b[6]});
    case ectopy::kAverageWindows: return averageWindows(poolingShape(n), b[0], b[1]);
    case ectopy::kAverageWindowsGradient: return averageWindowsGradient(poolingShape(n), b[0], b[1]);
    case ectopy::kLeakyRelu: {
      const float slope = r[0];
      return combine(n[0], b[0], b[0], b[1], [slope](Vec x, Vec) { return x < Vec{} ? x * slope : x; });
    }
    case ectopy::kLeakyReluGradient: {
      const float slope = r[0];
      return combine(n[0], b[1], b[0], b[1], [slope](Vec d, Vec y) { return y > Vec{} ? d : d * slope; });
    }
    case ectopy::kDropoutMask: return dropoutMask(streamOf(b[0], n[1]), r[0], n[0], b[1]);
    case ectopy::kMultiplyChannels: return multiplyChannels(n[0], n[1], n[2], b[0], b[1], b[2]);
    case ectopy::kPadRows: return padRows({n[0], n[1], 0, n[2], n[3], n[1]}, b[0], b[1]);
    case ectopy::kKernelsEnd: return;
  }
}

}  // namespace ECTOPY_TARGET
