/** LSTM and GRU cells (native/recurrent.h): how gates follow from their sums, and the gradients. */

export interface Cell {
  /** Gates of a kernel. */
  columns: 3 | 4;
  /** The four sums of a unit: the column of each kernel that is added to it; null: none. */
  inputColumns: readonly (number | null)[];
  hiddenColumns: readonly (number | null)[];
  /** Whether a cell state goes from step to step beside the hidden state. */
  hasState: boolean;
  /** WGSL of the bias that sum `g` begins with, at `unit`. */
  bias: readonly string[];
  /**
   * Statements from the sums `gate` (vec4f) and `before` to the activated `gate` and `hidden`. `before`: the state, which
   * they replace, or the hidden state of the step before.
   */
  forward: string;
  /**
   * Statements from `gate`, `dh` (gradient by the hidden state), `state` and `before`, to `d` (vec4f, by the sums), and
   * `dh`: what reaches the hidden state before directly. An LSTM replaces `ds`, the gradient by the state, too.
   */
  backward: string;
}

/** Gates in Keras' order: input, forget, cell, output. */
export const LSTM: Cell = {
  columns: 4,
  inputColumns: [0, 1, 2, 3],
  hiddenColumns: [0, 1, 2, 3],
  hasState: true,
  bias: [0, 1, 2, 3].map((g) => `bias_at(${g}u * n.units + unit)`),
  forward: `gate = vec4f(sigmoid(gate.x), sigmoid(gate.y), hyperbolic_tangent(gate.z), sigmoid(gate.w));
        before = gate.y * before + gate.x * gate.z;
        let hidden = gate.w * hyperbolic_tangent(before);`,
  backward: `let squashed = hyperbolic_tangent(state);
        let by = ds + dh * gate.w * (1.0 - squashed * squashed);
        let d = vec4f(
          by * gate.z * gate.x * (1.0 - gate.x),
          by * before * gate.y * (1.0 - gate.y),
          by * gate.x * (1.0 - gate.z * gate.z),
          dh * squashed * gate.w * (1.0 - gate.w));
        ds = by * gate.y;
        dh = 0.0;`,
};

/** Gates in the order update, reset, candidate, as Keras', then the recurrent part of the candidate. */
export const GRU: Cell = {
  columns: 3,
  inputColumns: [0, 1, 2, null],
  hiddenColumns: [0, 1, null, 2],
  hasState: false,
  bias: [
    "bias_at(unit) + bias_at(3u * n.units + unit)",
    "bias_at(n.units + unit) + bias_at(4u * n.units + unit)",
    "bias_at(2u * n.units + unit)",
    "bias_at(5u * n.units + unit)",
  ],
  forward: `gate.x = sigmoid(gate.x);
        gate.y = sigmoid(gate.y);
        gate.z = hyperbolic_tangent(gate.z + gate.y * gate.w);
        let hidden = gate.x * before + (1.0 - gate.x) * gate.z;`,
  backward: `let by = dh * (1.0 - gate.x) * (1.0 - gate.z * gate.z);
        let d = vec4f(
          dh * (before - gate.z) * gate.x * (1.0 - gate.x),
          by * gate.w * gate.y * (1.0 - gate.y),
          by,
          by * gate.y);
        dh = dh * gate.x;`,
};
