/**
 * Slurm: one job array, each task a worker. Only `sbatch`, `squeue` and `scancel` are needed; accounting (`sacct`) is
 * often off. Whether a run has ended is read from its files, never from Slurm.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { ExecutorOf } from "../../../contract/domain/executors.ts";
import type { WorkersState } from "../../../contract/domain/cluster.ts";
import type { WorkerPlan } from "./worker-plan.ts";
import { quoted, reasonIn, runCommand, sshArguments, type CommandResult } from "./run-command.ts";

type Slurm = ExecutorOf<"slurm">;

/** Notice before the end of the time limit, in seconds: enough for a checkpoint. */
const NOTICE_S = 120;

/** Starts the workers. @returns the job's number. @throws EctopyError `server-refuses`, `not-found`, `not-connected` */
export async function startSlurm(slurm: Slurm, plan: WorkerPlan): Promise<string> {
  const { status, output, errorOutput } = await run(slurm, ["sbatch", "--parsable"], slurmScript(slurm, plan));
  const [job] = output.trim().split(";");
  if (status === 0 && /^\d+$/.test(job)) return job;
  throw refused("sbatch", errorOutput);
}

/** Returns the script of `sbatch`. A requeued task begins it again, and its worker continues from the checkpoint. */
export function slurmScript(
  { options, threads, workers: limit }: Slurm,
  { title, logs, worker, workers }: WorkerPlan,
): string {
  const atOnce = limit === 0 ? "" : `%${limit}`;
  const directives = [
    `--job-name=${title}`,
    `--array=1-${workers}${atOnce}`,
    `--cpus-per-task=${threads}`,
    "--requeue",
    "--open-mode=append",
    `--signal=B:TERM@${NOTICE_S}`,
    `--output=${fileName(logs)}`,
    ...options,
  ];
  return [
    "#!/bin/bash",
    ...directives.map((directive) => `#SBATCH ${directive}`),
    `${worker} &`,
    "worker=$!",
    "trap 'kill -TERM $worker' TERM",
    // The signal ends the first wait; the worker then writes its checkpoint.
    "while kill -0 $worker 2>/dev/null; do wait $worker; status=$?; done",
    "exit ${status:-0}",
    "",
  ].join("\n");
}

/** Returns the name of the tasks' logs for a directive, in which `%` begins a replacement and blanks end a word. */
function fileName(logs: string): string {
  return `"${logs.replaceAll("%", "%%").replaceAll(/["\\]/g, "\\$&")}/slurm-%A_%a.log"`;
}

/** Returns what the tasks of a job do. @throws EctopyError `server-refuses`, `not-connected`, `not-found` */
export async function slurmState(slurm: Slurm, job: string): Promise<WorkersState> {
  const command = ["squeue", "--noheader", "--array", `--jobs=${job}`, "--format=%T|%N|%r"];
  const { status, output, errorOutput } = await run(slurm, command);
  // Slurm forgets ended jobs after some minutes.
  if (status !== 0 && /Invalid job id/i.test(errorOutput)) return { waiting: 0, running: [], reason: "" };
  if (status !== 0) throw refused("squeue", errorOutput);
  const tasks = output
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => line.split("|"));
  const isRunning = ([state]: string[]): boolean => ["RUNNING", "COMPLETING"].includes(state);
  const waiting = tasks.filter((task) => !isRunning(task));
  return {
    waiting: waiting.length,
    running: tasks.filter(isRunning).map(([, node]) => node),
    reason: waiting.at(0)?.[2] ?? "",
  };
}

/** Cancels a job: its workers stop at a checkpoint. @throws EctopyError `server-refuses`, `not-connected`, `not-found` */
export async function cancelSlurm(slurm: Slurm, job: string): Promise<void> {
  const { status, errorOutput } = await run(slurm, ["scancel", job]);
  if (status !== 0 && !/Invalid job id/i.test(errorOutput)) throw refused("scancel", errorOutput);
}

function run({ host }: Slurm, [program, ...args]: readonly string[], input = ""): Promise<CommandResult> {
  if (host === "") return runCommand(program, args, input);
  return runCommand("ssh", sshArguments(host, [program, ...args].map(quoted).join(" ")), input);
}

function refused(program: string, errorOutput: string): EctopyError {
  return new EctopyError(
    "server-refuses",
    `Slurm's ${program} failed${reasonIn(errorOutput)}`,
    "Check the executor's options in Settings.",
  );
}
