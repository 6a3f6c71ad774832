/** Gradient clipping and optimizers over all weights at once (native/optimizer-kernels.h). */
import { forEach } from "./elementwise.ts";
import type { GpuKernels } from "./kernel-types.ts";
import { stepNumbers } from "../../plan/plan.ts";

/** Reads a number of the step. */
const number = (name: keyof typeof stepNumbers): string => `numbers_at(${stepNumbers[name]}u)`;

const THREADS = 256;
/** Workgroups that scale a segment. */
const SCALING_GROUPS = 64;

export const optimizerKernels: Pick<GpuKernels, "clip-values" | "clip-norms" | "adam" | "sgd" | "rmsprop"> = {
  "clip-values": ({ numbers, gradients, count }, list) => {
    forEach(list, count, {
      buffers: { numbers, gradients },
      body: `let limit = ${number("clippingLimit")};
    let value = gradients_at(i);
    let raised = select(value, -limit, value < -limit);
    set_gradients(i, select(raised, limit, raised > limit));`,
    });
  },
  "clip-norms": ({ numbers, gradients, segments, count, together }, list) => {
    const squares = list.workspace(count);
    list.add({
      buffers: { gradients, segments, squares },
      grid: [count, 1, 1],
      code: `var<workgroup> sums: array<f32, ${THREADS}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let offset = segments_bits(2u * group.x);
  let size = segments_bits(2u * group.x + 1u);
  var sum = 0.0;
  for (var i = thread; i < size; i += ${THREADS}u) {
    let value = gradients_at(offset + i);
    sum += value * value;
  }
  sums[thread] = sum;
  workgroupBarrier();
  for (var half = ${THREADS / 2}u; half > 0u; half = half / 2u) {
    if (thread < half) { sums[thread] += sums[thread + half]; }
    workgroupBarrier();
  }
  if (thread == 0u) { set_squares(group.x, sums[0]); }
}`,
    });
    const square = together
      ? "var square = 0.0; for (var s = 0u; s < n.count; s++) { square += squares_at(s); }"
      : "let square = squares_at(group.y);";
    list.add({
      buffers: { numbers, gradients, segments, squares },
      integers: { count },
      grid: [SCALING_GROUPS, count, 1],
      code: `@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let offset = segments_bits(2u * group.y);
  let size = segments_bits(2u * group.y + 1u);
  ${square}
  let norm = sqrt(square);
  let limit = ${number("clippingLimit")};
  if (norm <= limit) { return; }
  let factor = limit / norm;
  for (var i = group.x * ${THREADS}u + thread; i < size; i += ${SCALING_GROUPS * THREADS}u) {
    set_gradients(offset + i, gradients_at(offset + i) * factor);
  }
}`,
    });
  },
  adam: ({ numbers, gradients, weights, mean, square, count, decays, beta1, beta2, epsilon }, list) => {
    forEach(list, count, {
      buffers: { numbers, gradients, weights, mean, square },
      reals: { beta1, beta2, epsilon },
      body: `let g = gradients_at(i);
    let m = mean_at(i) + (g - mean_at(i)) * (1.0 - n.beta1);
    let v = square_at(i) + (g * g - square_at(i)) * (1.0 - n.beta2);
    let kept = weights_at(i)${decays ? ` * ${number("kept")}` : ""};
    set_mean(i, m);
    set_square(i, v);
    set_weights(i, kept - m * ${number("learningRate")} / (sqrt(v) + n.epsilon));`,
    });
  },
  sgd: ({ numbers, gradients, weights, velocity, count, nesterov, momentum }, list) => {
    const withVelocity = `let velocity = velocity_at(i) * n.momentum + descent;
    set_velocity(i, velocity);
    let change = ${nesterov ? "velocity * n.momentum + descent" : "velocity"};`;
    forEach(list, count, {
      buffers: { numbers, gradients, weights, velocity },
      reals: { momentum },
      body: `let descent = gradients_at(i) * -${number("learningRate")};
    ${velocity === null ? "let change = descent;" : withVelocity}
    set_weights(i, weights_at(i) + change);`,
    });
  },
  rmsprop: ({ numbers, gradients, weights, square, change, count, rho, momentum, epsilon }, list) => {
    forEach(list, count, {
      buffers: { numbers, gradients, weights, square, change },
      reals: { rho, momentum, epsilon },
      body: `let g = gradients_at(i);
    let v = square_at(i) + (g * g - square_at(i)) * (1.0 - n.rho);
    let change = change_at(i) * n.momentum + g * ${number("learningRate")} / sqrt(v + n.epsilon);
    set_square(i, v);
    set_change(i, change);
    set_weights(i, weights_at(i) - change);`,
    });
  },
};
