// Conv1D of any stride and kernel as a matrix product: a row of A is the window that an output sees, and windows overlap.
#pragma once

#include "conv1d.h"
#include "pool.h"
#include "rows.h"

namespace ECTOPY_TARGET {

/** Rows of the output between product and bias, in the first-level cache. */
constexpr Index kRows = 48;

/** Parts of the kernel's gradient: a number that doesn't depend on the threads, and enough for any. */
constexpr Index kKernelParts = 32;

/** A beat with zeros before and after it, as long as its windows need. @param padded [(outTime − 1) · stride + taps, in] */
static inline void padInput(const ectopy::Conv1dShape& s, const float* x, float* padded) {
  const Index rows = (s.outTime - 1) * s.stride + s.taps;
  const Index kept = rows - s.before < s.time ? rows - s.before : s.time;
  fillZeros(padded, s.before * s.in);
  memcpy(padded + s.before * s.in, x, static_cast<size_t>(kept * s.in) * sizeof(float));
  fillZeros(padded + (s.before + kept) * s.in, (rows - s.before - kept) * s.in);
}

/** y [rows, out] += bias, which may be null; then the ReLU. */
static inline void addBias(const ectopy::Conv1dShape& s, const float* bias, Index rows, float* y) {
  for (Index r = 0; r < rows; r++, y += s.out) {
    for (Index c = 0; c < s.out; c += kWidth) {
      const Vec sum = loadUpTo(y + c, s.out - c) + biasUpTo(bias, c, s.out - c);
      storeUpTo(y + c, s.relu ? relu(sum) : sum, s.out - c);
    }
  }
}

/** d [outTime, out]: a beat's gradient before its ReLU; its sum over time is added to `bias`. */
static inline void outputGradient(
    const ectopy::Conv1dShape& s, const float* dy, const float* y, float* d, float* bias) {
  for (Index t = 0; t < s.outTime; t++) {
    for (Index c = 0; c < s.out; c += kWidth) {
      const Index at = t * s.out + c, count = s.out - c;
      Vec value = loadUpTo(dy + at, count);
      if (s.relu) value = reluGrad(value, loadUpTo(y + at, count));
      storeUpTo(d + at, value, count);
      storeUpTo(bias + c, loadUpTo(bias + c, count) + value, count);
    }
  }
}

static void directForward(
    const ectopy::Conv1dShape& s, const float* x, const float* kernel, const float* bias, float* y) {
  const Index window = s.taps * s.in;
  Floats packed(packedSize(window, s.out));
  pack(kernel, s.out, window, s.out, packed.data());
  ectopy::parallelFor(s.batch, [&](Index beat) {
    Floats padded(((s.outTime - 1) * s.stride + s.taps) * s.in);
    padInput(s, x + beat * s.time * s.in, padded.data());
    for (Index from = 0; from < s.outTime; from += kRows) {
      const Index rows = s.outTime - from < kRows ? s.outTime - from : kRows;
      float* to = y + (beat * s.outTime + from) * s.out;
      const Index step = s.stride * s.in;
      gemm(rows, s.out, window, padded.data() + from * step, step, packed.data(), to, s.out, false);
      addBias(s, bias, rows, to);
    }
  });
}

/** The kernel with its taps turned round, each transposed: [taps, out, in]. */
static inline void turnKernel(const ectopy::Conv1dShape& s, const float* kernel, float* turned) {
  for (Index k = 0; k < s.taps; k++) {
    const float* from = kernel + (s.taps - 1 - k) * s.in * s.out;
    float* to = turned + k * s.in * s.out;
    for (Index i = 0; i < s.in; i++)
      for (Index o = 0; o < s.out; o++) to[o * s.in + i] = from[i * s.out + o];
  }
}

/** The panels of the turned kernel, [taps · out, in]. */
static inline void packTurned(const ectopy::Conv1dShape& s, const float* kernel, Floats& packed) {
  Floats turned(s.taps * s.in * s.out);
  turnKernel(s, kernel, turned.data());
  packed.resize(packedSize(s.taps * s.out, s.in));
  pack(turned.data(), s.in, s.taps * s.out, s.in, packed.data());
}

static void directBackward(
    const ectopy::Conv1dShape& s,
    const float* dy,
    const float* x,
    const float* kernel,
    const float* y,
    const ectopy::Conv1dGradients& gradients) {
  const Index window = s.taps * s.in, step = s.stride * s.in;
  Floats packed;
  if (gradients.x != nullptr) packTurned(s, kernel, packed);
  // Row q of the spread gradient is the output at (q − taps + 1) / stride; between two outputs, and beyond them, are zeros.
  const Index spreadRows = s.before + s.time + s.taps - 1;
  const Index parts = s.batch < kKernelParts ? s.batch : kKernelParts;
  Floats kernels(parts * window * s.out), biases(parts * s.out);
  fillZeros(kernels.data(), parts * window * s.out);
  fillZeros(biases.data(), parts * s.out);
  ectopy::parallelFor(parts, [&](Index part) {
    Floats padded(((s.outTime - 1) * s.stride + s.taps) * s.in), d(s.outTime * s.out), spread, scratch;
    if (gradients.x != nullptr) {
      spread.resize(spreadRows * s.out);
      fillZeros(spread.data(), spreadRows * s.out);
    }
    float* bias = biases.data() + part * s.out;
    for (Index beat = s.batch * part / parts; beat < s.batch * (part + 1) / parts; beat++) {
      outputGradient(s, dy + beat * s.outTime * s.out, y + beat * s.outTime * s.out, d.data(), bias);
      padInput(s, x + beat * s.time * s.in, padded.data());
      gemmTransposedA(
          window, s.out, s.outTime, padded.data(), step, d.data(), s.out, kernels.data() + part * window * s.out, s.out,
          scratch);
      if (gradients.x == nullptr) continue;
      for (Index t = 0; t < s.outTime; t++) {
        const Index row = t * s.stride + s.taps - 1;
        if (row >= spreadRows) break;
        memcpy(spread.data() + row * s.out, d.data() + t * s.out, static_cast<size_t>(s.out) * sizeof(float));
      }
      gemm(
          s.time, s.in, s.taps * s.out, spread.data() + s.before * s.out, s.out, packed.data(),
          gradients.x + beat * s.time * s.in, s.in, false);
    }
  });
  sumParts(kernels.data(), parts, window * s.out, gradients.kernel);
  if (gradients.bias != nullptr) sumParts(biases.data(), parts, s.out, gradients.bias);
}

}  // namespace ECTOPY_TARGET
