/** Softmax, cross-entropy and its gradient. */
import { EXPONENTIALS } from "./activations.ts";
import { forEach } from "./elementwise.ts";
import type { GpuKernels } from "./kernel-types.ts";

const SOFTMAX = `${EXPONENTIALS}
struct Softmax { largest: f32, sum: f32, best: u32 }
fn softmax(row: u32) -> Softmax {
  var result = Softmax(logits_at(row * n.classes), 0.0, 0u);
  for (var c = 1u; c < n.classes; c++) {
    let logit = logits_at(row * n.classes + c);
    if (logit > result.largest) {
      result.largest = logit;
      result.best = c;
    }
  }
  for (var c = 0u; c < n.classes; c++) { result.sum += exponential(logits_at(row * n.classes + c) - result.largest); }
  return result;
}
`;

/** One workgroup has all rows, so that the loss is summed in a fixed order. */
const THREADS = 256;

export const lossKernels: Pick<GpuKernels, "cross-entropy" | "softmax"> = {
  "cross-entropy": ({ logits, truth, weights, dLogits, result, rows, classes }, list) => {
    list.add({
      buffers: { logits, truth, weights, d_logits: dLogits, result },
      integers: { rows, classes },
      grid: [1, 1, 1],
      code: `${SOFTMAX}
var<workgroup> losses: array<f32, ${THREADS}>;
var<workgroup> hits: array<f32, ${THREADS}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) thread: u32) {
  var loss = 0.0;
  var correct = 0.0;
  for (var row = thread; row < n.rows; row += ${THREADS}u) {
    let of_row = softmax(row);
    let weight = weights_at(row);
    let class_of_row = truth_bits(row);
    loss += weight * (log(of_row.sum) + of_row.largest - logits_at(row * n.classes + class_of_row));
    if (of_row.best == class_of_row) { correct += 1.0; }
    for (var c = 0u; c < n.classes; c++) {
      let share = exponential(logits_at(row * n.classes + c) - of_row.largest) / of_row.sum;
      set_d_logits(row * n.classes + c, share * weight - select(0.0, weight, c == class_of_row));
    }
  }
  losses[thread] = loss;
  hits[thread] = correct;
  workgroupBarrier();
  for (var half = ${THREADS / 2}u; half > 0u; half = half / 2u) {
    if (thread < half) {
      losses[thread] += losses[thread + half];
      hits[thread] += hits[thread + half];
    }
    workgroupBarrier();
  }
  if (thread == 0u) {
    set_result(0u, losses[0]);
    set_result(1u, hits[0]);
  }
}`,
    });
  },
  softmax: ({ logits, y, rows, classes }, list) => {
    forEach(list, rows, {
      buffers: { logits, y },
      integers: { classes },
      code: SOFTMAX,
      body: `let of_row = softmax(i);
    for (var c = 0u; c < n.classes; c++) {
      set_y(i * n.classes + c, exponential(logits_at(i * n.classes + c) - of_row.largest) / of_row.sum);
    }`,
    });
  },
};
