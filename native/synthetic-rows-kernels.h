// Rows of a batch, vector by vector.
#pragma once

#include <cstring>

#include "simd.h"
#include "synthetic-rows.h"

namespace ECTOPY_TARGET {

// As many as one register holds, whatever the width is: rounded() takes one.
#if defined(__AVX512F__)
#define ECTOPY_DOUBLES 8
#elif defined(__AVX__)
#define ECTOPY_DOUBLES 4
#else
#define ECTOPY_DOUBLES 2
#endif
constexpr int kDoubles = ECTOPY_DOUBLES;
typedef double DoubleVec __attribute__((vector_size(8 * ECTOPY_DOUBLES)));
typedef float HalfVec __attribute__((vector_size(4 * ECTOPY_DOUBLES)));
typedef float UnalignedHalfVec __attribute__((vector_size(4 * ECTOPY_DOUBLES), aligned(4), may_alias));

/** Keeps a product from being fused with the sum it goes into: JavaScript rounds both. WebAssembly has no such operation. */
static ECTOPY_INLINE DoubleVec rounded(DoubleVec product) {
#if defined(__aarch64__)
  asm("" : "+w"(product));
#elif defined(__x86_64__)
  asm("" : "+x"(product));
#endif
  return product;
}

static ECTOPY_INLINE DoubleVec loadDoubles(const float* p) {
  return __builtin_convertvector(HalfVec(*reinterpret_cast<const UnalignedHalfVec*>(p)), DoubleVec);
}

static ECTOPY_INLINE void prefetchRow(const float* row, ptrdiff_t length) {
  for (ptrdiff_t i = 0; i < length; i += 64 / ptrdiff_t{sizeof(float)}) __builtin_prefetch(row + i);
}

/** value + lambda · (towards − value), in double precision as JavaScript computes, rounded once. */
static void blendRows(const float* value, const float* towards, double lambda, ptrdiff_t length, float* out) {
  ptrdiff_t i = 0;
  for (; i + kDoubles <= length; i += kDoubles) {
    const DoubleVec from = loadDoubles(value + i);
    const DoubleVec blend = from + rounded((loadDoubles(towards + i) - from) * lambda);
    *reinterpret_cast<UnalignedHalfVec*>(out + i) = __builtin_convertvector(blend, HalfVec);
  }
  if (i == length) return;
  float last[2][kDoubles] = {};
  memcpy(last[0], value + i, static_cast<size_t>(length - i) * sizeof(float));
  memcpy(last[1], towards + i, static_cast<size_t>(length - i) * sizeof(float));
  blendRows(last[0], last[1], lambda, kDoubles, last[0]);
  memcpy(out + i, last[0], static_cast<size_t>(length - i) * sizeof(float));
}

static void fillRows(const ectopy::SyntheticRows& rows, const uint32_t* examples, ptrdiff_t count, float* out) {
  const auto row = [&](uint32_t number) { return rows.values + static_cast<ptrdiff_t>(number) * rows.length; };
  const auto prefetch = [&](uint32_t example) {
    if (example < rows.real) return prefetchRow(row(example), rows.length);
    prefetchRow(row(rows.base[example - rows.real]), rows.length);
    prefetchRow(row(rows.neighbour[example - rows.real]), rows.length);
  };
  if (count > 0) prefetch(examples[0]);
  for (ptrdiff_t i = 0; i < count; i++, out += rows.length) {
    // Beats lie anywhere in memory: the next one is on its way while this one is made.
    if (i + 1 < count) prefetch(examples[i + 1]);
    const uint32_t example = examples[i];
    if (example < rows.real) {
      memcpy(out, row(example), static_cast<size_t>(rows.length) * sizeof(float));
      continue;
    }
    const ptrdiff_t synthetic = example - rows.real;
    blendRows(row(rows.base[synthetic]), row(rows.neighbour[synthetic]), rows.lambda[synthetic], rows.length, out);
  }
}

}  // namespace ECTOPY_TARGET
