// Vectors of ECTOPY_WIDTH floats, by the compiler's vector extensions (GCC, Clang).
//
// Whatever includes this is compiled once a width, into the namespace ECTOPY_TARGET, and the best that the processor can do is
// chosen as the program runs. So such a file must not use a function that would be shared by the linker with other objects
// (no templates of the standard library): compiled for a newer processor, it would be called on an older one as well.
#pragma once

#include <cstddef>
#include <cstdint>

#ifndef ECTOPY_WIDTH
#error "ECTOPY_WIDTH (floats a vector) and ECTOPY_TARGET (a namespace) are set by the build"
#endif

#define ECTOPY_INLINE inline __attribute__((always_inline))

namespace ECTOPY_TARGET {

constexpr int kWidth = ECTOPY_WIDTH;

#if defined(ECTOPY_REGISTERS)
constexpr int kRegisters = ECTOPY_REGISTERS;
#elif defined(__AVX512F__) || defined(__aarch64__)
constexpr int kRegisters = 32;
#else
constexpr int kRegisters = 16;
#endif

typedef float Vec __attribute__((vector_size(4 * ECTOPY_WIDTH)));
typedef int32_t IntVec __attribute__((vector_size(4 * ECTOPY_WIDTH)));
typedef float UnalignedVec __attribute__((vector_size(4 * ECTOPY_WIDTH), aligned(4), may_alias));

static ECTOPY_INLINE Vec load(const float* p) { return *reinterpret_cast<const UnalignedVec*>(p); }
static ECTOPY_INLINE void store(float* p, Vec value) { *reinterpret_cast<UnalignedVec*>(p) = value; }
static ECTOPY_INLINE Vec broadcast(float value) { return value - Vec{}; }

}  // namespace ECTOPY_TARGET
