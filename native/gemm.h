// Products of single-precision matrices, row major.
//
//   pack(B, ldb, K, N, packed)               B [K, N] brought into panels once, for any number of uses
//   gemm(M, N, K, A, lda, packed, C, ...)    C [M, N] (+)= A [M, K] · B
//   gemmTransposedA(K, N, M, A, lda, D, ...) dB [K, N] += Aᵀ [K, M] · D [M, N]
//
// Rows of A may lie at any distance lda, also less than K: then they overlap, as the windows of a convolution over a sequence do.
// One thread each; what is summed in which order depends on the shapes alone.
//
// How: a tile of C stays in registers (R rows of V vectors, R · V accumulators) while k runs over A's rows and B's panel, which
// has the four vectors of a k side by side and fits into the first-level cache (Goto & van de Geijn, "Anatomy of
// High-Performance Matrix Multiplication", 2008).
#pragma once

#include <cstring>

#include "simd.h"
#include "workspace.h"

namespace ECTOPY_TARGET {

using Index = ptrdiff_t;

/** Whether the processor adds a product in one instruction. */
#if defined(__FMA__) || defined(__aarch64__)
constexpr bool kFused = true;
#else
constexpr bool kFused = false;
#endif

/** Vectors, and floats, of a panel's row. */
constexpr int kPanelVectors = 4;
constexpr Index kPanel = kPanelVectors * kWidth;

/** Rows of a tile of V vectors: as many as have their accumulators in registers, next to B's vectors and one of A. */
constexpr int tileRows(int vectors) {
  const int accumulators = kRegisters == 32 ? 24 : 12;
  return accumulators / vectors < 6 ? accumulators / vectors : 6;
}

constexpr Index roundUp(Index value, Index multiple) { return (value + multiple - 1) / multiple * multiple; }

/** Memory for floats of the workspace, aligned to a cache line, not set. */
class Floats {
 public:
  Floats() = default;
  explicit Floats(Index count) { resize(count); }
  ~Floats() { ectopy::giveFloats(data_, size_); }
  Floats(const Floats&) = delete;
  Floats& operator=(const Floats&) = delete;

  /** Its contents are lost where it must grow. */
  void resize(Index count) {
    if (count <= size_) return;
    ectopy::giveFloats(data_, size_);
    data_ = ectopy::takeFloats(count, &size_);
  }
  float* data() { return data_; }
  const float* data() const { return data_; }

 private:
  float* data_ = nullptr;
  Index size_ = 0;
};

/** Floats of a cache line. */
constexpr Index kLine = 16;

/** Memory that is read soon: a product brings it into the cache a few lines at a time, so that nothing waits for it. */
class Prefetch {
 public:
  /** @param portions calls of next() that bring all of it */
  void add(const float* from, Index floats, Index portions) {
    Part& part = parts_[count_++];
    part = {from, from + floats, roundUp((floats + portions - 1) / portions, kLine)};
  }

  void next() {
    for (int i = 0; i < count_; i++) {
      Part& part = parts_[i];
      const float* const end = part.end - part.at < part.portion ? part.end : part.at + part.portion;
      for (; part.at < end; part.at += kLine) __builtin_prefetch(part.at, 0, 2);
    }
  }

 private:
  struct Part {
    const float *at, *end;
    Index portion;
  };
  Part parts_[2];
  int count_ = 0;
};

/**
 * The left side of a product, [rows, blocks · k]: each row in blocks of k floats, `apart` from one another. Rows lie `stride`
 * apart, which may be less than k: then they overlap.
 */
struct Rows {
  const float* data;
  Index stride;
  Index k;
  Index blocks = 1;
  Index apart = 0;
  /** Advanced with each block of a tile; or null. */
  Prefetch* prefetch = nullptr;

