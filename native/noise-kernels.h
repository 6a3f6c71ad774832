// Normal random numbers by Box and Muller, as TensorFlow's StatelessRandomNormal draws them of a stream.
#pragma once

#include "activations.h"
#include "dropout-kernels.h"
#include "normalize-rows-kernels.h"

namespace ECTOPY_TARGET {

/** logarithm() of vectors, for 0 < x ≤ 1. */
static ECTOPY_INLINE Vec logarithms(Vec x) {
  const IntVec bits = reinterpret_cast<IntVec>(x);
  const IntVec exponent = (bits >> 23) - 126;
  const Vec mantissa = reinterpret_cast<Vec>((bits & 0x007FFFFF) | 0x3F000000);
  const IntVec isLow = mantissa < 0.707106781186547524f;
  const Vec m = isLow ? mantissa + mantissa - 1.0f : mantissa - 1.0f;
  // The comparison is −1 where it holds.
  const Vec n = __builtin_convertvector(exponent + isLow, Vec);
  return logarithmOf(m, n);
}

struct SineAndCosine {
  Vec sine, cosine;
};

/** sin 2πu and cos 2πu for u in [0, 1) (coefficients: sinf and cosf of S. Moshier's Cephes library). */
static ECTOPY_INLINE SineAndCosine ofTurn(Vec u) {
  // The nearest quarter of a turn: 0 to 4.
  const IntVec quarter = __builtin_convertvector(u * 4.0f + 0.5f, IntVec);
  const Vec x = (u - __builtin_convertvector(quarter, Vec) * 0.25f) * 6.283185307179586f;
  const Vec z = x * x;
  const Vec s = ((z * -1.9515295891e-4f + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * x + x;
  const Vec c = ((z * 2.443315711809948e-5f - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) * z * z - 0.5f * z + 1.0f;
  const IntVec isOdd = (quarter & 1) != 0;
  const Vec sine = isOdd ? c : s, cosine = isOdd ? s : c;
  const IntVec isSineNegative = (quarter & 2) != 0, isCosineNegative = ((quarter + 1) & 2) != 0;
  return {isSineNegative ? -sine : sine, isCosineNegative ? -cosine : cosine};
}

/** A number in [0, 1) of the lower 23 bits. */
static ECTOPY_INLINE Vec uniformOf(WideVec drawn) {
  return reinterpret_cast<Vec>((reinterpret_cast<IntVec>(drawn) & 0x7FFFFF) | 0x3F800000) - 1.0f;
}

/** y = x + deviation · normal numbers [from, from + kDrawn). @param from a multiple of kDrawn */
static void addNormals(
    const ectopy::RandomStream& stream, float deviation, ptrdiff_t from, const float* x, float* y) {
  WideVec c[4][kSets];
  drawGroups(stream, from, c);
  const WideVec low = everyLane(0xFFFFFFFF);
#pragma GCC unroll 2
  for (int set = 0; set < kSets; set++) {
    // Numbers 0 and 2 of a group side by side, and 1 and 3: each pair gives two normal numbers.
    const Vec radius = uniformOf((c[0][set] & low) | c[2][set] << 32);
    const Vec angle = uniformOf((c[1][set] & low) | c[3][set] << 32);
    const Vec length = squareRoot(logarithms(radius < 1e-7f ? broadcast(1e-7f) : radius) * -2.0f) * deviation;
    const SineAndCosine turn = ofTurn(angle);
    const WideVec sines = reinterpret_cast<WideVec>(turn.sine * length);
    const WideVec cosines = reinterpret_cast<WideVec>(turn.cosine * length);
    const WideVec first = (sines & low) | cosines << 32, second = sines >> 32 | (cosines & ~low);
    const ptrdiff_t at = 2 * set * kWidth;
    store(y + at, load(x + at) + reinterpret_cast<Vec>(interleavedLow(first, second)));
    store(y + at + kWidth, load(x + at + kWidth) + reinterpret_cast<Vec>(interleavedHigh(first, second)));
  }
}

static void gaussianNoise(
    const ectopy::RandomStream& stream, float deviation, ptrdiff_t count, const float* x, float* y) {
  const ptrdiff_t parts = (count + kDropoutPart - 1) / kDropoutPart;
  ectopy::parallelFor(parts, [&](ptrdiff_t part) {
    const ptrdiff_t end = count < (part + 1) * kDropoutPart ? count : (part + 1) * kDropoutPart;
    ptrdiff_t at = part * kDropoutPart;
    for (; at + kDrawn <= end; at += kDrawn) addNormals(stream, deviation, at, x + at, y + at);
    if (at == end) return;
    float rest[kDrawn] = {};
    memcpy(rest, x + at, static_cast<size_t>(end - at) * sizeof(float));
    addNormals(stream, deviation, at, rest, rest);
    memcpy(y + at, rest, static_cast<size_t>(end - at) * sizeof(float));
  });
}

}  // namespace ECTOPY_TARGET
