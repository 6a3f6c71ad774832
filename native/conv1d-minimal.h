// Conv1D of stride 1 and its gradients by minimal filtering (minimal-filter.h): one matrix product for each of the 8 points.
#pragma once

#include "conv1d.h"
#include "minimal-filter.h"
#include "pool.h"

namespace ECTOPY_TARGET {

/** Tiles that are taken through all steps together, and columns of the products: they stay in the second-level cache. */
constexpr Index kTiles = 48;
constexpr Index kColumns = 2 * kPanel;

/** Floats between the matrices of two points: whole pages between them would all fall on the same lines of a cache. */
constexpr Index pointStride(Index rows, Index columns) { return rows * columns + 16; }

struct Tiling {
  /** Of a beat. */
  Index tiles;
  /** Beats that are computed one after the other, as a part of the work. */
  Index beats, parts;

  Tiling(const ectopy::Conv1dShape& s, Index times) {
    tiles = (s.outTime + times - 1) / times;
    beats = tiles < 32 ? 32 / tiles : 1;
    parts = (s.batch + beats - 1) / beats;
  }
};

/** U of each point [in, out], flat. */
template <int K>
static void transformKernel(const float* kernel, Index size, float* u) {
  for (Index i = 0; i < size; i += kWidth) {
    Vec taps[K], points[kPoints];
#pragma GCC unroll 8
    for (int k = 0; k < K; k++) taps[k] = loadUpTo(kernel + k * size + i, size - i);
    evaluate<K>(taps, points);
    scalePoints(points);
#pragma GCC unroll 8
    for (int p = 0; p < kPoints; p++) storeUpTo(u + p * size + i, points[p], size - i);
  }
}

template <int K>
static void transformKernelTransposed(const float* u, Index size, float* kernel) {
  for (Index i = 0; i < size; i += kWidth) {
    Vec taps[K], points[kPoints];
#pragma GCC unroll 8
    for (int p = 0; p < kPoints; p++) points[p] = loadUpTo(u + p * size + i, size - i);
    scalePoints(points);
    evaluateTransposed<K>(points, taps);
#pragma GCC unroll 8
    for (int k = 0; k < K; k++) storeUpTo(kernel + k * size + i, taps[k], size - i);
  }
}

/** The packed U of each point, or Uᵀ. */
template <int K>
static void packPoints(const ectopy::Conv1dShape& s, const float* kernel, bool transposed, Floats& packed) {
  Floats u(kPoints * s.in * s.out);
  transformKernel<K>(kernel, s.in * s.out, u.data());
  const Index size = transposed ? packedSize(s.out, s.in) : packedSize(s.in, s.out);
  packed.resize(kPoints * size);
  ectopy::parallelFor(kPoints, [&](Index p) {
    const float* of = u.data() + p * s.in * s.out;
    if (transposed) packTransposed(of, s.out, s.out, s.in, packed.data() + p * size);
    else pack(of, s.out, s.in, s.out, packed.data() + p * size);
  });
}

/** Where a sequence's rows lie; the rows before its first and after its last time are zeros. */
struct Sequence {
  const float* data;
  Index time, channels;
  const float* zeros;
  const float* row(Index t) const { return t < 0 || t >= time ? zeros : data + t * channels; }
};

/** V of a tile, for each point a row of `channels` at v + point · stride. @param from time of the tile's first row */
static inline void inputTile(const Sequence& x, Index from, float* v, Index stride) {
  const float* rows[kPoints];
  for (int r = 0; r < kPoints; r++) rows[r] = x.row(from + r);
  for (Index c = 0; c < x.channels; c += kWidth) {
    const Index count = x.channels - c;
    Vec d[kPoints], points[kPoints];
#pragma GCC unroll 8
    for (int r = 0; r < kPoints; r++) d[r] = loadUpTo(rows[r] + c, count);
    transformInput(d, points);
#pragma GCC unroll 8
    for (int p = 0; p < kPoints; p++) storeUpTo(v + p * stride + c, points[p], count);
  }
}

template <int K>
static void minimalForward(
    const ectopy::Conv1dShape& s, const float* x, const float* kernel, const float* bias, float* y) {
  constexpr int M = tileTimes(K);
  const Tiling tiling(s, M);
  Floats u, zeros(s.in);
  packPoints<K>(s, kernel, false, u);
  fillZeros(zeros.data(), s.in);
  const Index uSize = packedSize(s.in, s.out);
  const Index vStride = pointStride(kTiles, s.in), productStride = pointStride(kTiles, kColumns);
  ectopy::parallelFor(tiling.parts, [&](Index part) {
    Floats v(kPoints * vStride), products(kPoints * productStride);
    const Index first = part * tiling.beats;
    const Index all = (s.batch - first < tiling.beats ? s.batch - first : tiling.beats) * tiling.tiles;
    for (Index from = 0; from < all; from += kTiles) {
      const Index count = all - from < kTiles ? all - from : kTiles;
      for (Index i = 0; i < count; i++) {
        const Index beat = first + (from + i) / tiling.tiles, time = (from + i) % tiling.tiles * M;
        const Sequence of{x + beat * s.time * s.in, s.time, s.in, zeros.data()};
        inputTile(of, time - s.before, v.data() + i * s.in, vStride);
      }
      for (Index column = 0; column < s.out; column += kColumns) {
        const Index columns = s.out - column < kColumns ? s.out - column : kColumns;
        for (int p = 0; p < kPoints; p++) {
          const float* b = u.data() + p * uSize + column * s.in;
          float* c = products.data() + p * productStride;
          gemm(count, columns, s.in, v.data() + p * vStride, s.in, b, c, kColumns, false);
        }
        for (Index i = 0; i < count; i++) {
          const Index beat = first + (from + i) / tiling.tiles, time = (from + i) % tiling.tiles * M;
          const Index times = s.outTime - time < M ? s.outTime - time : M;
          float* to = y + (beat * s.outTime + time) * s.out + column;
          for (Index c = 0; c < columns; c += kWidth) {
            Vec e[kPoints], sums[M];
#pragma GCC unroll 8
            for (int p = 0; p < kPoints; p++) {
              e[p] = loadUpTo(products.data() + p * productStride + i * kColumns + c, columns - c);
            }
            evaluateTransposed<M>(e, sums);
            const Vec added = biasUpTo(bias, column + c, columns - c);
#pragma GCC unroll 8
            for (int m = 0; m < M; m++) {
              const Vec sum = sums[m] + added;
              if (m < times) storeUpTo(to + m * s.out + c, s.relu ? relu(sum) : sum, columns - c);
            }
          }
        }
      }
    }
  });
}

/** E of a tile of the output's gradient, as inputTile() gives V; its sum over time is added to `bias`. */
template <int M>
static void gradientTile(
    const Sequence& dy, const float* y, Index from, float* e, Index stride, float* bias) {
  const float* rows[M];
  const float* outputs[M];
  for (int m = 0; m < M; m++) {
    rows[m] = dy.row(from + m);
    outputs[m] = y == nullptr || from + m >= dy.time ? dy.zeros : y + (from + m) * dy.channels;
  }
  for (Index c = 0; c < dy.channels; c += kWidth) {
    const Index count = dy.channels - c;
    Vec d[M], points[kPoints], sum = loadUpTo(bias + c, count);
#pragma GCC unroll 8
    for (int m = 0; m < M; m++) {
      d[m] = loadUpTo(rows[m] + c, count);
      if (y != nullptr) d[m] = reluGrad(d[m], loadUpTo(outputs[m] + c, count));
      sum += d[m];
    }
    storeUpTo(bias + c, sum, count);
    evaluate<M>(d, points);
#pragma GCC unroll 8
    for (int p = 0; p < kPoints; p++) storeUpTo(e + p * stride + c, points[p], count);
  }
}

/** Adds a tile's part to the input's gradient, which the tiles before it have begun. @param dv rows of the points */
template <int M>
static void scatterTile(
    const float* dv, Index stride, Index channels, float* dx, Index time, Index from, bool first) {
  for (Index c = 0; c < channels; c += kWidth) {
    const Index count = channels - c;
    Vec points[kPoints], d[kPoints];
#pragma GCC unroll 8
    for (int p = 0; p < kPoints; p++) points[p] = loadUpTo(dv + p * stride + c, count);
    transformInputTransposed(points, d);
#pragma GCC unroll 8
    for (int r = 0; r < kPoints; r++) {
      if (from + r < 0 || from + r >= time) continue;
      float* at = dx + (from + r) * channels + c;
      // Rows that the tile before had too; the others are new.
      storeUpTo(at, !first && r + M < kPoints ? loadUpTo(at, count) + d[r] : d[r], count);
    }
  }
}

template <int K>
static void minimalBackward(
    const ectopy::Conv1dShape& s,
    const float* dy,
    const float* x,
    const float* kernel,
    const float* y,
    const ectopy::Conv1dGradients& gradients) {
  constexpr int M = tileTimes(K);
  const Tiling tiling(s, M);
  const Index most = s.in > s.out ? s.in : s.out, allTiles = s.batch * tiling.tiles;
  Floats u, zeros(most);
  if (gradients.x != nullptr) packPoints<K>(s, kernel, true, u);
  fillZeros(zeros.data(), most);
  const Index uSize = packedSize(s.out, s.in), dvStride = pointStride(kTiles, s.in);
  const Index vStride = pointStride(allTiles, s.in), eStride = pointStride(allTiles, s.out);
  Floats v(kPoints * vStride), e(kPoints * eStride), biases(tiling.parts * s.out);
  fillZeros(biases.data(), tiling.parts * s.out);
  ectopy::parallelFor(tiling.parts, [&](Index part) {
    Floats dv(kPoints * dvStride);
    const Index first = part * tiling.beats;
    const Index all = (s.batch - first < tiling.beats ? s.batch - first : tiling.beats) * tiling.tiles;
    for (Index from = 0; from < all; from += kTiles) {
      const Index count = all - from < kTiles ? all - from : kTiles;
      const Index row = first * tiling.tiles + from;
      for (Index i = 0; i < count; i++) {
        const Index beat = (row + i) / tiling.tiles, time = (row + i) % tiling.tiles * M;
        const Sequence of{x + beat * s.time * s.in, s.time, s.in, zeros.data()};
        inputTile(of, time - s.before, v.data() + (row + i) * s.in, vStride);
        const Sequence gradient{dy + beat * s.outTime * s.out, s.outTime, s.out, zeros.data()};
        const float* output = s.relu ? y + beat * s.outTime * s.out : nullptr;
        gradientTile<M>(
            gradient, output, time, e.data() + (row + i) * s.out, eStride, biases.data() + part * s.out);
      }
      if (gradients.x == nullptr) continue;
      for (int p = 0; p < kPoints; p++) {
        const float* of = e.data() + p * eStride + row * s.out;
        gemm(count, s.in, s.out, of, s.out, u.data() + p * uSize, dv.data() + p * dvStride, s.in, false);
      }
      for (Index i = 0; i < count; i++) {
        const Index beat = (row + i) / tiling.tiles, tile = (row + i) % tiling.tiles;
        scatterTile<M>(
            dv.data() + i * s.in, dvStride, s.in, gradients.x + beat * s.time * s.in, s.time, tile * M - s.before,
            tile == 0);
      }
    }
  });
  if (gradients.bias != nullptr) sumParts(biases.data(), tiling.parts, s.out, gradients.bias);

  Floats du(kPoints * s.in * s.out);
  const Index chunks = (s.out + kColumns - 1) / kColumns;
  ectopy::parallelFor(kPoints * chunks, [&](Index i) {
    const Index p = i / chunks, column = i % chunks * kColumns;
    const Index columns = s.out - column < kColumns ? s.out - column : kColumns;
    float* to = du.data() + p * s.in * s.out + column;
    for (Index row = 0; row < s.in; row++) fillZeros(to + row * s.out, columns);
    Floats scratch;
    gemmTransposedA(
        s.in, columns, allTiles, v.data() + p * vStride, s.in, e.data() + p * eStride + column, s.out, to, s.out,
        scratch);
  });
  transformKernelTransposed<K>(du.data(), s.in * s.out, gradients.kernel);
}

}  // namespace ECTOPY_TARGET
