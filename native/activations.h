// Sigmoid and tanh of vectors. What is no number stays none. Largest relative errors that were found: of the exponential 8.2e-8,
// of sigmoid 1.5e-7, of tanh 3.4e-7 (tests/native/activations.cpp).
#pragma once

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

}  // namespace ECTOPY_TARGET
