#include "kernels.h"

#include "processor.h"

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
  const X86Vectors has = x86Vectors();
#if defined(ECTOPY_AVX512_LOWERED)
  // A test's build: the widest kernels, computed with narrower vectors.
  const bool hasAvx512 = has.avx2;
#else
  const bool hasAvx512 = has.avx512;
#endif
  const Target targets[] = {{&avx512::kernels, hasAvx512}, {&avx2::kernels, has.avx2}, {&baseline::kernels, true}};
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
