/** Measures the training step of a preset network on this machine. */
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { NetworkName } from "../../../contract/domain/training.ts";
import type { MeasuredSpeed } from "../../../contract/settings/app-settings.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";
import { chooseGpu } from "./gpu.ts";
import { measureReference } from "./measure-steps.ts";

/** Runs the measurement in a separate process. @throws CancelledError; EctopyError `engine-unavailable` */
export async function measureSpeed(
  network: NetworkName,
  startProcess: StartProcess,
  signal: AbortSignal,
): Promise<MeasuredSpeed> {
  try {
    const device = await chooseGpu(startProcess);
    const measured = await measureReference(network, startProcess, {
      precision: "float32",
      backend: "auto",
      device,
      signal,
    });
    const { batch, milliseconds } = measured;
    const measuredAt = timestamp();
    const beatsPerSecond = Math.round((1000 * batch) / milliseconds);
    return { network, batch, millisecondsPerStep: milliseconds, beatsPerSecond, measuredAt };
  } catch (cause) {
    if (signal.aborted) throw new CancelledError();
    throw new EctopyError(
      "engine-unavailable",
      "The speed of this machine could not be measured: the measurement ended without a result.",
      "Run `npm run setup` with a network connection, then measure again.",
      { cause },
    );
  }
}
