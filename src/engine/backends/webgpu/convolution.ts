/** Convolutions as matrix products: a row of the left factor is the window that an output sees. */
import type { GpuKernels } from "./kernel-types.ts";
import { product, storeWeights } from "./product.ts";

/** Returns x [batch, time, inputs] at `beat`, `time` and `channel`; 0 in the padding. `time` may be below 0: it wraps. */
const PADDED = `fn padded(beat: u32, time: u32, channel: u32) -> f32 {
  if (time >= n.time) { return 0.0; }
  return x_at((beat * n.time + time) * n.inputs + channel);
}`;

export const convolutionKernels: Pick<GpuKernels, "conv1d" | "conv1d-gradient"> = {
  conv1d: (
    { x, kernel, bias, y, batch, time, in: inputs, out, taps, stride, before, outTime, relu, dilation },
    list,
  ) => {
    product(list, {
      rows: batch * outTime,
      columns: out,
      depth: taps * inputs,
      buffers: { x, kernel, bias, y },
      integers: { time, inputs, stride, before, out_time: outTime, dilation },
      code: PADDED,
      left: `let time = (row % n.out_time) * n.stride + k / n.inputs * n.dilation - n.before;
  return padded(row / n.out_time, time, k % n.inputs);`,
      right: "return kernel_at(k * n.columns + column);",
      store: `let sum = ${bias === null ? "value" : "value + bias_at(column)"};
  set_y(row * n.columns + column, ${relu ? "select(sum, 0.0, sum < 0.0)" : "sum"});`,
    });
  },
  "conv1d-gradient": (
    {
      dy,
      x,
      kernel,
      y,
      dx,
      dKernel,
      dBias,
      batch,
      time,
      in: inputs,
      out,
      taps,
      stride,
      before,
      outTime,
      relu,
      dilation,
    },
    list,
  ) => {
    // Where a ReLU gave 0, nothing comes back.
    const throughRelu = relu ? "select(0.0, dy_at(i), y_at(i) > 0.0)" : "dy_at(i)";
    const code = `fn d(i: u32) -> f32 { return ${throughRelu}; }`;
    const sizes = { time, inputs, stride, before, out_time: outTime, dilation };
    product(list, {
      // The last row is the gradient of the bias, where there is one.
      rows: taps * inputs + (dBias === null ? 0 : 1),
      columns: out,
      depth: batch * outTime,
      buffers: { dy, x, y: relu ? y : null, d_kernel: dKernel, d_bias: dBias },
      integers: { ...sizes, window: taps * inputs },
      code: `${PADDED}
${code}`,
      left: `if (row == n.window) { return 1.0; }
  let time = (k % n.out_time) * n.stride + row / n.inputs * n.dilation - n.before;
  return padded(k / n.out_time, time, row % n.inputs);`,
      leftByRows: true,
      right: "return d(k * n.columns + column);",
      store: storeWeights("window", dBias),
      split: true,
    });
    if (dx === null) return;
    product(list, {
      rows: batch * time,
      columns: inputs,
      depth: taps * out,
      buffers: { dy, kernel, y: relu ? y : null, dx },
      integers: { ...sizes, outputs: out },
      code,
      // The output whose tap k / outputs lies at this time, where there is one.
      left: `let shifted = row % n.time + n.before - k / n.outputs * n.dilation;
  let output = shifted / n.stride;
  if (shifted % n.stride != 0u || output >= n.out_time) { return 0.0; }
  return d((row / n.time * n.out_time + output) * n.outputs + k % n.outputs);`,
      right: "return kernel_at((k / n.outputs * n.inputs + column) * n.outputs + k % n.outputs);",
      rightByK: true,
      store: "set_dx(row * n.columns + column, value);",
    });
  },
};
