/** `collect`, `cancel`, `train-here`, `start-workers`, `worker-logs`: experiments that other machines train. */
import { setTimeout as wait } from "node:timers/promises";
import type { Command } from "commander";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { counted } from "../../../contract/text/format-number.ts";
import type { ClusterProgress } from "../../../contract/domain/cluster.ts";
import { trainOne } from "../train-one.ts";
import { wholeNumber } from "../arguments.ts";
import { withSession, type Session } from "../session.ts";
import { watchTraining } from "./train.ts";

const INTERVAL_MS = 5000;

export function addCollectCommands(program: Command): void {
  program
    .command("collect")
    .description("store what other machines have trained since the last time")
    .option("--wait", "wait until all runs have ended")
    .action(async ({ wait: waits }: { wait?: boolean }, command: Command) => {
      await withSession(command, "write", async (session) => {
        const open = waits === true ? await collectAll(session) : await session.services.cluster.collect();
        session.terminal.say(describeProgress(open));
        session.terminal.document(open);
      });
    });
  program
    .command("cancel")
    .description("cancel an experiment that other machines train; running trainings keep their best epoch")
    .argument("<experiment>", "number of the experiment", wholeNumber(1))
    .option("--run <n>", "cancel only this run", wholeNumber(1))
    .option(
      "--delete-folder",
      "delete the experiment's folder on the shared disk at once; results not collected are lost",
    )
    .action(async (experiment: number, { run, deleteFolder }: CancelOptions, command: Command) => {
      if (run !== undefined && deleteFolder === true) {
        throw new EctopyError("usage", "--run and --delete-folder exclude each other.", "Leave out one of them.");
      }
      await withSession(command, "write", async ({ terminal, services: { cluster } }) => {
        if (deleteFolder === true) {
          await cluster.deleteFolder(experiment);
          terminal.say(`The folder of experiment ${experiment} on the shared disk was deleted.`);
        } else {
          await (run === undefined ? cluster.cancel(experiment) : cluster.cancelRun(run));
          const what = run === undefined ? `Experiment ${experiment}` : `Run ${run}`;
          terminal.say(`${what} is being cancelled. \`ectopy collect --wait\` stores how its runs ended.`);
        }
        terminal.document({ experiment });
      });
    });
  program
    .command("train-here")
    .description("take the open runs of an experiment back from other machines, and train them here")
    .argument("<experiment>", "number of the experiment", wholeNumber(1))
    .addHelpText("after", TRAIN_HERE_HELP)
    .action(async (experiment: number, _options: object, command: Command) => {
      await withSession(command, "write", async (session) => {
        const { terminal, services, signal } = session;
        const runs = await services.cluster.takeBack(experiment);
        for (const run of runs) {
          if (signal.aborted) break;
          terminal.say(`Run ${run}`);
          await trainOne(() => services.training.resume(run, watchTraining(session)));
        }
        terminal.document(services.experiments.get(experiment));
      });
    });
  program
    .command("start-workers")
    .description(
      "start workers of an experiment again, such as those of a launcher, which can't tell whether any is left",
    )
    .argument("<experiment>", "number of the experiment", wholeNumber(1))
    .action(async (experiment: number, _options: object, command: Command) => {
      await withSession(command, "write", async ({ terminal, services: { cluster } }) => {
        await cluster.startWorkers(experiment);
        terminal.say("Workers were started. `ectopy collect --wait` stores their results.");
        terminal.document({ experiment });
      });
    });
  program
    .command("worker-logs")
    .description("print the ends of the logs of an experiment's workers, newest first")
    .argument("<experiment>", "number of the experiment", wholeNumber(1))
    .action(async (experiment: number, _options: object, command: Command) => {
      await withSession(command, "read", ({ terminal, services: { cluster } }) => {
        const logs = cluster.logs(experiment);
        terminal.say(
          logs.map(({ name, text }) => `== ${name}\n${text.trimEnd()}`).join("\n\n") || "No worker has a log.",
        );
        terminal.document(logs);
      });
    });
}

interface CancelOptions {
  run?: number;
  deleteFolder?: boolean;
}

const TRAIN_HERE_HELP = `
Needed where the other machines are gone. Runs continue from the checkpoints in the shared folder, or begin again where it
can't be read: the result is the same. Stopping this command leaves the rest interrupted; \`ectopy resume\` continues them.`;

/** Collects until all runs have ended, or the user stops waiting. @returns the experiments that have not ended */
export async function collectAll(
  { terminal, services, signal }: Session,
  experiment?: number,
): Promise<ClusterProgress[]> {
  for (;;) {
    const all = await services.cluster.collect();
    const open = experiment === undefined ? all : all.filter((each) => each.experiment === experiment);
    if (open.length === 0 || signal.aborted) return open;
    for (const each of open) if (each.problem !== "") terminal.warn(each.problem);
    const left = open.reduce((sum, each) => sum + each.open, 0);
    const running = open.reduce((sum, each) => sum + each.running, 0);
    terminal.progress({ stage: `${counted(left, "run")} open, ${running} training`, done: 0, total: 0, unit: "" });
    await wait(INTERVAL_MS, undefined, { signal }).catch(() => {});
  }
}

export function describeProgress(open: readonly ClusterProgress[]): string {
  if (open.length === 0) return "All runs that other machines trained have ended.";
  return open
    .map(({ experiment, executor, open: left, running, workers, problem }) => {
      const waiting =
        workers === null || workers.waiting === 0
          ? ""
          : `, ${counted(workers.waiting, "worker")} waiting (${workers.reason})`;
      const state = `Experiment ${experiment} on ${executor}: ${counted(left, "run")} open, ${running} training${waiting}.`;
      return problem === "" ? state : `${state} ${problem}`;
    })
    .join("\n");
}
