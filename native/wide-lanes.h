// Vectors of 64-bit lanes, whose lower halves hold 32-bit numbers: a product of two of them is one instruction.
#pragma once

#include <cstdint>

#include "simd.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#elif defined(__wasm__)
#include <wasm_simd128.h>
#endif

namespace ECTOPY_TARGET {

typedef uint64_t WideVec __attribute__((vector_size(4 * ECTOPY_WIDTH)));

constexpr int kLanes = kWidth / 2;

static ECTOPY_INLINE WideVec everyLane(uint64_t value) { return value - WideVec{}; }

/** The 64-bit products of the lanes' lower halves and `factor`. */
static ECTOPY_INLINE WideVec wideProduct(WideVec a, uint32_t factor) {
#if defined(__AVX512F__) && ECTOPY_WIDTH == 16
  // Not _mm512_mul_epu32(), about which GCC 12 warns.
  return reinterpret_cast<WideVec>(
      _mm512_maskz_mul_epu32(0xFF, reinterpret_cast<__m512i>(a), _mm512_set1_epi64(factor)));
#elif defined(__AVX2__) && ECTOPY_WIDTH == 8
  return reinterpret_cast<WideVec>(_mm256_mul_epu32(reinterpret_cast<__m256i>(a), _mm256_set1_epi64x(factor)));
#elif defined(__x86_64__) && ECTOPY_WIDTH == 4
  return reinterpret_cast<WideVec>(_mm_mul_epu32(reinterpret_cast<__m128i>(a), _mm_set1_epi64x(factor)));
#elif defined(__aarch64__)
  return reinterpret_cast<WideVec>(vmull_n_u32(vmovn_u64(reinterpret_cast<uint64x2_t>(a)), factor));
#elif defined(__wasm__)
  const v128_t low = wasm_i32x4_shuffle(reinterpret_cast<v128_t>(a), reinterpret_cast<v128_t>(a), 0, 2, 0, 2);
  return reinterpret_cast<WideVec>(wasm_u64x2_extmul_low_u32x4(low, wasm_i32x4_splat(static_cast<int32_t>(factor))));
#else
  return (a & everyLane(0xFFFFFFFF)) * everyLane(factor);
#endif
}

#if defined(__clang__)
#define ECTOPY_SHUFFLED(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define ECTOPY_SHUFFLED(a, b, ...) __builtin_shuffle(a, b, WideVec{__VA_ARGS__})
#endif

/** Lanes of a and b in turn: those of the lower half. */
static ECTOPY_INLINE WideVec interleavedLow(WideVec a, WideVec b) {
#if ECTOPY_WIDTH == 16
  return ECTOPY_SHUFFLED(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
#elif ECTOPY_WIDTH == 8
  return ECTOPY_SHUFFLED(a, b, 0, 4, 1, 5);
#else
  return ECTOPY_SHUFFLED(a, b, 0, 2);
#endif
}

/** Lanes of a and b in turn: those of the upper half. */
static ECTOPY_INLINE WideVec interleavedHigh(WideVec a, WideVec b) {
#if ECTOPY_WIDTH == 16
  return ECTOPY_SHUFFLED(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
#elif ECTOPY_WIDTH == 8
  return ECTOPY_SHUFFLED(a, b, 2, 6, 3, 7);
#else
  return ECTOPY_SHUFFLED(a, b, 1, 3);
#endif
}

#undef ECTOPY_SHUFFLED

}  // namespace ECTOPY_TARGET
