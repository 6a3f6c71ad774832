// Dense layers: products of rows with a matrix, and their gradients. What is summed in which order depends on the shapes alone.
#pragma once

#include "elementwise-kernels.h"
#include "gemm.h"

namespace ECTOPY_TARGET {

/** Rows of a part of a product: few enough to share a batch among threads, enough to use a packed panel often. */
constexpr Index kDenseRows = 48;

struct DenseShape {
  Index rows, in, out;
};

static inline Index panelsOf(Index columns) { return (columns + kPanel - 1) / kPanel; }

static inline Index columnsOf(Index columns, Index panel) {
  return columns - panel * kPanel < kPanel ? columns - panel * kPanel : kPanel;
}

/** How rows are cut into parts: even ones. */
struct RowParts {
  Index rows, count;
  explicit RowParts(Index rows) : rows(rows), count((rows + kDenseRows - 1) / kDenseRows) {}
  Index from(Index part) const { return rows * part / count; }
};

/** @param bias null: none */
static void dense(const DenseShape& s, int32_t activation, const float* x, const float* kernel, const float* bias, float* y) {
  const Index panels = panelsOf(s.out);
  Floats packed(packedSize(s.in, s.out));
  ectopy::parallelFor(panels, [&](Index p) {
    pack(kernel + p * kPanel, s.out, s.in, columnsOf(s.out, p), packed.data() + p * s.in * kPanel);
  });
  const RowParts parts(s.rows);
  ectopy::parallelFor(parts.count * panels, [&](Index i) {
    const Index p = i % panels, from = parts.from(i / panels), rows = parts.from(i / panels + 1) - from;
    const Index columns = columnsOf(s.out, p);
    float* to = y + from * s.out + p * kPanel;
    gemm(rows, columns, s.in, x + from * s.in, s.in, packed.data() + p * s.in * kPanel, to, s.out, false);
    const float* added = bias == nullptr ? nullptr : bias + p * kPanel;
    withActivation(activation, BiasAndActivation{to, rows, columns, s.out, added});
  });
}

static void denseInputGradient(const DenseShape& s, const float* d, const float* kernel, float* dx) {
  const Index panels = panelsOf(s.in);
  Floats packed(packedSize(s.out, s.in));
  ectopy::parallelFor(panels, [&](Index p) {
    packTransposed(
        kernel + p * kPanel * s.out, s.out, s.out, columnsOf(s.in, p), packed.data() + p * s.out * kPanel);
  });
  const RowParts parts(s.rows);
  ectopy::parallelFor(parts.count * panels, [&](Index i) {
    const Index p = i % panels, from = parts.from(i / panels), rows = parts.from(i / panels + 1) - from;
    const float* b = packed.data() + p * s.out * kPanel;
    gemm(rows, columnsOf(s.in, p), s.out, d + from * s.out, s.out, b, dx + from * s.in + p * kPanel, s.in, false);
  });
}

/** sums [columns] = Σ rows of d. */
static inline void sumRows(const float* d, Index stride, Index rows, Index columns, float* sums) {
  for (Index c = 0; c < columns; c += kWidth) {
    Vec even{}, odd{};
    Index r = 0;
    for (; r + 2 <= rows; r += 2) {
      even += loadUpTo(d + r * stride + c, columns - c);
      odd += loadUpTo(d + (r + 1) * stride + c, columns - c);
    }
    if (r < rows) even += loadUpTo(d + r * stride + c, columns - c);
    storeUpTo(sums + c, even + odd, columns - c);
  }
}

/** Rows up to which all of x is packed at once. */
constexpr Index kPackedRows = 1024;
/** Parts of more rows; the number doesn't depend on the threads. */
constexpr Index kWeightParts = 16;
/** Strips of a part of the weights' gradient. */
constexpr Index kStripsOfPart = 12;

/** All of x and d packed, then tiles of the gradient side by side. */
static inline void packedWeightGradient(const DenseShape& s, const float* x, const float* d, float* dKernel, float* dBias) {
  const Index panels = panelsOf(s.out), strips = (s.in + kStrip - 1) / kStrip;
  const Index chunks = (s.rows + kDepth - 1) / kDepth;
  // A chunk has `depth` rows of every strip, then the next chunk follows; so have the panels.
  Floats left(strips * kStrip * s.rows), right(panels * kPanel * s.rows);
  ectopy::parallelFor(chunks + panels, [&](Index i) {
    if (i < chunks) {
      const Index from = i * kDepth, depth = s.rows - from < kDepth ? s.rows - from : kDepth;
      return packStrips(x + from * s.in, s.in, depth, s.in, left.data() + from * strips * kStrip);
    }
    const Index p = i - chunks, columns = columnsOf(s.out, p);
    pack(d + p * kPanel, s.out, s.rows, columns, right.data() + p * s.rows * kPanel);
    if (dBias != nullptr) sumRows(d + p * kPanel, s.out, s.rows, columns, dBias + p * kPanel);
  });
  const Index groups = (strips + kStripsOfPart - 1) / kStripsOfPart;
  ectopy::parallelFor(groups * panels, [&](Index i) {
    const Index p = i % panels, first = i / panels * kStripsOfPart;
    const Index columns = columnsOf(s.out, p);
    const Index rows = (s.in - first * kStrip < kStripsOfPart * kStrip ? s.in - first * kStrip : kStripsOfPart * kStrip);
    float* to = dKernel + first * kStrip * s.out + p * kPanel;
    for (Index r = 0; r < rows; r++) fillZeros(to + r * s.out, columns);
    const int last = static_cast<int>((columns - 1) % kWidth + 1);
    for (Index from = 0; from < s.rows; from += kDepth) {
      const Index depth = s.rows - from < kDepth ? s.rows - from : kDepth;
      const float* a = left.data() + from * strips * kStrip + first * kStrip * depth;
      const float* b = right.data() + p * s.rows * kPanel + from * kPanel;
      switch ((columns + kWidth - 1) / kWidth) {
        case 1: outerPanel<1>(rows, a, b, depth, to, s.out, last); break;
        case 2: outerPanel<2>(rows, a, b, depth, to, s.out, last); break;
        case 3: outerPanel<3>(rows, a, b, depth, to, s.out, last); break;
        default: outerPanel<4>(rows, a, b, depth, to, s.out, last);
      }
    }
  });
}

/** @param dBias null: the layer has no bias */
static void denseWeightGradient(const DenseShape& s, const float* x, const float* d, float* dKernel, float* dBias) {
  if (s.rows <= kPackedRows) return packedWeightGradient(s, x, d, dKernel, dBias);
  const Index size = s.in * s.out;
  Floats kernels(kWeightParts * size), biases(kWeightParts * s.out);
  ectopy::parallelFor(kWeightParts, [&](Index part) {
    const Index from = s.rows * part / kWeightParts, rows = s.rows * (part + 1) / kWeightParts - from;
    float* kernel = kernels.data() + part * size;
    fillZeros(kernel, size);
    Floats scratch;
    gemmTransposedA(s.in, s.out, rows, x + from * s.in, s.in, d + from * s.out, s.out, kernel, s.out, scratch);
    sumRows(d + from * s.out, s.out, rows, s.out, biases.data() + part * s.out);
  });
  sumParts(kernels.data(), kWeightParts, size, dKernel);
  if (dBias != nullptr) sumParts(biases.data(), kWeightParts, s.out, dBias);
}

}  // namespace ECTOPY_TARGET
