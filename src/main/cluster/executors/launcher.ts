/** Any other executor: a command line of this machine that starts workers, such as GNU parallel or `kubectl`. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { ExecutorOf } from "../../../contract/domain/executors.ts";
import { quoted, reasonIn, runCommand } from "./run-command.ts";
import type { WorkerPlan } from "./worker-plan.ts";

/**
 * Runs the launcher, which must end once the workers are started.
 * @returns the last line of its output, which may name a job
 * @throws EctopyError `server-refuses`: it failed; `not-connected`: it did not end within a minute
 */
export async function startLauncher({ launcher }: ExecutorOf<"launcher">, plan: WorkerPlan): Promise<string> {
  const values: Record<string, string> = {
    worker: plan.worker,
    workers: String(plan.workers),
    logs: quoted(plan.logs),
  };
  const commandLine = launcher.replaceAll(/\{(worker|workers|logs)\}/g, (_, name: string) => values[name]);
  const { status, output, errorOutput } = await runCommand("sh", ["-c", commandLine]);
  if (status === 0) return output.trim().split("\n").at(-1) ?? "";
  throw new EctopyError(
    "server-refuses",
    `The launcher ended with status ${status}${reasonIn(errorOutput)}`,
    "Try its command line in a terminal.",
  );
}
