// Sigmoid and tanh of vectors. What is no number stays none. Largest relative errors that were found: of the exponential 8.2e-8,
// of sigmoid 1.5e-7, of tanh 3.4e-7 (tests/native/activations.cpp).
#pragma once

#include <cstring>

#include "simd.h"

namespace ECTOPY_TARGET {

static ECTOPY_INLINE Vec clamp(Vec x, float low, float high) {
  x = x < low ? broadcast(low) : x;
  return x > high ? broadcast(high) : x;
}

/**
 * eˣ for x in [-87, 88], clamped to it: 2ⁿ · eʳ with |r| ≤ ln 2 / 2, eʳ by a polynomial (coefficients: expf of S. Moshier's
 * Cephes library).
 */
static ECTOPY_INLINE Vec exponential(Vec x) {
  x = clamp(x, -87.0f, 88.0f);
  // Added to a float, it rounds that to a whole number, which the sum's lowest bits then hold.
  const float rounder = 12582912.0f;
  const Vec shifted = x * 1.44269504088896341f + rounder;
  const Vec n = shifted - rounder;
  const Vec r = x - n * 0.693359375f + n * 2.12194440e-4f;
  Vec p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  const IntVec scale = (reinterpret_cast<IntVec>(shifted) << 23) + 0x3f800000;
  return p * reinterpret_cast<Vec>(scale);
}

/** ln((1 + m) · 2ⁿ) for 1 + m in [√½, √2), of numbers or vectors (coefficients: logf of S. Moshier's Cephes library). */
template <typename Number>
static ECTOPY_INLINE Number logarithmOf(Number m, Number n) {
  const Number z = m * m;
  Number p = m * 7.0376836292e-2f - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  return m * z * p - n * 2.12194440e-4f - 0.5f * z + m + n * 0.693359375f;
}

/** ln x for x > 0. */
static inline float logarithm(float x) {
  int32_t bits;
  memcpy(&bits, &x, sizeof bits);
  int32_t exponent = ((bits >> 23) & 0xFF) - 126;
  bits = (bits & 0x007FFFFF) | 0x3F000000;
  float m;
  memcpy(&m, &bits, sizeof m);
  if (m < 0.707106781186547524f) {
    exponent--;
    m = m + m - 1.0f;
  } else {
    m = m - 1.0f;
  }
  return logarithmOf(m, static_cast<float>(exponent));
}

static ECTOPY_INLINE Vec sigmoid(Vec x) { return 1.0f / (1.0f + exponential(-x)); }

/** A ratio of polynomials, odd over even, as TensorFlow's own (Eigen's ptanh_float, whose coefficients these are). */
static ECTOPY_INLINE Vec tanh(Vec x) {
  x = clamp(x, -7.90531110763549805f, 7.90531110763549805f);
  const Vec s = x * x;
  Vec p = s * -2.76076847742355e-16f + 2.00018790482477e-13f;
  p = p * s - 8.60467152213735e-11f;
  p = p * s + 5.12229709037114e-08f;
  p = p * s + 1.48572235717979e-05f;
  p = p * s + 6.37261928875436e-04f;
  p = p * s + 4.89352455891786e-03f;
  Vec q = s * 1.19825839466702e-06f + 1.18534705686654e-04f;
  q = q * s + 2.26843463243900e-03f;
  q = q * s + 4.89352518554385e-03f;
  return x * p / q;
}

/** eˣ − 1 for x ≤ 0, exact near 0. */
static ECTOPY_INLINE Vec exponentialMinus1(Vec x) {
  const Vec t = tanh(x * 0.5f);
  // Below, tanh is too close to −1.
  return x < -8.0f ? exponential(x) - 1.0f : 2.0f * t / (1.0f - t);
}

/** The error function: a ratio of polynomials (Eigen's erf of floats, whose coefficients these are). */
static ECTOPY_INLINE Vec errorFunction(Vec x) {
  x = clamp(x, -4.0f, 4.0f);
  const Vec s = x * x;
  Vec p = s * -2.72614225801306e-10f + 2.77068142495902e-08f;
  p = p * s - 2.10102402082508e-06f;
  p = p * s - 5.69250639462346e-05f;
  p = p * s - 7.34990630326855e-04f;
  p = p * s - 2.95459980854025e-03f;
  p = p * s - 1.60960333262415e-02f;
  Vec q = s * -1.45660718464996e-05f - 2.13374055278905e-04f;
  q = q * s - 1.68282697438203e-03f;
  q = q * s - 7.37332916720468e-03f;
  q = q * s - 1.42647390514189e-02f;
  return x * p / q;
}

}  // namespace ECTOPY_TARGET
