// Softmax, cross-entropy and its gradient.
#pragma once

#include "activations.h"
#include "pool.h"
#include "rows.h"

namespace ECTOPY_TARGET {

/** Rows of a part. */
constexpr Index kLossRows = 64;

/** y = softmax(logits) of one row. @returns largest logit and Σ e^(logit − largest) */
struct SoftmaxRow {
  float largest, sum;
};

static inline SoftmaxRow softmaxRow(const float* logits, Index classes, float* y) {
  float largest = logits[0];
  for (Index c = 1; c < classes; c++) largest = logits[c] > largest ? logits[c] : largest;
  float sum = 0;
  for (Index c = 0; c < classes; c += kWidth) {
    storeUpTo(y + c, exponential(loadUpTo(logits + c, classes - c) - largest), classes - c);
  }
  for (Index c = 0; c < classes; c++) sum += y[c];
  for (Index c = 0; c < classes; c++) y[c] /= sum;
  return {largest, sum};
}

static void softmax(Index rows, Index classes, const float* logits, float* y) {
  ectopy::parallelFor((rows + kLossRows - 1) / kLossRows, [&](Index part) {
    const Index end = rows < (part + 1) * kLossRows ? rows : (part + 1) * kLossRows;
    for (Index r = part * kLossRows; r < end; r++) softmaxRow(logits + r * classes, classes, y + r * classes);
  });
}

struct Truth {
  /** Class of each row, as int32. */
  const float* classes;
  /** Weight of each row in the loss. */
  const float* weights;
};

/** @param result Σ weight · loss, and the number of rows whose largest logit is that of their class */
static void crossEntropy(
    Index rows, Index classes, const float* logits, const Truth& truth, float* dLogits, float* result) {
  const Index parts = (rows + kLossRows - 1) / kLossRows;
  Floats sums(2 * parts);
  ectopy::parallelFor(parts, [&](Index part) {
    const Index end = rows < (part + 1) * kLossRows ? rows : (part + 1) * kLossRows;
    double loss = 0;
    float correct = 0;
    for (Index r = part * kLossRows; r < end; r++) {
      const float* row = logits + r * classes;
      float* d = dLogits + r * classes;
      int32_t of;
      memcpy(&of, truth.classes + r, sizeof of);
      const float weight = truth.weights[r];
      const SoftmaxRow softmax = softmaxRow(row, classes, d);
      loss += static_cast<double>(weight) * (logarithm(softmax.sum) + softmax.largest - row[of]);
      Index best = 0;
      for (Index c = 1; c < classes; c++) best = row[c] > row[best] ? c : best;
      correct += best == of ? 1.0f : 0.0f;
      for (Index c = 0; c < classes; c++) d[c] *= weight;
      d[of] -= weight;
    }
    sums.data()[2 * part] = static_cast<float>(loss);
    sums.data()[2 * part + 1] = correct;
  });
  double loss = 0, correct = 0;
  for (Index part = 0; part < parts; part++) {
    loss += sums.data()[2 * part];
    correct += sums.data()[2 * part + 1];
  }
  result[0] = static_cast<float>(loss);
  result[1] = static_cast<float>(correct);
}

}  // namespace ECTOPY_TARGET
