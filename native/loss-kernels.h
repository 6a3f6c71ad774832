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

/** How a loss differs from the cross-entropy of the logits. */
struct LossShape {
  /** Share of each true class that is spread over all classes. */
  float smoothing;
  /** Exponent of 1 − p, the focal loss's factor. */
  float focus;
  /** Added to each row of logits, or null. */
  const float* adjustment;

  bool isPlain() const { return smoothing == 0 && focus == 0; }
};

/** xⁿ for 0 < x ≤ 1. */
static inline float power(float x, float n) { return exponential(broadcast(n * logarithm(x)))[0]; }

/**
 * Loss Σ t · (1 − p)^focus · −ln p of a row over its classes, and its gradient by the logits.
 * @param d softmax of the row; becomes the gradient
 * @param logits of the row, adjusted
 */
static float shapedLoss(
    const LossShape& shape, Index classes, Index of, const float* logits, const SoftmaxRow& softmax, float* d) {
  const float logSum = logarithm(softmax.sum) + softmax.largest;
  float loss = 0, sum = 0;
  // Two passes over few classes, so that no memory is needed: the first one has the sum of the second one's terms.
  const auto termOf = [&](Index c, float& part) {
    const float target = shape.smoothing / static_cast<float>(classes) + (c == of ? 1 - shape.smoothing : 0.0f);
    const float p = d[c], logP = logits[c] - logSum;
    const float rest = 1 - p > 1e-7f ? 1 - p : 1e-7f;
    const float factor = shape.focus == 0 ? 1.0f : power(rest, shape.focus);
    part = -target * factor * logP;
    return target * (shape.focus * p * factor / rest * logP - factor);
  };
  for (Index c = 0; c < classes; c++) {
    float part;
    sum += termOf(c, part);
    loss += part;
  }
  for (Index c = 0; c < classes; c++) {
    float part;
    const float term = termOf(c, part);
    d[c] = term - d[c] * sum;
  }
  return loss;
}

/** @param result Σ weight · loss, and the number of rows whose largest logit is that of their class */
static void crossEntropy(
    Index rows, Index classes, const float* logits, const Truth& truth, const LossShape& shape, float* dLogits,
    float* result) {
  const Index parts = (rows + kLossRows - 1) / kLossRows;
  Floats sums(2 * parts), adjusted(shape.adjustment == nullptr ? 0 : rows * classes);
  ectopy::parallelFor(parts, [&](Index part) {
    const Index end = rows < (part + 1) * kLossRows ? rows : (part + 1) * kLossRows;
    double loss = 0;
    float correct = 0;
    for (Index r = part * kLossRows; r < end; r++) {
      const float* const row = logits + r * classes;
      const float* given = row;
      if (shape.adjustment != nullptr) {
        float* const sum = adjusted.data() + r * classes;
        for (Index c = 0; c < classes; c++) sum[c] = row[c] + shape.adjustment[c];
        given = sum;
      }
      float* d = dLogits + r * classes;
      int32_t of;
      memcpy(&of, truth.classes + r, sizeof of);
      const float weight = truth.weights[r];
      const SoftmaxRow softmax = softmaxRow(given, classes, d);
      if (shape.isPlain()) {
        loss += static_cast<double>(weight) * (logarithm(softmax.sum) + softmax.largest - given[of]);
        for (Index c = 0; c < classes; c++) d[c] *= weight;
        d[of] -= weight;
      } else {
        loss += static_cast<double>(weight) * shapedLoss(shape, classes, of, given, softmax, d);
        for (Index c = 0; c < classes; c++) d[c] *= weight;
      }
      Index best = 0;
      for (Index c = 1; c < classes; c++) best = row[c] > row[best] ? c : best;
      correct += best == of ? 1.0f : 0.0f;
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
