/** Softmax, cross-entropy and its gradient. */
import { EXPONENTIALS } from "./activations.ts";
import { forEach } from "./elementwise.ts";
import type { GpuKernels } from "./kernel-types.ts";

const LOGIT = "logits_at(row * n.classes + c)";

/** @param logit WGSL of a logit that is adjusted. The best class is that of the logits as they are. */
const softmaxOf = (logit = LOGIT): string => `${EXPONENTIALS}
struct Softmax { largest: f32, sum: f32, best: u32 }
fn logit_of(row: u32, c: u32) -> f32 { return ${logit}; }
fn softmax(row: u32) -> Softmax {
  var result = Softmax(logit_of(row, 0u), 0.0, 0u);
  var best = logits_at(row * n.classes);
  for (var c = 1u; c < n.classes; c++) {
    result.largest = max(result.largest, logit_of(row, c));
    let as_it_is = logits_at(row * n.classes + c);
    if (as_it_is > best) {
      best = as_it_is;
      result.best = c;
    }
  }
  for (var c = 0u; c < n.classes; c++) { result.sum += exponential(logit_of(row, c) - result.largest); }
  return result;
}
`;

const SOFTMAX = softmaxOf();

/** Cross-entropy of a row, and its gradient. */
const PLAIN = `loss += weight * (log(of_row.sum) + of_row.largest - logit_of(row, class_of_row));
    for (var c = 0u; c < n.classes; c++) {
      let share = exponential(logit_of(row, c) - of_row.largest) / of_row.sum;
      set_d_logits(row * n.classes + c, share * weight - select(0.0, weight, c == class_of_row));
    }`;

/** Loss of a row with smoothed classes and the focal factor, and its gradient (native/loss-kernels.h). */
const SHAPED = `var terms = 0.0;
    for (var turn = 0u; turn < 2u; turn++) {
      for (var c = 0u; c < n.classes; c++) {
        let logit = logit_of(row, c);
        let share = exponential(logit - of_row.largest) / of_row.sum;
        let log_share = logit - of_row.largest - log(of_row.sum);
        let of_class = select(0.0, 1.0 - n.smoothing, c == class_of_row);
        let goal = n.smoothing / f32(n.classes) + of_class;
        let rest = max(1.0 - share, 1e-7);
        let factor = select(pow(rest, n.focus), 1.0, n.focus == 0.0);
        let term = goal * (n.focus * share * factor / rest * log_share - factor);
        if (turn == 0u) {
          terms += term;
          loss -= weight * goal * factor * log_share;
        } else {
          set_d_logits(row * n.classes + c, weight * (term - share * terms));
        }
      }
    }`;

/** One workgroup has all rows, so that the loss is summed in a fixed order. */
const THREADS = 256;

export const lossKernels: Pick<GpuKernels, "cross-entropy" | "softmax"> = {
  "cross-entropy": ({ logits, truth, weights, adjustment, dLogits, result, rows, classes, smoothing, focus }, list) => {
    const isAdjusted = adjustment !== null;
    list.add({
      buffers: { logits, truth, weights, adjustment, d_logits: dLogits, result },
      integers: { rows, classes },
      reals: { smoothing, focus },
      grid: [1, 1, 1],
      code: `${softmaxOf(isAdjusted ? "logits_at(row * n.classes + c) + adjustment_at(c)" : undefined)}
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
    if (of_row.best == class_of_row) { correct += 1.0; }
    ${smoothing === 0 && focus === 0 ? PLAIN : SHAPED}
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
