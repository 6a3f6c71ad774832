// Rows of floats, vector by vector, whose length need not be a multiple of a vector's; sums of rows in their own, fixed order.
#pragma once

#include "gemm.h"

namespace ECTOPY_TARGET {

/** The first `count` floats, or a whole vector; zeros after them. */
static ECTOPY_INLINE Vec loadUpTo(const float* p, Index count) {
  if (count >= kWidth) return load(p);
  float values[kWidth] = {};
  memcpy(values, p, static_cast<size_t>(count) * sizeof(float));
  return load(values);
}

/** The vector's first `count` floats, or all of it. */
static ECTOPY_INLINE void storeUpTo(float* p, Vec value, Index count) {
  if (count >= kWidth) return store(p, value);
  float values[kWidth];
  store(values, value);
  memcpy(p, values, static_cast<size_t>(count) * sizeof(float));
}

/** The biases of `count` columns from c on; zeros where a layer has none. */
static ECTOPY_INLINE Vec biasUpTo(const float* bias, Index c, Index count) {
  return bias == nullptr ? Vec{} : loadUpTo(bias + c, count);
}

static inline void fillZeros(float* p, Index count) { memset(p, 0, static_cast<size_t>(count) * sizeof(float)); }

/** sum [n] = Σ parts [count, n], from the first part to the last. */
static inline void sumParts(const float* parts, Index count, Index n, float* sum) {
  for (Index i = 0; i < n; i += kWidth) {
    Vec total{};
    for (Index part = 0; part < count; part++) total += loadUpTo(parts + part * n + i, n - i);
    storeUpTo(sum + i, total, n - i);
  }
}

/** Where a ReLU gave 0, nothing comes back. @param y what the ReLU gave */
static ECTOPY_INLINE Vec reluGrad(Vec dy, Vec y) { return y > Vec{} ? dy : Vec{}; }

/** What is not a number stays so: a training that diverges must show it. */
static ECTOPY_INLINE Vec relu(Vec x) { return x < Vec{} ? Vec{} : x; }

}  // namespace ECTOPY_TARGET
