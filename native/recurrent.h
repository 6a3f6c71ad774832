// LSTM (Hochreiter & Schmidhuber 1997; forget gates: Gers et al. 2000) and GRU (Cho et al. 2014, as Keras defines it with
// reset_after) over a whole sequence, and their gradients.
//
// The batch is cut into blocks of rows, which know nothing of one another and are computed by whichever thread is free. How it
// is cut depends on the batch alone, and the blocks' weight gradients are added in their order: the number of threads changes
// no bit of the result.
//
// Forward, a tile of gates (some rows, a vector of units, all four gates) goes from the bias through both products to the
// activations at once: no array of the input's product or of the gates before their activations is ever made. Backward,
// the gates' gradients of a few steps are kept in just the order of a packed matrix, so that the products that give the
// weights' gradients take them as they lie.
#pragma once

#include "activations.h"
#include "gemm.h"
#include "pool.h"
#include "recurrent-layers.h"

namespace ECTOPY_TARGET {

using ectopy::RecurrentBackward;
using ectopy::RecurrentForward;
using ectopy::RecurrentShape;

/** Rows of a block, at most: enough to use each packed weight often, few enough to share a batch of 128 among four cores. */
constexpr Index kBlockRows = 32;

/** Gates of a unit side by side, as vectors: a panel holds those of kWidth units. */
constexpr int kGates = 4;
static_assert(kGates == kPanelVectors, "a panel of gates is a panel of a product");

/** Rows of a tile of gates. */
constexpr int kTileRows = tileRows(kGates);

/** Gates in Keras' order: input, forget, cell, output. */
struct Lstm {
  static constexpr int kColumns = 4;
  /** Which of the gates the input's product, and the hidden state's, is added to. */
  static constexpr int kInputFirst = 0, kHiddenFirst = 0;
  static constexpr bool kHasState = true;

  static Index column(int gate) { return gate; }

  static float startingBias(const float* bias, Index units, int gate, Index unit) { return bias[gate * units + unit]; }

  /** @param before the state; it becomes the next. @returns the hidden state */
  static ECTOPY_INLINE Vec step(Vec (&gate)[kGates], Vec& state) {
    gate[0] = sigmoid(gate[0]);
    gate[1] = sigmoid(gate[1]);
    gate[2] = tanh(gate[2]);
    gate[3] = sigmoid(gate[3]);
    state = gate[1] * state + gate[0] * gate[2];
    return gate[3] * tanh(state);
  }

  /**
   * @param dState by the state after the step; it becomes that by the state before
   * @param d by the gates before their activations
   */
  static ECTOPY_INLINE void gradient(
      const Vec (&gate)[kGates], Vec state, Vec before, Vec& dHidden, Vec& dState, Vec (&d)[kGates]) {
    const Vec squashed = tanh(state);
    const Vec by = dState + dHidden * gate[3] * (1.0f - squashed * squashed);
    d[0] = by * gate[2] * gate[0] * (1.0f - gate[0]);
    d[1] = by * before * gate[1] * (1.0f - gate[1]);
    d[2] = by * gate[0] * (1.0f - gate[2] * gate[2]);
    d[3] = dHidden * squashed * gate[3] * (1.0f - gate[3]);
    dState = by * gate[1];
    dHidden = Vec{};
  }
};

/**
 * Gates in the order candidate, update, reset, and the recurrent part of the candidate: the input goes into the first three,
 * the hidden state into the last three. Keras has update, reset, candidate.
 */
struct Gru {
  static constexpr int kColumns = 3;
  static constexpr int kInputFirst = 0, kHiddenFirst = 1;
  static constexpr bool kHasState = false;

  /** The kernels' column of a gate. */
  static Index column(int gate) { return gate == 0 || gate == 3 ? 2 : gate - 1; }

  static float startingBias(const float* bias, Index units, int gate, Index unit) {
    const float ofInput = bias[column(gate) * units + unit];
    const float ofHidden = bias[(3 + column(gate)) * units + unit];
    return gate == 0 ? ofInput : gate == 3 ? ofHidden : ofInput + ofHidden;
  }

