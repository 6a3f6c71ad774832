// Convolutions of stride 1 by minimal filtering: m outputs of a kernel of k taps take m + k − 1 products instead of m · k
// (Toom 1963; Cook 1966; Winograd, "Arithmetic Complexity of Computations", 1980; Lavin & Gray, "Fast Algorithms for
// Convolutional Neural Networks", 2016).
//
// The products are those of polynomials, taken at 8 points: 0, ±1, ±2, ±½ and ∞. So a tile is 8 times of the input and
// m = 9 − k of the output: 2.5 times fewer products for 5 taps, 2.25 for 3. With U = G · kernel, V = Bᵀ · input and products
// P = U ∘ V, output = Aᵀ · P; the gradients go through the transposed matrices. Float32 rounds about five times as much as in
// the direct sum: 1e-6 of the output's standard deviation, measured for the reference network's layers.
#pragma once

#include "rows.h"

namespace ECTOPY_TARGET {

constexpr int kPoints = 8;

constexpr int kMinTaps = 2;
constexpr int kMaxTaps = 7;

/** Times of a tile's output. */
constexpr int tileTimes(int taps) { return kPoints + 1 - taps; }

/** The points in their order: 0, then each of these with + and −, then ∞. */
constexpr float kPair[3] = {1, 2, 0.5F};

/** 1 / Π (point − other points), the same for + and −. */
constexpr float kPairScale[3] = {-2.0F / 9, 1.0F / 90, 32.0F / 45};

struct PairPowers {
  float of[3][kPoints] = {};
  constexpr PairPowers() {
    for (int q = 0; q < 3; q++) {
      of[q][0] = 1;
      for (int i = 1; i < kPoints; i++) of[q][i] = of[q][i - 1] * kPair[q];
    }
  }
};

/** kPair[q] to the power of i, as a table: Clang would call a function for each. */
constexpr PairPowers kPowers;

/** A polynomial's values at the points, from its coefficients: A · d. */
template <int N>
static ECTOPY_INLINE void evaluate(const Vec (&d)[N], Vec (&e)[kPoints]) {
  e[0] = d[0];
  e[kPoints - 1] = d[N - 1];
#pragma GCC unroll 8
  for (int q = 0; q < 3; q++) {
    Vec even = d[0], odd = d[1] * kPowers.of[q][1];
#pragma GCC unroll 8
    for (int i = 2; i < N; i++) (i % 2 == 0 ? even : odd) += d[i] * kPowers.of[q][i];
    e[1 + 2 * q] = even + odd;
    e[2 + 2 * q] = even - odd;
  }
}

/** Aᵀ · e */
template <int N>
static ECTOPY_INLINE void evaluateTransposed(const Vec (&e)[kPoints], Vec (&d)[N]) {
  Vec even[3], odd[3];
#pragma GCC unroll 8
  for (int q = 0; q < 3; q++) {
    even[q] = e[1 + 2 * q] + e[2 + 2 * q];
    odd[q] = e[1 + 2 * q] - e[2 + 2 * q];
  }
#pragma GCC unroll 8
  for (int i = 0; i < N; i++) {
    const Vec(&part)[3] = i % 2 == 0 ? even : odd;
    d[i] = part[0] + part[1] * kPowers.of[1][i] + part[2] * kPowers.of[2][i];
  }
  d[0] += e[0];
  d[N - 1] += e[kPoints - 1];
}

static ECTOPY_INLINE void scalePoints(Vec (&e)[kPoints]) {
#pragma GCC unroll 8
  for (int q = 0; q < 3; q++) {
    e[1 + 2 * q] *= kPairScale[q];
    e[2 + 2 * q] *= kPairScale[q];
  }
}

/** Bᵀ · d: rows are the coefficients of Π (x − other points). */
static ECTOPY_INLINE void transformInput(const Vec (&d)[kPoints], Vec (&v)[kPoints]) {
  const Vec even1 = d[2] + d[6] - d[4] * 4.25F, odd1 = d[1] + d[5] - d[3] * 4.25F;
  const Vec even2 = d[6] + d[2] * 0.25F - d[4] * 1.25F, odd2 = d[1] * 0.5F - d[3] * 2.5F + d[5] * 2.0F;
  const Vec even3 = d[6] + d[2] * 4.0F - d[4] * 5.0F, odd3 = d[1] * 2.0F - d[3] * 2.5F + d[5] * 0.5F;
  v[0] = d[0] - d[6] + (d[4] - d[2]) * 5.25F;
  v[1] = even1 + odd1;
  v[2] = even1 - odd1;
  v[3] = even2 + odd2;
  v[4] = even2 - odd2;
  v[5] = even3 + odd3;
  v[6] = even3 - odd3;
  v[7] = d[7] - d[1] + (d[3] - d[5]) * 5.25F;
}

/** B · v */
static ECTOPY_INLINE void transformInputTransposed(const Vec (&v)[kPoints], Vec (&d)[kPoints]) {
  const Vec even1 = v[1] + v[2], odd1 = v[1] - v[2];
  const Vec even2 = v[3] + v[4], odd2 = v[3] - v[4];
  const Vec even3 = v[5] + v[6], odd3 = v[5] - v[6];
  d[0] = v[0];
  d[1] = odd1 + odd2 * 0.5F + odd3 * 2.0F - v[7];
  d[2] = even1 + even2 * 0.25F + even3 * 4.0F - v[0] * 5.25F;
  d[3] = (v[7] * 5.25F - odd1 * 4.25F) - (odd2 + odd3) * 2.5F;
  d[4] = (v[0] * 5.25F - even1 * 4.25F) - even2 * 1.25F - even3 * 5.0F;
  d[5] = odd1 + odd2 * 2.0F + odd3 * 0.5F - v[7] * 5.25F;
  d[6] = even1 + even2 + even3 - v[0];
  d[7] = v[7];
}

}  // namespace ECTOPY_TARGET
