/** Runs the command line, and ends it with its descendants after a time limit. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEctopy, type Ended, type Running } from "../../tests/support/ectopy-process.ts";
import { killFamily } from "./process-family.ts";

const TIMEOUT_MS = 180_000;
/**
 * Node's compile cache is in the folder for temporary files, which is new in each round: every command would compile
 * all sources.
 */
const COMPILE_CACHE = join(tmpdir(), "node-compile-cache");

export interface CommandPlace {
  workspace: string;
  temporary: string;
}

export function startInTime(args: readonly string[], place: CommandPlace, within: readonly string[] = []): Running {
  const { workspace, temporary } = place;
  const environment = { TMPDIR: temporary, NODE_COMPILE_CACHE: COMPILE_CACHE };
  const running = startEctopy(args, { workspace, within, environment });
  const timer = setTimeout(() => killFamily(running.child.pid!), TIMEOUT_MS);
  const stop = (): void => clearTimeout(timer);
  void running.ended.then(stop, stop);
  return running;
}

export function runInTime(
  args: readonly string[],
  place: CommandPlace,
  within: readonly string[] = [],
): Promise<Ended> {
  return startInTime(args, place, within).ended;
}
