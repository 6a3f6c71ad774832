/** Experiments whose runs are trained on other machines, as screens and the command line show them. */
import type { Executor } from "./executors.ts";
import type { BatchProgress } from "./training.ts";

/** What the started workers of an experiment do, as the executor reports it. */
export interface WorkersState {
  /** Workers that have not started. */
  waiting: number;
  /** Machine of each running worker. */
  running: string[];
  /** Why workers wait; empty: unknown. */
  reason: string;
}

export type ClusterRunState =
  /** No worker has begun it. */
  | "waiting"
  | "running"
  /** Its worker was stopped or has disappeared; another one continues from the checkpoint. */
  | "requeued"
  /** It failed on one machine, and is tried on another one. */
  | "failed-once";

/** A run that other machines train, and that has not ended. */
export interface ClusterRunProgress {
  run: number;
  state: ClusterRunState;
  /** Machine of the latest attempt; empty: none. */
  host: string;
  /** Job of the executor, such as Slurm's `123_4`; empty: none. */
  job: string;
  /** Number of the latest attempt; 0: none. */
  attempt: number;
  /** Null before the first progress of the attempt. */
  progress: BatchProgress | null;
  /** Epochs in the latest checkpoint; null: there is none. */
  checkpointEpochs: number | null;
  /** Why it failed on one machine; empty: it did not. */
  failure: string;
}

/** Runs of an experiment that have not ended, and what the executor reports. */
export interface ClusterProgress {
  experiment: number;
  executor: string;
  open: number;
  running: number;
  /** Null: the executor can't tell, or did not answer. */
  workers: WorkersState | null;
  /** Why the results could not be collected, or workers not be started; empty: no problem. */
  problem: string;
  runs: ClusterRunProgress[];
}

/** An experiment that was sent to an executor. */
export interface ClusterExperimentState extends ClusterProgress {
  kind: Executor["kind"];
  /** Its folder on this machine's side of the shared disk. */
  folder: string;
  /** Whether the folder exists: it holds beats of patients. */
  folderExists: boolean;
  cancelled: boolean;
  /** Time of the latest collection, ISO 8601, UTC; null: none since Ectopy was started. */
  collectedAt: string | null;
}

/** Machine that trained a run for this workspace. */
export interface RunMachine {
  /** Name of the executor that started its worker. */
  executor: string;
  host: string;
  job: string;
  attempt: number;
}

/** What is copied into the shared folder for the runs on one preparation. */
export interface ClusterSending {
  bytes: number;
  recordings: number;
}

/** The end of a worker's log. */
export interface WorkerLog {
  name: string;
  /** Time of its last line, ISO 8601, UTC. */
  modifiedAt: string;
  text: string;
}

/** Result of the latest test of an executor since Ectopy was started. */
export interface TestedExecutor {
  name: string;
  host: string;
  job: string;
  /** Processor and kernels of the machine. */
  device: string;
  /** From the start of the worker to its result, waiting included. */
  seconds: number;
}
