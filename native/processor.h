// The vectors that an x86 processor and its operating system support.
#pragma once

#if defined(__x86_64__)

#include <cpuid.h>

#include <cstdint>

namespace ectopy {

struct X86Vectors {
  /** With fused multiply-add. */
  bool avx2;
  bool avx512;
};

/** Asks the processor itself: the compiler's __builtin_cpu_supports() denies all of it where Zig builds for Windows. */
static inline X86Vectors x86Vectors() {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return {false, false};
  constexpr unsigned kSavesVectors = 1u << 27, kFma = 1u << 12;
  if ((c & kSavesVectors) == 0 || (c & kFma) == 0) return {false, false};
  // Registers that the system saves when it switches threads.
  uint32_t saved, high;
  asm volatile("xgetbv" : "=a"(saved), "=d"(high) : "c"(0));
  constexpr uint32_t kYmm = 0x06, kZmm = 0xe6;
  if ((saved & kYmm) != kYmm || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return {false, false};
  const bool avx2 = (b & 1u << 5) != 0;
#if defined(__APPLE__)
  // macOS saves the widest registers from a thread's first use of them.
  const bool savesZmm = true;
#else
  const bool savesZmm = (saved & kZmm) == kZmm;
#endif
  return {avx2, avx2 && savesZmm && (b & 1u << 16) != 0};
}

}  // namespace ectopy

#endif
