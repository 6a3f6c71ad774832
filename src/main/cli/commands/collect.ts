/** `collect` and `cancel`: experiments that other machines train. */
import { setTimeout as wait } from "node:timers/promises";
import type { Command } from "commander";
import { counted } from "../../../contract/text/format-number.ts";
import type { ClusterProgress } from "../../services/cluster/cluster.ts";
import { wholeNumber } from "../arguments.ts";
import { withSession, type Session } from "../session.ts";

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
    .action(async (experiment: number, _options: object, command: Command) => {
      await withSession(command, "write", async ({ terminal, services }) => {
        await services.cluster.cancel(experiment);
        terminal.say(
          `Experiment ${experiment} is being cancelled. \`ectopy collect --wait\` stores how its runs ended.`,
        );
        terminal.document({ experiment });
      });
    });
}

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
