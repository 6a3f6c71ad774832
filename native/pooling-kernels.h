// Pooling of sequences along time. Beats are shared out among the threads.
#pragma once

#include "pool.h"
#include "rows.h"

namespace ECTOPY_TARGET {

struct PoolingShape {
  Index batch, time, channels, pool, stride, before, outTime;
};

/** The samples of a window that exist: the padding has none. */
struct Window {
  /** Time of the first one, and its position in the window. */
  Index first, position;
  Index count;

  Window(const PoolingShape& s, Index number) {
    const Index start = number * s.stride - s.before, end = start + s.pool;
    first = start < 0 ? 0 : start;
    position = first - start;
    count = (end < s.time ? end : s.time) - first;
  }
};

/** Positions of the largest values, from the first of a window on, as vectors of integers. */
static ECTOPY_INLINE IntVec positions(int32_t value) { return IntVec{} + value; }

/** @param chosen the position of each window's largest value, the first of equal ones; null where it is not needed */
static void maxPool(const PoolingShape& s, const float* x, float* y, float* chosen) {
  ectopy::parallelFor(s.batch, [&](Index beat) {
    const float* from = x + beat * s.time * s.channels;
    const Index first = beat * s.outTime * s.channels;
    for (Index t = 0; t < s.outTime; t++) {
      const Window window(s, t);
      const float* samples = from + window.first * s.channels;
      const IntVec zeroth = positions(static_cast<int32_t>(window.position));
      for (Index c = 0; c < s.channels; c += kWidth) {
        const Index at = first + t * s.channels + c, count = s.channels - c;
        Vec largest = loadUpTo(samples + c, count);
        IntVec position = zeroth;
        for (Index p = 1; p < window.count; p++) {
          const Vec value = loadUpTo(samples + p * s.channels + c, count);
          // What is not a number is passed on.
          const IntVec larger = (value > largest) | ((value != value) & (largest == largest));
          position = larger ? zeroth + positions(static_cast<int32_t>(p)) : position;
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
        to[(t * s.stride - s.before + position) * s.channels + c] += from[t * s.channels + c];
      }
    }
  });
}

/** y [batch, outTime, channels] = the mean of each window. */
static void averageWindows(const PoolingShape& s, const float* x, float* y) {
  ectopy::parallelFor(s.batch, [&](Index beat) {
    const float* from = x + beat * s.time * s.channels;
    float* to = y + beat * s.outTime * s.channels;
    for (Index t = 0; t < s.outTime; t++, to += s.channels) {
      const Window window(s, t);
      const float* samples = from + window.first * s.channels;
      const auto size = static_cast<float>(window.count);
      for (Index c = 0; c < s.channels; c += kWidth) {
        const Index count = s.channels - c;
        Vec sum = loadUpTo(samples + c, count);
        for (Index p = 1; p < window.count; p++) sum += loadUpTo(samples + p * s.channels + c, count);
        storeUpTo(to + c, sum / size, count);
      }
    }
  });
}

static void averageWindowsGradient(const PoolingShape& s, const float* dy, float* dx) {
  ectopy::parallelFor(s.batch, [&](Index beat) {
    float* to = dx + beat * s.time * s.channels;
    fillZeros(to, s.time * s.channels);
    const float* from = dy + beat * s.outTime * s.channels;
    for (Index t = 0; t < s.outTime; t++, from += s.channels) {
      const Window window(s, t);
      float* samples = to + window.first * s.channels;
      const auto size = static_cast<float>(window.count);
      for (Index c = 0; c < s.channels; c += kWidth) {
        const Index count = s.channels - c;
        const Vec share = loadUpTo(from + c, count) / size;
        for (Index p = 0; p < window.count; p++) {
          float* at = samples + p * s.channels + c;
          storeUpTo(at, loadUpTo(at, count) + share, count);
        }
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
