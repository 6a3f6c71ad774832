// Kernels that work on each value alone, or move values.
#pragma once

#include "activations.h"
#include "pool.h"
#include "rows.h"

namespace ECTOPY_TARGET {

/** Values of a part of the work. */
constexpr Index kElements = 8 * 1024;

/** Calls work(from, count) for parts of `count` values, each but the last a multiple of a vector. */
template <typename Work>
static inline void forElements(Index count, Work&& work) {
  ectopy::parallelFor((count + kElements - 1) / kElements, [&](Index part) {
    const Index from = part * kElements;
    work(from, count - from < kElements ? count - from : kElements);
  });
}

/** Activations in the order of src/contract/domain/networks.ts. */
enum Activation : int32_t { kLinear, kRelu, kElu, kSelu, kGelu, kSwish, kTanh, kSigmoid };

constexpr float kSeluScale = 1.0507009873554804934193349852946f;
constexpr float kSeluAlpha = 1.6732632423543772848170429916717f;
constexpr float kHalfRoot = 0.70710678118654752440f;
/** 1 / √(2π) */
constexpr float kDensity = 0.39894228040143267794f;

template <Activation Of>
static ECTOPY_INLINE Vec activated(Vec x) {
  if constexpr (Of == kRelu) return relu(x);
  if constexpr (Of == kElu) return x < Vec{} ? exponentialMinus1(x) : x;
  if constexpr (Of == kSelu) return x < Vec{} ? exponentialMinus1(x) * (kSeluScale * kSeluAlpha) : x * kSeluScale;
  if constexpr (Of == kGelu) return x * (errorFunction(x * kHalfRoot) + 1.0f) * 0.5f;
  if constexpr (Of == kSwish) return x * sigmoid(x);
  if constexpr (Of == kTanh) return tanh(x);
  if constexpr (Of == kSigmoid) return sigmoid(x);
  return x;
}

/** @param kept the output; the input of GELU and swish */
template <Activation Of>
static ECTOPY_INLINE Vec activationGradient(Vec d, Vec kept) {
  if constexpr (Of == kRelu) return reluGrad(d, kept);
  if constexpr (Of == kElu) return kept < Vec{} ? d * (kept + 1.0f) : d;
  if constexpr (Of == kSelu) return kept < Vec{} ? d * (kept + kSeluScale * kSeluAlpha) : d * kSeluScale;
  if constexpr (Of == kGelu) {
    const Vec distribution = (errorFunction(kept * kHalfRoot) + 1.0f) * 0.5f;
    return d * (distribution + kept * exponential(kept * kept * -0.5f) * kDensity);
  }
  if constexpr (Of == kSwish) {
    const Vec s = sigmoid(kept);
    return d * (s + kept * s * (1.0f - s));
  }
  if constexpr (Of == kTanh) return d * (1.0f - kept * kept);
  if constexpr (Of == kSigmoid) return d * kept * (1.0f - kept);
  return d;
}

/** Calls work.template run<Of>() with the activation as a constant. */
template <typename Work>
static inline void withActivation(int32_t of, Work&& work) {
  switch (of) {
    case kRelu: return work.template run<kRelu>();
    case kElu: return work.template run<kElu>();
    case kSelu: return work.template run<kSelu>();
    case kGelu: return work.template run<kGelu>();
    case kSwish: return work.template run<kSwish>();
    case kTanh: return work.template run<kTanh>();
    case kSigmoid: return work.template run<kSigmoid>();
    default: return work.template run<kLinear>();
  }
}

/** y [rows, columns] = activation(y + bias), rows `stride` apart. The bias may be missing. */
struct BiasAndActivation {
  float* y;
  Index rows, columns, stride;
  const float* bias;

