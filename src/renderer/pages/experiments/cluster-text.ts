/** Texts about runs on other machines. */
import type { ClusterExperimentState, ClusterRunProgress, RunMachine } from "../../../contract/domain/cluster.ts";
import { counted, formatInteger } from "../../base/format.ts";
import { executorKindNames } from "../../components/experiments/executors.ts";
import { runProgress } from "../../components/runs/progress-text.ts";

/** `On cluster1 (Slurm): 12 runs open, 2 training. 3 workers wait (Resources).` */
export function clusterText({ executor, kind, open, running, workers, cancelled }: ClusterExperimentState): string {
  const where = `${executor} (${executorKindNames[kind]})`;
  if (open === 0) return `All runs on ${where} have ended.`;
  const runs = `${counted(open, "run")} open, ${formatInteger(running)} training`;
  const state = `${cancelled ? "Cancelling on" : "On"} ${where}: ${runs}.`;
  if (workers === null || workers.waiting === 0) return state;
  const reason = workers.reason === "" ? "" : ` (${workers.reason})`;
  const verb = workers.waiting === 1 ? "waits" : "wait";
  return `${state} ${counted(workers.waiting, "worker")} ${verb}${reason}.`;
}

/** `node1, job 12_4`; empty: none yet */
export function machineText(machine: Pick<RunMachine, "host" | "job"> | null): string {
  if (machine === null || machine.host === "") return "";
  return machine.job === "" ? machine.host : `${machine.host}, job ${machine.job}`;
}

/** What an open run on another machine does. */
export function openRunText(run: ClusterRunProgress): string {
  const { state, progress, checkpointEpochs, failure, attempt } = run;
  switch (state) {
    case "waiting":
      return "Waits for a worker";
    case "running":
      return runProgress({ progress, evaluating: null }).text;
    case "requeued":
      return checkpointEpochs === null
        ? `Attempt ${attempt} ended without a checkpoint; the run begins again`
        : `Requeued; continues after ${counted(checkpointEpochs, "epoch")}`;
    case "failed-once":
      return `Failed, and is tried on another machine: ${failure}`;
  }
}
