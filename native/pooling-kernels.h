// Pooling of sequences along time. Beats are shared out among the threads.
#pragma once

#include "pool.h"
#include "rows.h"

namespace ECTOPY_TARGET {

struct PoolingShape {
  Index batch, time, channels, pool, stride, outTime;
};

/** Positions of the largest values, from the first of a window on, as vectors of integers. */
static ECTOPY_INLINE IntVec positions(int32_t value) { return IntVec{} + value; }

/** @param chosen the position of each window's largest value, the first of equal ones; null where it is not needed */
static void maxPool(const PoolingShape& s, const float* x, float* y, float* chosen) {
  ectopy::parallelFor(s.batch, [&](Index beat) {
    const float* from = x + beat * s.time * s.channels;
    const Index first = beat * s.outTime * s.channels;
    for (Index t = 0; t < s.outTime; t++) {
      const float* window = from + t * s.stride * s.channels;
      for (Index c = 0; c < s.channels; c += kWidth) {
        const Index at = first + t * s.channels + c, count = s.channels - c;
        Vec largest = loadUpTo(window + c, count);
        IntVec position{};
        for (Index p = 1; p < s.pool; p++) {
          const Vec value = loadUpTo(window + p * s.channels + c, count);
          // What is not a number is passed on.
          const IntVec larger = (value > largest) | ((value != value) & (largest == largest));
          position = larger ? positions(static_cast<int32_t>(p)) : position;
          largest = larger ? value : largest;
        }
        storeUpTo(y + at, largest, count);
        if (chosen != nullptr) storeUpTo(chosen + at, reinterpret_cast<Vec>(position), count);
      }
    }
  });
}

static void maxPoolGradient(const PoolingShape& s, const float* dy, const float* chosen, float* dx) {
  ectopy::parallelFor(s.batch, [&](Index beat) {
    float* to = dx + beat * s.time * s.channels;
    fillZeros(to, s.time * s.channels);
    const float* from = dy + beat * s.outTime * s.channels;
    const float* positionsOf = chosen + beat * s.outTime * s.channels;
    for (Index t = 0; t < s.outTime; t++) {
      for (Index c = 0; c < s.channels; c++) {
        int32_t position;
        memcpy(&position, positionsOf + t * s.channels + c, sizeof position);
        to[(t * s.stride + position) * s.channels + c] += from[t * s.channels + c];
      }
    }
  });
}

/** y [batch, channels] = the mean over time. */
static void averagePool(Index batch, Index time, Index channels, const float* x, float* y) {
  ectopy::parallelFor(batch, [&](Index beat) {
    float* to = y + beat * channels;
    sumOverTime(x + beat * time * channels, time, channels, to);
    for (Index c = 0; c < channels; c++) to[c] /= static_cast<float>(time);
  });
}

static void averagePoolGradient(Index batch, Index time, Index channels, const float* dy, float* dx) {
  const float share = 1.0f / static_cast<float>(time);
  ectopy::parallelFor(batch, [&](Index beat) {
    for (Index t = 0; t < time; t++) {
      float* to = dx + (beat * time + t) * channels;
      for (Index c = 0; c < channels; c++) to[c] = dy[beat * channels + c] * share;
    }
  });
}

}  // namespace ECTOPY_TARGET
