// Layer normalization (Ba et al. 2016): each row has its own mean and variance. Rows are shared out among the threads; what is
// summed over rows is summed in parts whose size does not depend on the threads.
#pragma once

#include "pool.h"
#include "rows.h"

namespace ECTOPY_TARGET {

/** Rows of a part, at least; parts, at most. */
constexpr Index kLayerRows = 64;
constexpr Index kLayerParts = 128;

/** How rows are cut into parts. */
struct LayerParts {
  Index rows, size, count;
  explicit LayerParts(Index rows) : rows(rows) {
    const Index even = (rows + kLayerParts - 1) / kLayerParts;
    size = even < kLayerRows ? kLayerRows : even;
    count = (rows + size - 1) / size;
  }
  Index end(Index part) const { return rows < (part + 1) * size ? rows : (part + 1) * size; }
};

/** The first `count` lanes; zeros after them. */
static ECTOPY_INLINE Vec onlyUpTo(Vec value, Index count) {
  if (count >= kWidth) return value;
  float values[kWidth] = {};
  storeUpTo(values, value, count);
  return load(values);
}

static ECTOPY_INLINE float sumOfLanes(Vec value) {
  float sum = value[0];
  for (int i = 1; i < kWidth; i++) sum += value[i];
  return sum;
}

struct LayerWeights {
  const float *gamma, *beta;
};

/** @param statistics mean and 1 / σ of each row, [rows, 2]; null where they are not needed */
static void normalizeLayer(
    Index rows, Index channels, float epsilon, const float* x, const LayerWeights& weights, float* y,
    float* statistics) {
  const LayerParts parts(rows);
  const float share = 1.0f / static_cast<float>(channels);
  ectopy::parallelFor(parts.count, [&](Index part) {
    for (Index r = part * parts.size; r < parts.end(part); r++) {
      const float* row = x + r * channels;
      float* to = y + r * channels;
      Vec sums{}, squares{};
      for (Index c = 0; c < channels; c += kWidth) sums += loadUpTo(row + c, channels - c);
      const float mean = sumOfLanes(sums) * share;
      for (Index c = 0; c < channels; c += kWidth) {
        const Vec distance = onlyUpTo(loadUpTo(row + c, channels - c) - mean, channels - c);
        squares += distance * distance;
      }
      const float inverse = 1.0f / __builtin_sqrtf(sumOfLanes(squares) * share + epsilon);
      for (Index c = 0; c < channels; c += kWidth) {
        const Index count = channels - c;
        const Vec normalized = (loadUpTo(row + c, count) - mean) * inverse;
        storeUpTo(to + c, normalized * loadUpTo(weights.gamma + c, count) + loadUpTo(weights.beta + c, count), count);
      }
      if (statistics == nullptr) continue;
      statistics[2 * r] = mean;
      statistics[2 * r + 1] = inverse;
    }
  });
}

struct LayerNormalization {
  const float *dy, *x, *statistics, *gamma;
};

struct LayerGradients {
  /** [rows, channels]; null where it is not needed. */
  float* x;
  /** [channels] */
  float *gamma, *beta;
};

/** dx = 1/σ · (g − mean g − x̂ · mean g·x̂), with g = dy · γ and x̂ the normalized x. */
static inline void layerRowGradient(
    Index channels, const LayerNormalization& n, Index row, float mean, float inverse, float* dx) {
  const float share = 1.0f / static_cast<float>(channels);
  const float *dy = n.dy + row * channels, *x = n.x + row * channels;
  Vec sums{}, products{};
  for (Index c = 0; c < channels; c += kWidth) {
    const Index count = channels - c;
    const Vec g = loadUpTo(dy + c, count) * loadUpTo(n.gamma + c, count);
    sums += g;
    products += g * (loadUpTo(x + c, count) - mean);
  }
  const float level = sumOfLanes(sums) * share, slope = sumOfLanes(products) * inverse * inverse * share;
  for (Index c = 0; c < channels; c += kWidth) {
    const Index count = channels - c;
    const Vec g = loadUpTo(dy + c, count) * loadUpTo(n.gamma + c, count);
    storeUpTo(dx + c, (g - level - (loadUpTo(x + c, count) - mean) * slope) * inverse, count);
  }
}

static void normalizeLayerGradient(
    Index rows, Index channels, const LayerNormalization& n, const LayerGradients& gradients) {
  const LayerParts parts(rows);
  Floats gammas(parts.count * channels), betas(parts.count * channels);
  fillZeros(gammas.data(), parts.count * channels);
  fillZeros(betas.data(), parts.count * channels);
  ectopy::parallelFor(parts.count, [&](Index part) {
    float *gamma = gammas.data() + part * channels, *beta = betas.data() + part * channels;
    for (Index r = part * parts.size; r < parts.end(part); r++) {
      const float mean = n.statistics[2 * r], inverse = n.statistics[2 * r + 1];
      const float *dy = n.dy + r * channels, *x = n.x + r * channels;
      for (Index c = 0; c < channels; c += kWidth) {
        const Index count = channels - c;
        const Vec d = loadUpTo(dy + c, count), normalized = (loadUpTo(x + c, count) - mean) * inverse;
        storeUpTo(gamma + c, loadUpTo(gamma + c, count) + d * normalized, count);
        storeUpTo(beta + c, loadUpTo(beta + c, count) + d, count);
      }
      if (gradients.x != nullptr) layerRowGradient(channels, n, r, mean, inverse, gradients.x + r * channels);
    }
  });
  sumParts(gammas.data(), parts.count, channels, gradients.gamma);
  sumParts(betas.data(), parts.count, channels, gradients.beta);
}

}  // namespace ECTOPY_TARGET