  static ECTOPY_INLINE Vec step(Vec (&gate)[kGates], Vec& hidden) {
    gate[1] = sigmoid(gate[1]);
    gate[2] = sigmoid(gate[2]);
    gate[0] = tanh(gate[0] + gate[2] * gate[3]);
    hidden = gate[1] * hidden + (1.0f - gate[1]) * gate[0];
    return hidden;
  }

  /** @param dHidden becomes what reaches the hidden state before directly, past the gates */
  static ECTOPY_INLINE void gradient(const Vec (&gate)[kGates], Vec, Vec before, Vec& dHidden, Vec&, Vec (&d)[kGates]) {
    d[0] = dHidden * (1.0f - gate[1]) * (1.0f - gate[0] * gate[0]);
    d[1] = dHidden * (before - gate[0]) * gate[1] * (1.0f - gate[1]);
    d[2] = d[0] * gate[3] * gate[2] * (1.0f - gate[2]);
    d[3] = d[0] * gate[2];
    dHidden = dHidden * gate[1];
  }
};

static inline Index paddedUnits(Index units) { return roundUp(units, kWidth); }

static inline Index minimum(Index a, Index b) { return a < b ? a : b; }

/** A block's rows: all blocks of a batch differ by one row at most. */
struct Block {
  Index from, rows;
};

static inline Index blockCount(Index batch) { return (batch + kBlockRows - 1) / kBlockRows; }

static inline Block blockOf(Index batch, Index index) {
  const Index count = blockCount(batch);
  const Index from = batch * index / count;
  return {from, batch * (index + 1) / count - from};
}

/**
 * Panels of a kernel for the forward pass: of kWidth units each, kColumns vectors a row, in the cell's order of gates.
 * @param first of the cell's gates that this kernel is for
 */
template <typename Cell>
static void packGates(const float* kernel, Index rows, Index units, int first, float* packed) {
  for (Index p = 0; p < paddedUnits(units); p += kWidth) {
    const Index count = minimum(kWidth, units - p);
    for (Index i = 0; i < rows; i++) {
      for (int g = 0; g < Cell::kColumns; g++, packed += kWidth) {
        const float* from = kernel + (i * Cell::kColumns + Cell::column(first + g)) * units + p;
        for (Index j = 0; j < kWidth; j++) packed[j] = j < count ? from[j] : 0;
      }
    }
  }
}

/** The transposed kernel, [gates in the order of the panels, rows], packed for gemm(). */
template <typename Cell>
static void packTransposedGates(const float* kernel, Index rows, Index units, int first, float* packed) {
  const Index padded = paddedUnits(units);
  for (Index from = 0; from < rows; from += kPanel) {
    for (Index p = 0; p < padded; p += kWidth) {
      for (int g = 0; g < Cell::kColumns; g++) {
        for (Index j = 0; j < kWidth; j++, packed += kPanel) {
          const Index column = Cell::column(first + g) * units + p + j;
          for (Index i = 0; i < kPanel; i++) {
            const bool there = p + j < units && from + i < rows;
            packed[i] = there ? kernel[(from + i) * Cell::kColumns * units + column] : 0;
          }
        }
      }
    }
  }
}

/** What all blocks of a forward pass read. */
template <typename Cell>
struct ForwardWeights {
  explicit ForwardWeights(const RecurrentForward& call)
      : kernel(Cell::kColumns * paddedUnits(call.shape.units) * call.shape.inputs),
        recurrent(Cell::kColumns * paddedUnits(call.shape.units) * call.shape.units),
        bias(kGates * paddedUnits(call.shape.units)) {
    const Index units = call.shape.units;
    packGates<Cell>(call.kernel, call.shape.inputs, units, Cell::kInputFirst, kernel.data());
    packGates<Cell>(call.recurrentKernel, units, units, Cell::kHiddenFirst, recurrent.data());
    float* to = bias.data();
    for (Index p = 0; p < paddedUnits(units); p += kWidth) {
      for (int g = 0; g < kGates; g++) {
        for (Index j = 0; j < kWidth; j++) {
          *to++ = p + j < units ? Cell::startingBias(call.bias, units, g, p + j) : 0;
        }
      }
    }
  }

