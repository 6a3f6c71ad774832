// Conv1D and its gradients: dilated ones by their phases, each other shape by the faster of two ways.
#pragma once

#include "conv1d-dilated.h"
#include "conv1d-direct.h"
#include "conv1d-minimal.h"

namespace ECTOPY_TARGET {

/** Minimal filtering pays where products of channels outweigh its additions. */
static inline bool minimalPays(const ectopy::Conv1dShape& s) {
  return s.stride == 1 && s.taps >= kMinTaps && s.taps <= kMaxTaps && s.in >= 16 && s.out >= 16;
}

static void conv1d(const ectopy::Conv1dShape& s, const float* x, const float* kernel, const float* bias, float* y) {
  if (s.dilation > 1) return dilatedForward(s, x, kernel, bias, y);
  if (!minimalPays(s)) return directForward(s, x, kernel, bias, y);
  switch (s.taps) {
    case 2: return minimalForward<2>(s, x, kernel, bias, y);
    case 3: return minimalForward<3>(s, x, kernel, bias, y);
    case 4: return minimalForward<4>(s, x, kernel, bias, y);
    case 5: return minimalForward<5>(s, x, kernel, bias, y);
    case 6: return minimalForward<6>(s, x, kernel, bias, y);
    default: return minimalForward<7>(s, x, kernel, bias, y);
  }
}

static void conv1dGrad(
    const ectopy::Conv1dShape& s,
    const float* dy,
    const float* x,
    const float* kernel,
    const float* y,
    const ectopy::Conv1dGradients& gradients) {
  if (s.dilation > 1) return dilatedBackward(s, dy, x, kernel, y, gradients);
  if (!minimalPays(s)) return directBackward(s, dy, x, kernel, y, gradients);
  switch (s.taps) {
    case 2: return minimalBackward<2>(s, dy, x, kernel, y, gradients);
    case 3: return minimalBackward<3>(s, dy, x, kernel, y, gradients);
    case 4: return minimalBackward<4>(s, dy, x, kernel, y, gradients);
    case 5: return minimalBackward<5>(s, dy, x, kernel, y, gradients);
    case 6: return minimalBackward<6>(s, dy, x, kernel, y, gradients);
    default: return minimalBackward<7>(s, dy, x, kernel, y, gradients);
  }
}

}  // namespace ECTOPY_TARGET
