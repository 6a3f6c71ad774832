/** How many beats are predicted at once: as many as are quick, few enough for what is held of each to fit. */
import type { NetworkShape, NetworkSpec } from "../../contract/domain/networks.ts";
import { describeNetwork } from "./describe-network.ts";

/** That a training step would hold of them, in all layers together; a prediction holds less. */
const MAX_BYTES = 1.5 * 2 ** 30;
/** As the reference study's networks are predicted. */
const MOST = { row: 4096, sequence: 512 };

/** A power of two. */
export function beatsAtOnce(network: NetworkSpec, shape: NetworkShape): number {
  const { inputShape, bytesPerBeat } = describeNetwork(network, shape);
  const fit = 2 ** Math.floor(Math.log2(MAX_BYTES / bytesPerBeat));
  return Math.max(1, Math.min(fit, inputShape.length === 1 ? MOST.row : MOST.sequence));
}