  template <Activation Of>
  void run() const {
    for (Index c = 0; c < columns; c += kWidth) {
      const Index count = columns - c;
      const Vec added = biasUpTo(bias, c, count);
      for (Index r = 0; r < rows; r++) {
        float* at = y + r * stride + c;
        storeUpTo(at, activated<Of>(loadUpTo(at, count) + added), count);
      }
    }
  }
};

/** y = f(a, b), value by value. */
template <typename Function>
static inline void combine(Index count, const float* a, const float* b, float* y, Function&& f) {
  forElements(count, [&](Index from, Index size) {
    for (Index i = from; i < from + size; i += kWidth) {
      const Index left = from + size - i;
      storeUpTo(y + i, f(loadUpTo(a + i, left), loadUpTo(b + i, left)), left);
    }
  });
}

struct ActivationForward {
  Index count;
  const float* x;
  float* y;

  template <Activation Of>
  void run() const {
    combine(count, x, x, y, [](Vec value, Vec) { return activated<Of>(value); });
  }
};

struct ActivationBackward {
  Index count;
  const float* kept;
  float* d;

  template <Activation Of>
  void run() const {
    combine(count, d, kept, d, [](Vec by, Vec of) { return activationGradient<Of>(by, of); });
  }
};

static void scale(Index count, float factor, const float* x, float* y) {
  combine(count, x, x, y, [factor](Vec value, Vec) { return value * factor; });
}

/** [first, second, channels] → [second, first, channels] */
static void swapAxes(Index first, Index second, Index channels, const float* x, float* y) {
  ectopy::parallelFor((second + 31) / 32, [&](Index part) {
    const Index from = part * 32, to = second < from + 32 ? second : from + 32;
    if (channels == 1) return transpose(x + from, second, first, to - from, y + from * first, first);
    for (Index f = 0; f < first; f++) {
      for (Index s = from; s < to; s++) {
        memcpy(
            y + (s * first + f) * channels, x + (f * second + s) * channels,
            static_cast<size_t>(channels) * sizeof(float));
      }
    }
  });
}

/** Reverses the middle axis of [outer, time, inner]. */
static void reverse(Index outer, Index time, Index inner, const float* x, float* y) {
  ectopy::parallelFor(outer * time, [&](Index row) {
    const Index o = row / time, t = row % time;
    memcpy(
        y + (o * time + time - 1 - t) * inner, x + (o * time + t) * inner,
        static_cast<size_t>(inner) * sizeof(float));
  });
}

/** y = x · mask; x and y [batch, time, channels], mask [batch, channels] */
static void multiplyChannels(
    Index batch, Index time, Index channels, const float* x, const float* mask, float* y) {
  ectopy::parallelFor(batch, [&](Index beat) {
    const float* factors = mask + beat * channels;
    for (Index at = beat * time * channels; at < (beat + 1) * time * channels; at += channels) {
      for (Index c = 0; c < channels; c += kWidth) {
        const Index count = channels - c;
        storeUpTo(y + at + c, loadUpTo(x + at + c, count) * loadUpTo(factors + c, count), count);
      }
    }
  });
}

struct Columns {
  Index rows, fromColumns, from, toColumns, to, count;
};

static void copyColumns(const Columns& c, const float* x, float* y) {
  const Index rows = kElements / c.count + 1;
  ectopy::parallelFor((c.rows + rows - 1) / rows, [&](Index part) {
    const Index end = c.rows < (part + 1) * rows ? c.rows : (part + 1) * rows;
    for (Index r = part * rows; r < end; r++) {
      memcpy(
          y + r * c.toColumns + c.to, x + r * c.fromColumns + c.from, static_cast<size_t>(c.count) * sizeof(float));
    }
  });
}

/** Rows of y: zeros, a row of x from column `to` on, zeros. */
static void padRows(const Columns& c, const float* x, float* y) {
  ectopy::parallelFor(c.rows, [&](Index r) {
    float* row = y + r * c.toColumns;
    fillZeros(row, c.to);
    memcpy(row + c.to, x + r * c.fromColumns, static_cast<size_t>(c.count) * sizeof(float));
    fillZeros(row + c.to + c.count, c.toColumns - c.to - c.count);
  });
}

}  // namespace ECTOPY_TARGET