  Floats kernel, recurrent, bias;
};

/** Some rows of one panel's units through one step. */
struct StepTile {
  /** Of the first row. */
  const float* x;
  const float* hidden;
  const float *kernel, *recurrent, *bias;
  Index inputs, units, padded;
  bool hasHidden;
  /** State of the panel's units, [rows, kWidth]; null without. The hidden state before is read from `hidden` then. */
  float* state;
  /** [rows, padded], at the panel's units. */
  const float* hiddenBefore;
  float* hiddenAfter;
  /** Kept, or null: [rows, kGates · kWidth] and [rows, kWidth]. */
  float *gates, *cells;
};

/**
 * The tile's gates before their activations, [R, kPanel]. A separate function, like the activations: together they would
 * want more registers than there are, and the sums would be kept in memory.
 */
template <typename Cell, int R>
static __attribute__((noinline)) void addProducts(const StepTile& t, float* sums) {
  constexpr Index stride = Cell::kColumns * kWidth;
  Vec acc[R][kGates];
#pragma GCC unroll 8
  for (int r = 0; r < R; r++) {
#pragma GCC unroll 8
    for (int g = 0; g < kGates; g++) acc[r][g] = load(t.bias + g * kWidth);
  }
  accumulate<R, Cell::kColumns, Cell::kInputFirst>(acc, t.x, t.inputs, t.kernel, t.inputs, stride);
  if (t.hasHidden) {
    accumulate<R, Cell::kColumns, Cell::kHiddenFirst>(acc, t.hidden, t.padded, t.recurrent, t.units, stride);
  }
#pragma GCC unroll 8
  for (int r = 0; r < R; r++) {
#pragma GCC unroll 8
    for (int g = 0; g < kGates; g++) store(sums + r * kPanel + g * kWidth, acc[r][g]);
  }
}

template <typename Cell, int R>
static void addProductsOf(Index rows, const StepTile& tile, float* sums) {
  if constexpr (R > 1) {
    if (rows < R) return addProductsOf<Cell, R - 1>(rows, tile, sums);
  }
  addProducts<Cell, R>(tile, sums);
}

template <typename Cell>
static __attribute__((noinline)) void activate(Index rows, const StepTile& t, const float* sums) {
  for (Index r = 0; r < rows; r++) {
    Vec gate[kGates];
#pragma GCC unroll 8
    for (int g = 0; g < kGates; g++) gate[g] = load(sums + r * kPanel + g * kWidth);
    Vec state = load(Cell::kHasState ? t.state + r * kWidth : t.hiddenBefore + r * t.padded);
    const Vec hidden = Cell::step(gate, state);
    store(t.hiddenAfter + r * t.padded, hidden);
    if (Cell::kHasState) store(t.state + r * kWidth, state);
    if (t.gates != nullptr) {
#pragma GCC unroll 8
      for (int g = 0; g < kGates; g++) store(t.gates + (r * kGates + g) * kWidth, gate[g]);
      if (Cell::kHasState) store(t.cells + r * kWidth, state);
    }
  }
}

/** Floats of a step of a block in `gates` and `cells`. */
static inline Index gatesBefore(const RecurrentShape& shape, Index t, const Block& block) {
  return (t * shape.batch + block.from) * kGates * paddedUnits(shape.units);
}

template <typename Cell>
static void forwardBlock(const RecurrentForward& call, const ForwardWeights<Cell>& weights, const Block& block) {
  constexpr int R = kTileRows;
  const auto [time, batch, inputs, units] = call.shape;
  const Index padded = paddedUnits(units), rows = block.rows;
  // Whole vectors of units are written into the sequence at once, and read from it in the next step.
  const bool inPlace = call.sequence != nullptr && units == padded;
  Floats memory(3 * rows * padded);
  float* state = memory.data();
  float* before = state + rows * padded;
  float* after = before + rows * padded;
  memset(state, 0, static_cast<size_t>(2 * rows * padded) * sizeof(float));
  alignas(64) float sums[R * kPanel];
  const Index tiles = (rows + R - 1) / R;

  for (Index t = 0; t < time; t++) {
    // A block may take seconds. What it has not computed is dropped.
    if (ectopy::isInterrupted()) return;
    const Index kept = gatesBefore(call.shape, t, block);
    float* const states = call.sequence == nullptr ? nullptr : call.sequence + (t * batch + block.from) * units;
    if (inPlace) after = states;
    for (Index p = 0; p < padded; p += kWidth) {
      for (Index i = 0, from = 0; i < tiles; i++) {
        const Index to = rows * (i + 1) / tiles;
        StepTile tile;
        tile.x = call.x + (t * batch + block.from + from) * inputs;
        tile.hidden = before + from * padded;
        tile.kernel = weights.kernel.data() + Cell::kColumns * p * inputs;
        tile.recurrent = weights.recurrent.data() + Cell::kColumns * p * units;
        tile.bias = weights.bias.data() + kGates * p;
        tile.inputs = inputs;
        tile.units = units;
        tile.padded = padded;
        tile.hasHidden = t > 0;
        tile.state = state + p * rows + from * kWidth;
        tile.hiddenBefore = before + from * padded + p;
        tile.hiddenAfter = after + from * padded + p;
        const bool keeps = call.gates != nullptr;
        tile.gates = keeps ? call.gates + kept + kGates * (p * rows + from * kWidth) : nullptr;
        tile.cells = keeps && Cell::kHasState ? call.cells + kept / kGates + p * rows + from * kWidth : nullptr;
        addProductsOf<Cell, R>(to - from, tile, sums);
        activate<Cell>(to - from, tile, sums);
        from = to;
      }
    }
    if (states != nullptr && !inPlace) {
      for (Index r = 0; r < rows; r++) {
        memcpy(states + r * units, after + r * padded, static_cast<size_t>(units) * sizeof(float));
      }
    }
    float* const swap = before;
    before = after;
    after = swap;
  }
  for (Index r = 0; r < rows; r++) {
    memcpy(call.last + (block.from + r) * units, before + r * padded, static_cast<size_t>(units) * sizeof(float));
  }
}

template <typename Cell>
static void forward(const RecurrentForward& call) {
  const ForwardWeights<Cell> weights(call);
  ectopy::parallelFor(blockCount(call.shape.batch), [&](Index i) {
    forwardBlock<Cell>(call, weights, blockOf(call.shape.batch, i));
  });
}

/** What all blocks of a backward pass read, and where each adds up its weights' gradients. */
template <typename Cell>
struct BackwardWeights {
  explicit BackwardWeights(const RecurrentBackward& call) {
    const auto [time, batch, inputs, units] = call.shape;
    const Index columns = Cell::kColumns * paddedUnits(units);
    recurrent.resize(packedSize(columns, units));
    packTransposedGates<Cell>(call.recurrentKernel, units, units, Cell::kHiddenFirst, recurrent.data());
    if (call.dx != nullptr) {
      kernel.resize(packedSize(columns, inputs));
      packTransposedGates<Cell>(call.kernel, inputs, units, Cell::kInputFirst, kernel.data());
    }
    rows = inputs + units + 1;
    blockSize = rows * kGates * paddedUnits(units);
    gradients.resize(blockCount(batch) * blockSize);
  }