  Rows from(Index row) const { return {data + row * stride, stride, k, blocks, apart, prefetch}; }
};

/**
 * acc[R][First … First + V) += a [R, k] · b [k, V]
 * @param a its rows lie `lda` apart, and values of a row `apart`
 * @param b V vectors of each k, `stride` floats from one k to the next
 */
template <int R, int V, int First, int C>
static ECTOPY_INLINE void accumulate(
    Vec (&acc)[R][C], const float* a, Index lda, const float* b, Index k, Index stride = kPanel, Index apart = 1) {
  for (Index i = 0; i < k; i++, a += apart, b += stride) {
    // The fewer of the two wait in registers: with the accumulators there are just enough for them. An unfused product needs
    // one more.
    if constexpr (R < V && kFused) {
      Vec value[R];
#pragma GCC unroll 8
      for (int r = 0; r < R; r++) value[r] = broadcast(a[r * lda]);
#pragma GCC unroll 8
      for (int v = 0; v < V; v++) {
        const Vec row = load(b + v * kWidth);
#pragma GCC unroll 8
        for (int r = 0; r < R; r++) acc[r][First + v] += value[r] * row;
      }
    } else {
      Vec row[V];
#pragma GCC unroll 8
      for (int v = 0; v < V; v++) row[v] = load(b + v * kWidth);
#pragma GCC unroll 8
      for (int r = 0; r < R; r++) {
        const Vec value = broadcast(a[r * lda]);
#pragma GCC unroll 8
        for (int v = 0; v < V; v++) acc[r][First + v] += value * row[v];
      }
    }
  }
}

/** One panel of B: its V vectors by R rows of A. @param last floats of the last vector that exist in C */
template <int R, int V>
static void tile(const Rows& a, const float* b, float* c, Index ldc, int last, bool add) {
  Vec acc[R][V];
#pragma GCC unroll 8
  for (int r = 0; r < R; r++) {
#pragma GCC unroll 8
    for (int v = 0; v < V; v++) acc[r][v] = Vec{};
  }
  for (Index i = 0; i < a.blocks; i++) {
    if (a.prefetch != nullptr) a.prefetch->next();
    accumulate<R, V, 0>(acc, a.data + i * a.apart, a.stride, b + i * a.k * kPanel, a.k);
  }
#pragma GCC unroll 8
  for (int r = 0; r < R; r++) {
#pragma GCC unroll 8
    for (int v = 0; v < V; v++) {
      float* at = c + r * ldc + v * kWidth;
      if (v < V - 1 || last == kWidth) {
        store(at, add ? load(at) + acc[r][v] : acc[r][v]);
      } else {
        float values[kWidth];
        store(values, acc[r][v]);
        for (int i = 0; i < last; i++) at[i] = add ? at[i] + values[i] : values[i];
      }
    }
  }
}

/** The tile whose number of rows, 1 to R, is chosen at run time. */
template <int R, int V>
static void tileOf(Index rows, const Rows& a, const float* b, float* c, Index ldc, int last, bool add) {
  if constexpr (R > 1) {
    if (rows < R) return tileOf<R - 1, V>(rows, a, b, c, ldc, last, add);
  }
  tile<R, V>(a, b, c, ldc, last, add);
}

/** All rows of A by one panel. Rows are shared out evenly: tiles of 6 and 5 are as fast as can be, one of 2 is not. */
template <int V>
static void panelProduct(Index m, const Rows& a, const float* b, float* c, Index ldc, int last, bool add) {
  constexpr int R = tileRows(V);
  const Index tiles = (m + R - 1) / R;
  for (Index i = 0, from = 0; i < tiles; i++) {
    const Index to = m * (i + 1) / tiles;
    tileOf<R, V>(to - from, a.from(from), b, c + from * ldc, ldc, last, add);
    from = to;
  }
}

/** Floats that the panels of a [k, n] take. */
static inline Index packedSize(Index k, Index n) { return roundUp(n, kPanel) * k; }

/** Panel p: columns p · kPanel and on of b, row by row; zeros where b ends. @param packed aligned to a vector */
static inline void pack(const float* b, Index ldb, Index k, Index n, float* packed) {
  for (Index from = 0; from < n; from += kPanel) {
    const Index count = n - from < kPanel ? n - from : kPanel;
    for (Index i = 0; i < k; i++, packed += kPanel) {
      memcpy(packed, b + i * ldb + from, static_cast<size_t>(count) * sizeof(float));
      if (count < kPanel) memset(packed + count, 0, static_cast<size_t>(kPanel - count) * sizeof(float));
    }
  }
}

/** pack() of bᵀ. @param b [n, k] */
static inline void packTransposed(const float* b, Index ldb, Index k, Index n, float* packed) {
  for (Index from = 0; from < n; from += kPanel) {
    const Index count = n - from < kPanel ? n - from : kPanel;
    Index j = 0;
    // Eight rows at once: eight floats of a line are written together.
    for (; j + 8 <= count; j += 8) {
      const float* row = b + (from + j) * ldb;
      for (Index i = 0; i < k; i++) {
        float* to = packed + i * kPanel + j;
#pragma GCC unroll 8
        for (int r = 0; r < 8; r++) to[r] = row[r * ldb + i];
      }
    }
    for (; j < kPanel; j++) {
      for (Index i = 0; i < k; i++) packed[i * kPanel + j] = j < count ? b[(from + j) * ldb + i] : 0;
    }
    packed += k * kPanel;
  }
}

/** C [m, n] = A [m, k] · B, or C += with `add`. @param packed B by pack() or packTransposed() */
static inline void gemm(Index m, Index n, const Rows& a, const float* packed, float* c, Index ldc, bool add) {
  for (Index from = 0; from < n; from += kPanel) {
    const Index count = n - from < kPanel ? n - from : kPanel;
    const int last = static_cast<int>((count - 1) % kWidth + 1);
    const float* b = packed + from * a.blocks * a.k;
    switch ((count + kWidth - 1) / kWidth) {
      case 1: panelProduct<1>(m, a, b, c + from, ldc, last, add); break;
      case 2: panelProduct<2>(m, a, b, c + from, ldc, last, add); break;
      case 3: panelProduct<3>(m, a, b, c + from, ldc, last, add); break;
      default: panelProduct<4>(m, a, b, c + from, ldc, last, add);
    }
  }
}

static inline void gemm(
    Index m, Index n, Index k, const float* a, Index lda, const float* packed, float* c, Index ldc, bool add) {
  gemm(m, n, Rows{a, lda, k}, packed, c, ldc, add);
}

/** to [columns, ldt] = fromᵀ, from [rows, ldf] */
static inline void transpose(const float* from, Index ldf, Index rows, Index columns, float* to, Index ldt) {
  Index r = 0;
  // Four rows at once: four floats of a line are written together.
  for (; r + 4 <= rows; r += 4) {
    const float* a = from + r * ldf;
    for (Index c = 0; c < columns; c++) {
      float* t = to + c * ldt + r;
      t[0] = a[c];
      t[1] = a[ldf + c];
      t[2] = a[2 * ldf + c];
      t[3] = a[3 * ldf + c];
    }
  }
  for (; r < rows; r++) {
    for (Index c = 0; c < columns; c++) to[c * ldt + r] = from[r * ldf + c];
  }
}

/** Rows of A and D that gemmTransposedA takes at a time: D's panel stays in the first-level cache. */
constexpr Index kDepth = 16 * 1024 / (sizeof(float) * kPanel);

/** Columns of A that a tile takes. */
constexpr int kStrip = tileRows(kPanelVectors);

/**
 * The left side of a transposed product: blocks of `depth` rows, `apart` from one another. Rows lie `stride` apart.
 */
struct TransposedRows {
  const float* data;
  Index stride;
  Index depth;
  Index blocks = 1;
  Index apart = 0;

