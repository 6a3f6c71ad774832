/** Begins every run of a cluster folder that it can, as a worker of a machine, and prints their numbers as JSON. */
import { Attempt, runState } from "../../src/main/cluster/attempts.ts";
import { runFolder, runsOf } from "../../src/main/cluster/cluster-files.ts";

const [shared, host] = process.argv.slice(-2);
const begun: number[] = [];
for (const run of runsOf(shared)) {
  const folder = runFolder(shared, run);
  const state = runState(folder, host);
  if (state.state !== "free") continue;
  if (Attempt.begin(folder, state.next, { host, pid: process.pid, job: "" }) !== null) begun.push(run);
}
process.stdout.write(JSON.stringify({ begun }));
