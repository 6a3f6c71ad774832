// Dropout, vector by vector.
#pragma once

#include <cstring>

#include "dropout.h"
#include "philox.h"
#include "pool.h"
#include "wide-lanes.h"

namespace ECTOPY_TARGET {

/** Sets of lanes that are drawn at once: the products of one follow while those of the other are computed. */
constexpr int kSets = 2;
/** Numbers that are drawn at once: a group of four in each lane. */
constexpr ptrdiff_t kDrawn = kSets * 4 * kLanes;
/** Numbers of a part: enough to be worth a thread. */
constexpr ptrdiff_t kDropoutPart = 8 * 1024;

/** ectopy::philox() of counters in the lower halves of lanes. The upper halves hold anything afterwards. */
static ECTOPY_INLINE void philox(WideVec (&c)[4][kSets], uint32_t key0, uint32_t key1) {
#pragma GCC unroll 10
  for (int round = 0; round < ectopy::kPhiloxRounds; round++) {
#pragma GCC unroll 2
    for (int set = 0; set < kSets; set++) {
      const WideVec a = wideProduct(c[0][set], ectopy::kPhiloxFactors[0]);
      const WideVec b = wideProduct(c[2][set], ectopy::kPhiloxFactors[1]);
      c[0][set] = (b >> 32) ^ c[1][set] ^ everyLane(key0);
      c[2][set] = (a >> 32) ^ c[3][set] ^ everyLane(key1);
      c[1][set] = b;
      c[3][set] = a;
    }
    key0 += ectopy::kPhiloxSteps[0];
    key1 += ectopy::kPhiloxSteps[1];
  }
}

/** A part of an array: its mask is kept, or null. */
struct DropoutPart {
  const float* x;
  float *y, *mask;

  DropoutPart from(ptrdiff_t at) const { return {x + at, y + at, mask == nullptr ? nullptr : mask + at}; }
};

/** y = x · mask of a vector of random numbers. */
static ECTOPY_INLINE void drop(WideVec drawn, float rate, float scale, const DropoutPart& part) {
  // The mantissa of a number in [1, 2).
  const IntVec bits = (reinterpret_cast<IntVec>(drawn) & 0x7FFFFF) | 0x3F800000;
  const Vec mask = reinterpret_cast<Vec>(bits) - 1.0f >= rate ? broadcast(scale) : Vec{};
  store(part.y, load(part.x) * mask);
  if (part.mask != nullptr) store(part.mask, mask);
}

/**
 * Draws the numbers [from, from + kDrawn) in the lower halves of lanes: c[k] holds number k of each group of four. The
 * upper halves hold anything. @param from a multiple of kDrawn
 */
static ECTOPY_INLINE void drawGroups(const ectopy::RandomStream& stream, ptrdiff_t from, WideVec (&c)[4][kSets]) {
  WideVec group = everyLane(static_cast<uint64_t>(from) / 4);
  for (int i = 0; i < kLanes; i++) group[i] += static_cast<uint64_t>(i);
#pragma GCC unroll 2
  for (int set = 0; set < kSets; set++, group += kLanes) {
    c[0][set] = group;
    c[1][set] = group >> 32;
    c[2][set] = everyLane(stream.counter[0]);
    c[3][set] = everyLane(stream.counter[1]);
  }
  philox(c, stream.key[0], stream.key[1]);
}

/** y = x · mask of the numbers [from, from + kDrawn). @param from a multiple of kDrawn */
static void dropoutDrawn(
    const ectopy::RandomStream& stream, float rate, float scale, ptrdiff_t from, const DropoutPart& part) {
  WideVec c[4][kSets];
  drawGroups(stream, from, c);
  const WideVec low = everyLane(0xFFFFFFFF);
#pragma GCC unroll 2
  for (int set = 0; set < kSets; set++) {
    // Two numbers of a group side by side, then all four, group after group.
    const WideVec first = (c[0][set] & low) | c[1][set] << 32, second = (c[2][set] & low) | c[3][set] << 32;
    const ptrdiff_t at = 2 * set * kWidth;
    drop(interleavedLow(first, second), rate, scale, part.from(at));
    drop(interleavedHigh(first, second), rate, scale, part.from(at + kWidth));
  }
}

static void dropout(
    const ectopy::RandomStream& stream, float rate, ptrdiff_t count, const float* x, float* y, float* mask) {
  const float scale = static_cast<float>(1 / (1 - double{rate}));
  const ptrdiff_t parts = (count + kDropoutPart - 1) / kDropoutPart;
  ectopy::parallelFor(parts, [&](ptrdiff_t part) {
    const ptrdiff_t end = count < (part + 1) * kDropoutPart ? count : (part + 1) * kDropoutPart;
    ptrdiff_t at = part * kDropoutPart;
    for (; at + kDrawn <= end; at += kDrawn) {
      dropoutDrawn(stream, rate, scale, at, DropoutPart{x, y, mask}.from(at));
    }
    if (at == end) return;
    const size_t left = static_cast<size_t>(end - at) * sizeof(float);
    float rest[kDrawn] = {}, restOfMask[kDrawn];
    memcpy(rest, x + at, left);
    dropoutDrawn(stream, rate, scale, at, {rest, rest, restOfMask});
    memcpy(y + at, rest, left);
    if (mask != nullptr) memcpy(mask + at, restOfMask, left);
  });
}

/** mask [count] of dropout. */
static void dropoutMask(const ectopy::RandomStream& stream, float rate, ptrdiff_t count, float* mask) {
  for (ptrdiff_t i = 0; i < count; i++) mask[i] = 1;
  dropout(stream, rate, count, mask, mask, nullptr);
}

}  // namespace ECTOPY_TARGET
