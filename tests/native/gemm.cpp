// Compares the products of native/gemm.h with sums in double precision: shapes with and without remainders, and
// overlapping rows. Prints `largest error: E` in units of the rounding error bound of float32. Fails if a float outside
// the result was written.
#include <cmath>
#include <cstdio>
#include <vector>

#include "gemm.h"

using namespace ECTOPY_TARGET;

namespace {

constexpr float kUntouched = 12345;
double largest = 0;
int touched = 0;

float valueOf(Index i) { return static_cast<float>(std::sin(0.7 * static_cast<double>(i % 1009) + 0.1)); }

std::vector<float> values(Index count) {
  std::vector<float> out(static_cast<size_t>(count));
  for (Index i = 0; i < count; i++) out[static_cast<size_t>(i)] = valueOf(i);
  return out;
}

/** The error of a sum of k products of numbers up to 1 is at most k · 2⁻²⁴ · Σ|…|; here, in units of k · 2⁻²⁴. */
void compare(double expected, double sumOfSizes, double got, Index k) {
  const double unit = std::ldexp(static_cast<double>(k + 2), -24) * (sumOfSizes + 1);
  largest = std::fmax(largest, std::fabs(got - expected) / unit);
}

void check(Index m, Index n, Index k, Index lda) {
  const Index ldc = n + 3;
  const std::vector<float> a = values((m - 1) * lda + k), b = values(k * n);
  std::vector<float> turned(static_cast<size_t>(k * n));
  for (Index i = 0; i < k; i++)
    for (Index j = 0; j < n; j++) turned[static_cast<size_t>(j * k + i)] = b[static_cast<size_t>(i * n + j)];
  Floats packed(packedSize(k, n)), packedTurned(packedSize(k, n));
  pack(b.data(), n, k, n, packed.data());
  packTransposed(turned.data(), k, k, n, packedTurned.data());
  std::vector<float> c(static_cast<size_t>(m * ldc), kUntouched);
  gemm(m, n, k, a.data(), lda, packed.data(), c.data(), ldc, false);
  gemm(m, n, k, a.data(), lda, packedTurned.data(), c.data(), ldc, true);
  for (Index i = 0; i < m; i++) {
    for (Index j = 0; j < ldc; j++) {
      const float got = c[static_cast<size_t>(i * ldc + j)];
      if (j >= n) {
        touched += got != kUntouched;
        continue;
      }
      double sum = 0, size = 0;
      for (Index l = 0; l < k; l++) {
        const double product = 2.0 * a[static_cast<size_t>(i * lda + l)] * b[static_cast<size_t>(l * n + j)];
        sum += product;
        size += std::fabs(product);
      }
      compare(sum, size, got, k);
    }
  }

  const std::vector<float> d = values(m * n);
  std::vector<float> db(static_cast<size_t>(k * ldc), kUntouched);
  for (Index i = 0; i < k; i++)
    for (Index j = 0; j < n; j++) db[static_cast<size_t>(i * ldc + j)] = 1;
  Floats scratch;
  gemmTransposedA(k, n, m, a.data(), lda, d.data(), n, db.data(), ldc, scratch);
  for (Index i = 0; i < k; i++) {
    for (Index j = 0; j < ldc; j++) {
      const float got = db[static_cast<size_t>(i * ldc + j)];
      if (j >= n) {
        touched += got != kUntouched;
        continue;
      }
      double sum = 1, size = 1;
      for (Index l = 0; l < m; l++) {
        const double product = double{a[static_cast<size_t>(l * lda + i)]} * d[static_cast<size_t>(l * n + j)];
        sum += product;
        size += std::fabs(product);
      }
      compare(sum, size, got, m);
    }
  }
}

}  // namespace

int main() {
  for (const Index m : {1, 2, 3, 5, 7, 12, 13, 32, 300})
    for (const Index n : {1, 3, 4, 8, 9, 16, 17, 31, 32, 64, 65, 130})
      for (const Index k : {1, 5, 20})
        for (const Index lda : {k, k + 2, Index{2}}) check(m, n, k, lda);
  std::printf("largest error: %g\n", largest);
  if (touched > 0) std::printf("%d floats outside the result were changed\n", touched);
  return touched > 0 ? 1 : 0;
}
