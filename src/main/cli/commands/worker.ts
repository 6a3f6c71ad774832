/** `worker`: trains the runs of an experiment from a folder that machines share. */
import type { Command } from "commander";
import { onStopSignals } from "../../base/stop-signals.ts";
import type { AttemptOutcome } from "../../cluster/train-attempt.ts";
import { workOn } from "../../cluster/worker.ts";
import { startNodeProcess } from "../../workers/processes/node-process.ts";
import { pathArgument, wholeNumber } from "../arguments.ts";
import { CHECKPOINT_EVERY } from "../../services/training/checkpoint-interval.ts";
import { checkpointSeconds } from "../checkpoint-option.ts";
import { terminalOf } from "../terminal.ts";
import { batchProgress } from "../views/batch-progress.ts";

interface WorkerCommandOptions {
  runs?: number;
  checkpointEvery?: number;
}

export function addWorkerCommand(program: Command): void {
  program
    .command("worker")
    .description("train the runs of an experiment from a folder that several machines share; needs no workspace")
    .argument("<folder>", "folder of the experiment", pathArgument)
    .option("--runs <n>", "train at most this many runs (default: until none is left)", wholeNumber(1))
    .option(
      "--checkpoint-every <seconds>",
      `time between checkpoints (default: ${CHECKPOINT_EVERY})`,
      checkpointSeconds,
    )
    .addHelpText("after", HELP)
    .action(async (folder: string, options: WorkerCommandOptions, command: Command) => {
      const terminal = terminalOf(command);
      const stop = new AbortController();
      // Slurm sends SIGTERM to every process of a job, whose script passes it on: the second one means the same.
      const ignoreSignals = onStopSignals(() => {
        terminal.warn("Stopping at a checkpoint. Any worker can continue the run.");
        stop.abort();
      }, ["SIGHUP", "SIGTERM"]);
      try {
        const report = await workOn(folder, {
          startProcess: startNodeProcess,
          checkpointIntervalMs: 1000 * (options.checkpointEvery ?? CHECKPOINT_EVERY),
          maxRuns: options.runs,
          signal: stop.signal,
          onBegun: (run, attempt) => terminal.say(`Run ${run}: ${attempt === 1 ? "started" : `attempt ${attempt}`}`),
          onProgress: (run, progress) => {
            const shown = batchProgress(progress);
            terminal.progress({ ...shown, stage: `Run ${run}: ${shown.stage}` });
          },
          onEnded: (run, outcome) => terminal.say(`Run ${run}: ${describe(outcome)}`),
        });
        terminal.document(report);
        if (report.done.length === 0 && report.failed.length === 0) terminal.say("No run was trained to its end.");
      } finally {
        terminal.endProgress();
        ignoreSignals();
      }
    });
}

const HELP = `
SIGTERM and Ctrl-C stop at a checkpoint, with status 0. Another worker, or the same command, continues from there.`;

function describe(ended: AttemptOutcome): string {
  switch (ended.outcome) {
    case "done":
      return `completed after ${ended.result.epochs.length} epochs`;
    case "stopped":
      return "stopped at a checkpoint";
    case "failed":
      return `failed. ${ended.error.message}`;
    case "replaced":
      return "left to another worker, which has taken it over";
  }
}
