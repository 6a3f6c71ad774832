/** Dense layers and their gradients. */
import { ACTIVATIONS, activated } from "./activations.ts";
import type { GpuKernels } from "./kernel-types.ts";
import { product, storeWeights } from "./product.ts";

export const denseKernels: Pick<GpuKernels, "dense" | "dense-weight-gradient" | "dense-input-gradient"> = {
  dense: ({ x, kernel, bias, y, rows, in: inputs, out, activation }, list) => {
    product(list, {
      rows,
      columns: out,
      depth: inputs,
      buffers: { x, kernel, bias, y },
      code: ACTIVATIONS,
      left: "return x_at(row * n.depth + k);",
      right: "return kernel_at(k * n.columns + column);",
      store: `set_y(row * n.columns + column, ${activated(activation, bias === null ? "value" : "value + bias_at(column)")});`,
    });
  },
  "dense-weight-gradient": ({ x, d, dKernel, dBias, rows, in: inputs, out }, list) => {
    product(list, {
      // The last row is the gradient of the bias, where there is one.
      rows: inputs + (dBias === null ? 0 : 1),
      columns: out,
      depth: rows,
      buffers: { x, d, d_kernel: dKernel, d_bias: dBias },
      integers: { inputs },
      left: "if (row == n.inputs) { return 1.0; } return x_at(k * n.inputs + row);",
      leftByRows: true,
      right: "return d_at(k * n.columns + column);",
      store: storeWeights("inputs", dBias),
      split: true,
    });
  },
  "dense-input-gradient": ({ d, kernel, dx, rows, in: inputs, out }, list) => {
    product(list, {
      rows,
      columns: inputs,
      depth: out,
      buffers: { d, kernel, dx },
      left: "return d_at(row * n.depth + k);",
      right: "return kernel_at(column * n.depth + k);",
      rightByK: true,
      store: "set_dx(row * n.columns + column, value);",
    });
  },
};
