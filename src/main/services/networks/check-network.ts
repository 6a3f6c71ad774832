/** Checks a network against the beats that it will be trained on, before anything is computed. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { NetworkShape, NetworkSpec } from "../../../contract/domain/networks.ts";
import { describeNetwork } from "../../../engine/networks/describe-network.ts";

/** @throws EctopyError `invalid-settings` naming the first invalid layer */
export function checkNetwork(network: NetworkSpec, shape: NetworkShape): void {
  const wrong = describeNetwork(network, shape).layers.find(({ problem }) => problem !== null);
  if (wrong === undefined) return;
  const { windowLength, ...others } = shape;
  const sizes = (["channels", "features", "steps"] as const).flatMap((size) => {
    const given = others[size];
    return given === undefined ? [] : [` --${size} ${given}`];
  });
  throw new EctopyError(
    "invalid-settings",
    `The network “${network.name}” is invalid for a window of ${windowLength} samples. Layer “${wrong.id}”: ${wrong.problem}`,
    `Change that layer; \`ectopy network FILE --window ${windowLength}${sizes.join("")}\` shows the network layer by layer.`,
  );
}
