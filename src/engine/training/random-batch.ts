/** Batches of random beats, for measurements and trials. */
import type { NetworkShape, NetworkSpec } from "../../contract/domain/networks.ts";
import type { RandomStream } from "../../pipeline/random.ts";
import { inputsWithShapes } from "../networks/wiring.ts";
import type { Batch } from "./training-step.ts";

/** Returns a batch with normally distributed inputs, random classes, and weights of 1. */
export function randomBatch(network: NetworkSpec, shape: NetworkShape, beats: number, random: RandomStream): Batch {
  return {
    inputs: inputsWithShapes(network, shape).map(({ size }) =>
      Float32Array.from({ length: beats * size }, () => random.normal()),
    ),
    classes: Int32Array.from({ length: beats }, () => random.below(shape.classes)),
    weights: new Float32Array(beats).fill(1),
  };
}