  /** Of the block's own: [inputs + units + 1, panels, gates, kWidth]; the last row is the bias. */
  float* of(Index block) { return gradients.data() + block * blockSize; }

  Floats kernel, recurrent, gradients;
  Index rows, blockSize;
};

/** Steps whose gates' gradients are kept until the weights' gradients are taken of them: about kDepth rows. */
static inline Index chunkSteps(Index rows) {
  const Index steps = kDepth / rows;
  return steps > 0 ? steps : 1;
}

/** dRow += row, `columns` of each. */
static inline void addRows(Index rows, Index columns, const float* from, Index stride, float* to, Index toStride) {
  for (Index r = 0; r < rows; r++) {
    for (Index i = 0; i < columns; i++) to[r * toStride + i] += from[r * stride + i];
  }
}

/** The gradients by the gates of one step: of D's panels, [rows, kGates · kWidth], `apart` from one another. */
template <typename Cell>
static void gateGradients(
    Index rows, Index padded, const float* gates, const float* cells, const float* cellsBefore,
    const float* hiddenBefore, float* dHidden, float* dState, float* d, Index apart, float* dBias) {
  for (Index p = 0; p < padded; p += kWidth) {
    Vec sum[kGates];
#pragma GCC unroll 8
    for (int g = 0; g < kGates; g++) sum[g] = load(dBias + kGates * p + g * kWidth);
    for (Index r = 0; r < rows; r++) {
      const Index at = p * rows + r * kWidth;
      Vec gate[kGates], by[kGates];
#pragma GCC unroll 8
      for (int g = 0; g < kGates; g++) gate[g] = load(gates + kGates * at + g * kWidth);
      Vec dh = load(dHidden + r * padded + p);
      if constexpr (Cell::kHasState) {
        Vec ds = load(dState + at);
        Cell::gradient(gate, load(cells + at), cellsBefore == nullptr ? Vec{} : load(cellsBefore + at), dh, ds, by);
        store(dState + at, ds);
      } else {
        Vec none{};
        Cell::gradient(gate, none, load(hiddenBefore + r * padded + p), dh, none, by);
      }
      store(dHidden + r * padded + p, dh);
      float* to = d + p / kWidth * apart + r * kPanel;
#pragma GCC unroll 8
      for (int g = 0; g < kGates; g++) {
        store(to + g * kWidth, by[g]);
        sum[g] += by[g];
      }
    }
#pragma GCC unroll 8
    for (int g = 0; g < kGates; g++) store(dBias + kGates * p + g * kWidth, sum[g]);
  }
}

template <typename Cell>
static void backwardBlock(const RecurrentBackward& call, BackwardWeights<Cell>& weights, Index index) {
  const auto [time, batch, inputs, units] = call.shape;
  const Block block = blockOf(batch, index);
  const Index rows = block.rows, padded = paddedUnits(units), panels = padded / kWidth;
  const Index chunk = minimum(time, chunkSteps(rows));
  const Index apart = chunk * rows * kPanel;
  // Blocks of all tiles of the product that gives the hidden state's gradient.
  const Index portions = (units + kPanel - 1) / kPanel * ((rows + kTileRows - 1) / kTileRows) * panels;
  Floats dGates(panels * apart), memory(3 * rows * padded);
  float* dHidden = memory.data();
  float* dState = dHidden + rows * padded;
  float* hiddenBefore = dState + rows * padded;
  memset(memory.data(), 0, static_cast<size_t>(3 * rows * padded) * sizeof(float));
  float* gradients = weights.of(index);
  memset(gradients, 0, static_cast<size_t>(weights.blockSize) * sizeof(float));
  float* dBias = gradients + (inputs + units) * kGates * padded;
  if (call.dLast != nullptr) addRows(rows, units, call.dLast + block.from * units, units, dHidden, padded);

  for (Index end = time; end > 0;) {
    if (ectopy::isInterrupted()) return;
    const Index begin = end > chunk ? end - chunk : 0;
    for (Index t = end - 1; t >= begin; t--) {
      const Index row = t * batch + block.from;
      const Index kept = gatesBefore(call.shape, t, block);
      float* d = dGates.data() + (t - begin) * rows * kPanel;
      if (call.dSequence != nullptr) addRows(rows, units, call.dSequence + row * units, units, dHidden, padded);
      const float* cells = Cell::kHasState ? call.cells + kept / kGates : nullptr;
      const float* cellsBefore =
          Cell::kHasState && t > 0 ? call.cells + gatesBefore(call.shape, t - 1, block) / kGates : nullptr;
      if constexpr (!Cell::kHasState) {
        if (t > 0) {
          const float* before = call.sequence + (row - batch) * units;
          for (Index r = 0; r < rows; r++) {
            memcpy(hiddenBefore + r * padded, before + r * units, static_cast<size_t>(units) * sizeof(float));
          }
        } else {
          memset(hiddenBefore, 0, static_cast<size_t>(rows * padded) * sizeof(float));
        }
      }
      gateGradients<Cell>(
          rows, padded, call.gates + kept, cells, cellsBefore, hiddenBefore, dHidden, dState, d, apart, dBias);
      // What the step before needs: more than the memory would deliver in time.
      Prefetch prefetch;
      if (t > 0) prefetch.add(call.gates + gatesBefore(call.shape, t - 1, block), kGates * rows * padded, portions);
      if (Cell::kHasState && t > 1) {
        prefetch.add(call.cells + gatesBefore(call.shape, t - 2, block) / kGates, rows * padded, portions);
      }
      const auto gatesFrom = [&](int first) {
        return Rows{d + first * kWidth, kPanel, Cell::kColumns * kWidth, panels, apart, &prefetch};
      };
      // The LSTM's is 0 there by now: all goes through the gates.
      if (t > 0) gemm(rows, units, gatesFrom(Cell::kHiddenFirst), weights.recurrent.data(), dHidden, padded, true);
      if (call.dx == nullptr) continue;
      gemm(rows, inputs, gatesFrom(Cell::kInputFirst), weights.kernel.data(), call.dx + row * inputs, inputs, false);
    }
    // Before the first step, the hidden state is 0.
    const Index second = begin > 0 ? begin : 1;
    const TransposedRows x{call.x + (begin * batch + block.from) * inputs, inputs, rows, end - begin, batch * inputs};
    const TransposedRows hidden{
        call.sequence + ((second - 1) * batch + block.from) * units, units, rows, end - second, batch * units};
    for (Index p = 0; p < panels; p++) {
      const float* d = dGates.data() + p * apart;
      float* to = gradients + p * kPanel;
      const auto add = [&](Index count, const TransposedRows& a, Index step, int first, float* sums) {
        outerProduct<Cell::kColumns>(
            count, a, d + (step - begin) * rows * kPanel + first * kWidth, sums + first * kWidth, kGates * padded);
      };
      add(inputs, x, begin, Cell::kInputFirst, to);
      if (end > second) add(units, hidden, second, Cell::kHiddenFirst, to + inputs * kGates * padded);
    }
    end = begin;
  }
}

/** to = the blocks' sums of a row of gates, brought into Keras' order. */
template <typename Cell>
static void sumRow(BackwardWeights<Cell>& weights, Index blocks, Index units, Index row, int first, float* to) {
  const Index padded = paddedUnits(units);
  for (int g = first; g < first + Cell::kColumns; g++) {
    float* gate = to + Cell::column(g) * units;
    for (Index i = 0; i < units; i++) {
      const Index at = row * kGates * padded + i / kWidth * kPanel + g * kWidth + i % kWidth;
      float sum = weights.of(0)[at];
      for (Index b = 1; b < blocks; b++) sum += weights.of(b)[at];
      gate[i] = sum;
    }
  }
}

template <typename Cell>
static void backward(const RecurrentBackward& call) {
  const auto [time, batch, inputs, units] = call.shape;
  BackwardWeights<Cell> weights(call);
  const Index blocks = blockCount(batch), columns = Cell::kColumns * units;
  ectopy::parallelFor(blocks, [&](Index i) { backwardBlock<Cell>(call, weights, i); });
  for (Index i = 0; i < inputs; i++) {
    sumRow<Cell>(weights, blocks, units, i, Cell::kInputFirst, call.dKernel + i * columns);
  }
  for (Index i = 0; i < units; i++) {
    sumRow<Cell>(weights, blocks, units, inputs + i, Cell::kHiddenFirst, call.dRecurrentKernel + i * columns);
  }
  sumRow<Cell>(weights, blocks, units, inputs + units, Cell::kInputFirst, call.dBias);
  if (!Cell::kHasState) {
    // The GRU has a second bias, of the hidden state's product.
    sumRow<Cell>(weights, blocks, units, inputs + units, Cell::kHiddenFirst, call.dBias + columns);
  }
}

}  // namespace ECTOPY_TARGET
