// Gradient clipping and optimizers over all weights at once (src/engine/optimizers has their sources and Keras' variants).
#pragma once

#include "elementwise-kernels.h"
#include "normalize-rows-kernels.h"

namespace ECTOPY_TARGET {

static void clipValues(Index count, float limit, float* gradients) {
  combine(count, gradients, gradients, gradients, [limit](Vec g, Vec) { return clamp(g, -limit, limit); });
}

/** Σ value² in double precision, in an order that depends on the count alone. */
static inline double sumOfSquares(const float* values, Index count) {
  double total = 0;
  for (Index from = 0; from < count; from += kElements) {
    const Index end = count < from + kElements ? count : from + kElements;
    Vec sums{};
    for (Index i = from; i < end; i += kWidth) {
      const Vec value = loadUpTo(values + i, end - i);
      sums += value * value;
    }
    for (int i = 0; i < kWidth; i++) total += sums[i];
  }
  return total;
}

/** Offset and count of each weight's gradient among all gradients. */
struct Segment {
  int32_t offset, count;
};

static inline Segment segmentOf(const float* segments, Index i) {
  Segment segment;
  memcpy(&segment, segments + 2 * i, sizeof segment);
  return segment;
}

/** @param together whether the norm is that of all gradients */
static void clipNorms(Index count, bool together, float limit, const float* segments, float* gradients) {
  Floats factors(count);
  ectopy::parallelFor(count, [&](Index i) {
    const Segment s = segmentOf(segments, i);
    factors.data()[i] = static_cast<float>(sumOfSquares(gradients + s.offset, s.count));
  });
  double all = 0;
  for (Index i = 0; i < count; i++) all += factors.data()[i];
  for (Index i = 0; i < count; i++) {
    const double norm = __builtin_sqrt(together ? all : factors.data()[i]);
    factors.data()[i] = static_cast<float>(norm > limit ? limit / norm : 1);
  }
  ectopy::parallelFor(count, [&](Index i) {
    const Segment s = segmentOf(segments, i);
    for (Index at = 0; at < s.count; at += kWidth) {
      float* g = gradients + s.offset + at;
      storeUpTo(g, loadUpTo(g, s.count - at) * factors.data()[i], s.count - at);
    }
  });
}

struct AdamRates {
  float rate, kept, beta1, beta2, epsilon;
  bool decays;
};

static void adam(Index count, const AdamRates& a, const float* gradients, float* weights, float* means, float* squares) {
  forElements(count, [&](Index from, Index size) {
    for (Index i = from; i < from + size; i += kWidth) {
      const Index left = from + size - i;
      const Vec g = loadUpTo(gradients + i, left);
      Vec w = loadUpTo(weights + i, left), m = loadUpTo(means + i, left), v = loadUpTo(squares + i, left);
      m += (g - m) * (1.0f - a.beta1);
      v += (g * g - v) * (1.0f - a.beta2);
      if (a.decays) w *= a.kept;
      w -= m * a.rate / (squareRoot(v) + a.epsilon);
      storeUpTo(means + i, m, left);
      storeUpTo(squares + i, v, left);
      storeUpTo(weights + i, w, left);
    }
  });
}

/** @param velocities null without momentum */
static void sgd(
    Index count, float rate, float momentum, bool nesterov, const float* gradients, float* weights, float* velocities) {
  forElements(count, [&](Index from, Index size) {
    for (Index i = from; i < from + size; i += kWidth) {
      const Index left = from + size - i;
      const Vec descent = loadUpTo(gradients + i, left) * -rate;
      Vec change = descent;
      if (velocities != nullptr) {
        const Vec velocity = loadUpTo(velocities + i, left) * momentum + descent;
        storeUpTo(velocities + i, velocity, left);
        change = nesterov ? velocity * momentum + descent : velocity;
      }
      storeUpTo(weights + i, loadUpTo(weights + i, left) + change, left);
    }
  });
}

struct RmspropRates {
  float rate, rho, momentum, epsilon;
};

static void rmsprop(
    Index count, const RmspropRates& a, const float* gradients, float* weights, float* squares, float* changes) {
  forElements(count, [&](Index from, Index size) {
    for (Index i = from; i < from + size; i += kWidth) {
      const Index left = from + size - i;
      const Vec g = loadUpTo(gradients + i, left);
      Vec v = loadUpTo(squares + i, left), change = loadUpTo(changes + i, left);
      v += (g * g - v) * (1.0f - a.rho);
      change = change * a.momentum + g * a.rate / squareRoot(v + a.epsilon);
      storeUpTo(squares + i, v, left);
      storeUpTo(changes + i, change, left);
      storeUpTo(weights + i, loadUpTo(weights + i, left) - change, left);
    }
  });
}

}  // namespace ECTOPY_TARGET