  TransposedRows from(Index column) const { return {data + column, stride, depth, blocks, apart}; }
};

/**
 * C [R, V] += aᵀ · d.
 * @param d a panel [all rows of a, kPanel]
 * @param last floats of the last vector that exist in C
 */
template <int R, int V>
static void outerTile(const TransposedRows& a, const float* d, float* c, Index ldc, int last) {
  Vec acc[R][V];
#pragma GCC unroll 8
  for (int r = 0; r < R; r++) {
#pragma GCC unroll 8
    for (int v = 0; v < V; v++) acc[r][v] = Vec{};
  }
  for (Index i = 0; i < a.blocks; i++) {
    accumulate<R, V, 0>(acc, a.data + i * a.apart, 1, d + i * a.depth * kPanel, a.depth, kPanel, a.stride);
  }
#pragma GCC unroll 8
  for (int r = 0; r < R; r++) {
#pragma GCC unroll 8
    for (int v = 0; v < V; v++) {
      float* at = c + r * ldc + v * kWidth;
      if (v < V - 1 || last == kWidth) {
        store(at, load(at) + acc[r][v]);
      } else {
        float values[kWidth];
        store(values, acc[r][v]);
        for (int i = 0; i < last; i++) at[i] += values[i];
      }
    }
  }
}

/** The tile whose number of columns of A, 1 to R, is chosen at run time. */
template <int R, int V>
static void outerTileOf(Index columns, const TransposedRows& a, const float* d, float* c, Index ldc, int last) {
  if constexpr (R > 1) {
    if (columns < R) return outerTileOf<R - 1, V>(columns, a, d, c, ldc, last);
  }
  outerTile<R, V>(a, d, c, ldc, last);
}

/** C [count, V vectors] += aᵀ · d, with the columns of a where they lie. They are shared out evenly among the tiles. */
template <int V>
static void outerProduct(Index count, const TransposedRows& a, const float* d, float* c, Index ldc) {
  constexpr int R = tileRows(V);
  const Index tiles = (count + R - 1) / R;
  for (Index i = 0, from = 0; i < tiles; i++) {
    const Index to = count * (i + 1) / tiles;
    outerTileOf<R, V>(to - from, a.from(from), d, c + from * ldc, ldc, kWidth);
    from = to;
  }
}

template <int V>
static void outerPanel(Index k, const float* strips, const float* d, Index depth, float* c, Index ldc, int last) {
  for (Index from = 0; from < k; from += kStrip, strips += depth * kStrip) {
    const TransposedRows strip{strips, kStrip, depth};
    outerTileOf<kStrip, V>(k - from < kStrip ? k - from : kStrip, strip, d, c + from * ldc, ldc, last);
  }
}

/** Strip s: columns s · kStrip and on of a [depth, k], row by row. */
static inline void packStrips(const float* a, Index lda, Index depth, Index k, float* strips) {
  for (Index i = 0; i < depth; i++) {
    const float* row = a + i * lda;
    float* to = strips + i * kStrip;
    Index from = 0;
    for (; from + kStrip <= k; from += kStrip, to += depth * kStrip) memcpy(to, row + from, sizeof(float) * kStrip);
    for (Index r = 0; from + r < k; r++) to[r] = row[from + r];
  }
}

/** dB [k, n] += Aᵀ · D, A [m, k], D [m, n]. @param scratch is made large enough here, and may be used again */
static inline void gemmTransposedA(
    Index k, Index n, Index m, const float* a, Index lda, const float* d, Index ldd, float* db, Index lddb, Floats& scratch) {
  const Index strips = roundUp(roundUp(k, kStrip) * kDepth, kPanel);
  scratch.resize(strips + packedSize(kDepth, n));
  for (Index from = 0; from < m; from += kDepth) {
    const Index depth = m - from < kDepth ? m - from : kDepth;
    packStrips(a + from * lda, lda, depth, k, scratch.data());
    float* panel = scratch.data() + strips;
    pack(d + from * ldd, ldd, depth, n, panel);
    for (Index column = 0; column < n; column += kPanel, panel += depth * kPanel) {
      const Index count = n - column < kPanel ? n - column : kPanel;
      const int last = static_cast<int>((count - 1) % kWidth + 1);
      float* c = db + column;
      switch ((count + kWidth - 1) / kWidth) {
        case 1: outerPanel<1>(k, scratch.data(), panel, depth, c, lddb, last); break;
        case 2: outerPanel<2>(k, scratch.data(), panel, depth, c, lddb, last); break;
        case 3: outerPanel<3>(k, scratch.data(), panel, depth, c, lddb, last); break;
        default: outerPanel<4>(k, scratch.data(), panel, depth, c, lddb, last);
      }
    }
  }
}

}  // namespace ECTOPY_TARGET
