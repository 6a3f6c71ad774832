/** Number of beats predicted at once: large for speed, small enough for memory. */
import type { NetworkShape, NetworkSpec } from "../../contract/domain/networks.ts";
import { describeNetwork } from "./describe-network.ts";

/** Memory that a training step of these beats would need in all layers; a prediction needs less. */
const MAX_BYTES = 1.5 * 2 ** 30;
/** Upper bounds by input shape, in beats. */
const MAX_BEATS = { row: 4096, sequence: 512 };

/** Returns a power of two. */
export function beatsAtOnce(network: NetworkSpec, shape: NetworkShape): number {
  const { inputs, bytesPerBeat } = describeNetwork(network, shape);
  const fit = 2 ** Math.floor(Math.log2(MAX_BYTES / bytesPerBeat));
  return Math.max(
    1,
    Math.min(fit, inputs.every(({ shape }) => shape.length === 1) ? MAX_BEATS.row : MAX_BEATS.sequence),
  );
}
