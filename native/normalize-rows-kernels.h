// Batch normalization of rows, its statistics included. Channels are shared out among the threads.
#pragma once

#include "pool.h"
#include "rows.h"

namespace ECTOPY_TARGET {

/** Channels of a part: a few cache lines of each row. */
constexpr Index kChannels = 4 * kWidth;
/** Rows that are summed before the sum is added to that of the rows before: so rounding errors stay small. */
constexpr Index kSummedRows = 64;

/** Σ f(row) over all rows, of one vector of channels. */
template <typename Function>
static ECTOPY_INLINE Vec sumOverRows(Index rows, Function&& f) {
  Vec total{};
  for (Index from = 0; from < rows; from += kSummedRows) {
    const Index end = rows < from + kSummedRows ? rows : from + kSummedRows;
    Vec even{}, odd{};
    Index r = from;
    for (; r + 2 <= end; r += 2) {
      even += f(r);
      odd += f(r + 1);
    }
    if (r < end) even += f(r);
    total += even + odd;
  }
  return total;
}

static ECTOPY_INLINE Vec squareRoot(Vec x) {
  Vec root;
  // One instruction for the whole vector, where the processor has it.
  for (int i = 0; i < kWidth; i++) root[i] = __builtin_sqrtf(x[i]);
  return root;
}

struct RowsNormalization {
  Index rows, channels;
  float epsilon, momentum;
  const float *gamma, *beta;
  float *mean, *variance, *movingMean, *movingVariance;
};

static inline void follow(float* moving, Vec value, float momentum, Index count) {
  storeUpTo(moving, loadUpTo(moving, count) * momentum + value * (1.0f - momentum), count);
}

static void normalizeRows(const RowsNormalization& n, const float* x, float* y) {
  const float share = 1.0f / static_cast<float>(n.rows);
  ectopy::parallelFor((n.channels + kChannels - 1) / kChannels, [&](Index part) {
    const Index end = n.channels < (part + 1) * kChannels ? n.channels : (part + 1) * kChannels;
    for (Index c = part * kChannels; c < end; c += kWidth) {
      const Index count = n.channels - c;
      const auto row = [&](Index r) { return loadUpTo(x + r * n.channels + c, count); };
      const Vec mean = sumOverRows(n.rows, row) * share;
      const Vec variance = sumOverRows(n.rows, [&](Index r) {
        const Vec distance = row(r) - mean;
        return distance * distance;
      }) * share;
      const Vec factor = loadUpTo(n.gamma + c, count) / squareRoot(variance + n.epsilon);
      const Vec level = loadUpTo(n.beta + c, count) - mean * factor;
      for (Index r = 0; r < n.rows; r++) storeUpTo(y + r * n.channels + c, row(r) * factor + level, count);
      storeUpTo(n.mean + c, mean, count);
      storeUpTo(n.variance + c, variance, count);
      follow(n.movingMean + c, mean, n.momentum, count);
      follow(n.movingVariance + c, variance, n.momentum, count);
    }
  });
}

struct RowsNormalizationGradient {
  Index rows, channels;
  float epsilon;
  const float *mean, *variance, *gamma;
  float *dGamma, *dBeta;
};

/** dx = γ/σ · (dy − Σ dy / n − x̂ · Σ dy·x̂ / n), with x̂ the normalized x. */
static void normalizeRowsGradient(const RowsNormalizationGradient& n, const float* dy, const float* x, float* dx) {
  const float share = 1.0f / static_cast<float>(n.rows);
  ectopy::parallelFor((n.channels + kChannels - 1) / kChannels, [&](Index part) {
    const Index end = n.channels < (part + 1) * kChannels ? n.channels : (part + 1) * kChannels;
    for (Index c = part * kChannels; c < end; c += kWidth) {
      const Index count = n.channels - c;
      const Vec mean = loadUpTo(n.mean + c, count);
      const Vec inverse = 1.0f / squareRoot(loadUpTo(n.variance + c, count) + n.epsilon);
      const auto of = [&](const float* rows, Index r) { return loadUpTo(rows + r * n.channels + c, count); };
      const Vec sum = sumOverRows(n.rows, [&](Index r) { return of(dy, r); });
      const Vec product = sumOverRows(n.rows, [&](Index r) { return of(dy, r) * (of(x, r) - mean); }) * inverse;
      const Vec factor = loadUpTo(n.gamma + c, count) * inverse;
      const Vec slope = factor * product * inverse * share, level = factor * sum * share;
      for (Index r = 0; r < n.rows; r++) {
        const Vec gradient = of(dy, r) * factor - level - (of(x, r) - mean) * slope;
        storeUpTo(dx + r * n.channels + c, gradient, count);
      }
      storeUpTo(n.dGamma + c, product, count);
      storeUpTo(n.dBeta + c, sum, count);
    }
  });
}

}  // namespace ECTOPY_TARGET
