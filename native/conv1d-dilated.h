// Conv1D of stride 1 whose windows skip samples. Every dilation-th sample belongs to one phase; within a phase, windows skip
// nothing, so that each phase is a product of overlapping windows, as in conv1d-direct.h.
#pragma once

#include "conv1d-direct.h"

namespace ECTOPY_TARGET {

/** Rows of a sequence by phases: row j of phase p is the sequence's row `first` + p + j · dilation. */
struct Phases {
  Index count, rows, channels;

  /** @param length rows that the windows of all phases need together */
  Phases(Index dilation, Index length, Index channels)
      : count(dilation), rows((length + dilation - 1) / dilation), channels(channels) {}
  Index floats() const { return count * rows * channels; }

  /** Copies a sequence [time, channels]; rows before its first and after its last time are zeros. */
  void fill(const float* x, Index time, Index first, float* phases) const {
    const size_t bytes = static_cast<size_t>(channels) * sizeof(float);
    for (Index p = 0; p < count; p++) {
      for (Index j = 0; j < rows; j++, phases += channels) {
        const Index t = first + p + j * count;
        if (t < 0 || t >= time) memset(phases, 0, bytes);
        else memcpy(phases, x + t * channels, bytes);
      }
    }
  }
};

/** Number of times p, p + dilation, p + 2 · dilation … below `time`. */
static inline Index timesOf(Index time, Index p, Index dilation) {
  return p < time ? (time - p + dilation - 1) / dilation : 0;
}

static void dilatedForward(
    const ectopy::Conv1dShape& s, const float* x, const float* kernel, const float* bias, float* y) {
  const Index window = s.taps * s.in;
  Floats packed(packedSize(window, s.out));
  pack(kernel, s.out, window, s.out, packed.data());
  const Phases phases(s.dilation, s.outTime + (s.taps - 1) * s.dilation, s.in);
  ectopy::parallelFor(s.batch, [&](Index beat) {
    Floats split(phases.floats());
    phases.fill(x + beat * s.time * s.in, s.time, -s.before, split.data());
    float* to = y + beat * s.outTime * s.out;
    for (Index p = 0; p < s.dilation; p++) {
      const float* from = split.data() + p * phases.rows * s.in;
      const Index times = timesOf(s.outTime, p, s.dilation);
      gemm(times, s.out, window, from, s.in, packed.data(), to + p * s.out, s.dilation * s.out, false);
    }
    addBias(s, bias, s.outTime, to);
  });
}

static void dilatedBackward(
    const ectopy::Conv1dShape& s,
    const float* dy,
    const float* x,
    const float* kernel,
    const float* y,
    const ectopy::Conv1dGradients& gradients) {
  const Index window = s.taps * s.in, reach = (s.taps - 1) * s.dilation;
  Floats packed;
  if (gradients.x != nullptr) packTurned(s, kernel, packed);
  const Phases inputs(s.dilation, s.outTime + reach, s.in);
  // The input at time t reaches the outputs t + before − reach, … t + before: row q is the output q + before − reach.
  const Phases outputs(s.dilation, s.time + reach, s.out);
  const Index parts = s.batch < kKernelParts ? s.batch : kKernelParts;
  Floats kernels(parts * window * s.out), biases(parts * s.out);
  fillZeros(kernels.data(), parts * window * s.out);
  fillZeros(biases.data(), parts * s.out);
  ectopy::parallelFor(parts, [&](Index part) {
    Floats split(inputs.floats()), d(s.outTime * s.out), spread, scratch;
    if (gradients.x != nullptr) spread.resize(outputs.floats());
    float* ofKernel = kernels.data() + part * window * s.out;
    for (Index beat = s.batch * part / parts; beat < s.batch * (part + 1) / parts; beat++) {
      const Index at = beat * s.outTime * s.out;
      outputGradient(s, dy + at, y + at, d.data(), biases.data() + part * s.out);
      inputs.fill(x + beat * s.time * s.in, s.time, -s.before, split.data());
      for (Index p = 0; p < s.dilation; p++) {
        const float* from = split.data() + p * inputs.rows * s.in;
        const Index times = timesOf(s.outTime, p, s.dilation);
        gemmTransposedA(
            window, s.out, times, from, s.in, d.data() + p * s.out, s.dilation * s.out, ofKernel, s.out, scratch);
      }
      if (gradients.x == nullptr) continue;
      outputs.fill(d.data(), s.outTime, s.before - reach, spread.data());
      float* to = gradients.x + beat * s.time * s.in;
      for (Index p = 0; p < s.dilation; p++) {
        const float* from = spread.data() + p * outputs.rows * s.out;
        const Index times = timesOf(s.time, p, s.dilation);
        gemm(times, s.in, s.taps * s.out, from, s.out, packed.data(), to + p * s.in, s.dilation * s.in, false);
      }
    }
  });
  sumParts(kernels.data(), parts, window * s.out, gradients.kernel);
  if (gradients.bias != nullptr) sumParts(biases.data(), parts, s.out, gradients.bias);
}

}  // namespace ECTOPY_TARGET
