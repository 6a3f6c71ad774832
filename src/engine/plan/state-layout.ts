/** Places what all programs of a plan share: weights, gradients, slots of the optimizer, and constants. */
import type { NetworkShape, NetworkSpec } from "../../contract/domain/networks.ts";
import type { ClippingSettings, OptimizerSettings } from "../../contract/domain/optimization.ts";
import { weightsOf } from "../networks/layer-weights.ts";
import { CROSS_ENTROPY, type LossShape } from "../networks/loss-shape.ts";
import { slotsOf } from "./optimizer-values.ts";
import { aligned, type StateLayout } from "./plan.ts";

export interface StateSettings {
  network: NetworkSpec;
  shape: NetworkShape;
  optimizer: OptimizerSettings;
  clipping: ClippingSettings;
  loss?: LossShape;
  /** Number of zeros that programs read; absent: none. */
  zeros?: number;
}

/** Places weights, gradients, slots and constants: the trainable weights first, so that the optimizer is one call. */
export function layOut({
  network,
  shape,
  optimizer,
  clipping,
  loss = CROSS_ENTROPY,
  zeros = 0,
}: StateSettings): StateLayout {
  let end = 0;
  const place = (floats: number): number => {
    const offset = end;
    end += aligned(floats);
    return offset;
  };
  const all = weightsOf(network, shape).map((weight) => {
    const floats = weight.shape.reduce((a, b) => a * b, 1);
    return { ...weight, floats, offset: 0 };
  });
  for (const weight of all.filter(({ trainable }) => trainable)) weight.offset = place(weight.floats);
  const trainableFloats = end;
  const gradients = place(trainableFloats);
  const slots = slotsOf(optimizer).map((name) => ({ name, offset: place(trainableFloats) }));
  for (const weight of all.filter(({ trainable }) => !trainable)) weight.offset = place(weight.floats);
  const constants: StateLayout["constants"] = [];
  if (clipping.kind === "norm" || clipping.kind === "global-norm") {
    const values = Int32Array.from(
      all.filter(({ trainable }) => trainable).flatMap(({ offset, floats }) => [offset, floats]),
    );
    constants.push({ name: "segments", offset: place(values.length), values });
  }
  if (loss.adjustment !== null) {
    const values = new Int32Array(loss.adjustment.slice().buffer);
    constants.push({ name: "adjustment", offset: place(values.length), values });
  }
  if (zeros > 0) constants.push({ name: "zeros", offset: place(zeros), values: new Int32Array(zeros) });
  return { floats: end, weights: all, trainableFloats, slots, gradients, constants };
}
