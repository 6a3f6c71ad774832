// Dropout, vector by vector.
#pragma once

#include <cstring>

#include "dropout.h"
#include "philox.h"
#include "pool.h"
#include "simd.h"

namespace ECTOPY_TARGET {

/** Groups of four numbers that are drawn at once. */
constexpr int kGroups = 4 * kWidth;
constexpr ptrdiff_t kDrawn = 4 * kGroups;
/** Numbers of a part: enough to be worth a thread. */
constexpr ptrdiff_t kDropoutPart = 8 * 1024;

/** A part of an array: its mask is kept, or null. */
struct DropoutPart {
  const float* x;
  float *y, *mask;
};

/** y = x · mask of the numbers [from, from + kDrawn). @param from a multiple of kDrawn */
static void dropoutDrawn(
    const ectopy::RandomStream& stream, float rate, float scale, ptrdiff_t from, const DropoutPart& part) {
  ectopy::PhiloxCounters<kGroups> numbers;
  const uint64_t group = static_cast<uint64_t>(from) / 4;
  for (int i = 0; i < kGroups; i++) {
    numbers.word[0][i] = static_cast<uint32_t>(group) + static_cast<uint32_t>(i);
    numbers.word[1][i] = static_cast<uint32_t>(group >> 32);
    numbers.word[2][i] = stream.counter[0];
    numbers.word[3][i] = stream.counter[1];
  }
  ectopy::philox(numbers, stream.key[0], stream.key[1]);
  float masks[4][kGroups];
  for (int word = 0; word < 4; word++) {
    for (int i = 0; i < kGroups; i++) {
      // The mantissa of a number in [1, 2).
      const uint32_t bits = (numbers.word[word][i] & 0x7FFFFF) | 0x3F800000;
      float uniform;
      memcpy(&uniform, &bits, sizeof uniform);
      masks[word][i] = uniform - 1.0f >= rate ? scale : 0.0f;
    }
  }
  for (int i = 0; i < kGroups; i++) {
    for (int word = 0; word < 4; word++) part.y[4 * i + word] = part.x[4 * i + word] * masks[word][i];
  }
  if (part.mask == nullptr) return;
  for (int i = 0; i < kGroups; i++) {
    for (int word = 0; word < 4; word++) part.mask[4 * i + word] = masks[word][i];
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
      dropoutDrawn(stream, rate, scale, at, {x + at, y + at, mask == nullptr ? nullptr : mask + at});
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

}  // namespace ECTOPY_TARGET
