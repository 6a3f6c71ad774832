#include "kernels.h"

#if defined(__x86_64__)
namespace baseline {
extern const ectopy::Kernels kernels;
}
namespace avx2 {
extern const ectopy::Kernels kernels;
}
namespace avx512 {
extern const ectopy::Kernels kernels;
}
#elif defined(__aarch64__)
namespace neon {
extern const ectopy::Kernels kernels;
}
#elif defined(__wasm__)
namespace simd128 {
extern const ectopy::Kernels kernels;
}
#endif

namespace ectopy {
namespace {

const Kernels* chosen = nullptr;

struct Target {
  const Kernels* kernels;
  bool usable;
};

}  // namespace

const Kernels& kernels() { return *chosen; }

const Kernels* chooseKernels(int width) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool hasAvx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#if defined(ECTOPY_AVX512_LOWERED)
  // A test's build: the widest kernels, computed with narrower vectors.
  const bool hasAvx512 = hasAvx2;
#else
  const bool hasAvx512 = hasAvx2 && __builtin_cpu_supports("avx512f");
#endif
  const Target targets[] = {{&avx512::kernels, hasAvx512}, {&avx2::kernels, hasAvx2}, {&baseline::kernels, true}};
#elif defined(__aarch64__)
  const Target targets[] = {{&neon::kernels, true}};
#elif defined(__wasm__)
  const Target targets[] = {{&simd128::kernels, true}};
#endif
  for (const Target& target : targets) {
    if (target.usable && (width == 0 || target.kernels->width == width)) return chosen = target.kernels;
  }
  return nullptr;
}

}  // namespace ectopy
