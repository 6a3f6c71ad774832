/** `search` and `experiments`: trains, lists and shows experiments. */
import { InvalidArgumentError, Option, type Command } from "commander";
import { DEFAULT_SEED, defaultExperiment } from "../../../contract/settings/defaults.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import {
  defaultName,
  winnerMetrics,
  type ExperimentOverview,
  type ExperimentPlan,
  type SettingRange,
  type SettingValues,
  type WinnerMetric,
} from "../../../contract/domain/experiments.ts";
import type { Executor } from "../../../contract/domain/executors.ts";
import { counted } from "../../../contract/text/format-number.ts";
import { networkOf } from "../../../contract/settings/network-presets.ts";
import { findNetwork } from "../../services/networks/network-files.ts";
import { experimentSettingTable } from "../../../contract/settings/setting-table.ts";
import { nonEmpty, numberOf, wholeNumber } from "../arguments.ts";
import { savedNetworks, withSession, type Session } from "../session.ts";
import { trainingSettings, type TrainingOptions } from "../training-options.ts";
import { describeExperiment, describeExperiments } from "../views/experiment.ts";
import { collectAll } from "./collect.ts";
import { trainOne } from "../train-one.ts";
import { sentText } from "../../../contract/text/cluster-text.ts";
import { addTrainingOptions, watchTraining } from "./train.ts";

interface SearchOptions extends TrainingOptions {
  name?: string;
  metric: WinnerMetric;
  repeat?: number;
  grid?: SettingValues[];
  random?: (SettingRange | SettingValues)[];
  runs?: number;
  searchSeed: number;
  folds?: number;
  leaveOnePatientOut?: true;
  protocolPair?: true;
  on?: string;
  detach?: boolean;
}

export function addSearchCommands(program: Command): void {
  const search = program
    .command("search")
    .description(
      "train an experiment: repeats over seeds, grid search, random search, or patient-wise cross-validation",
    )
    .argument("<preparation>", "number of the preparation", wholeNumber(1));
  addTrainingOptions(search)
    .option("--repeat <times>", "number of runs that differ only in their seed", numberOf(experimentSettingTable.times))
    .option(
      "--grid <setting=values>",
      "grid search over all combinations, such as learningRate=0.01,0.001 (repeatable)",
      values,
    )
    .option(
      "--random <setting=range>",
      "random search, such as learningRate=1e-4..1e-2:log, batch=32..256:whole or network.*.rate=0.1,0.3 (repeatable)",
      ranges,
    )
    .option(
      "--runs <n>",
      `trials of --random (default: ${defaultExperiment.runs})`,
      numberOf(experimentSettingTable.runs),
    )
    .option("--search-seed <n>", "seed of --random", numberOf(experimentSettingTable.seed), DEFAULT_SEED)
    .option(
      "--folds <n>",
      "number of folds; each patient is tested once. With --grid or --random: folds of the training patients, which choose the settings",
      numberOf(experimentSettingTable.folds),
    )
    .option("--leave-one-patient-out", "as many folds as patients")
    .option(
      "--protocol-pair",
      "the reference study's protocol and the inter-patient split, and the gap between their metrics",
    )
    .option("--name <name>", "name of the experiment", nonEmpty)
    .option("--on <executor>", "train on other machines; \`ectopy executor\` lists the executors", nonEmpty)
    .option("--detach", "with --on: don't wait for the results, which \`ectopy collect\` stores later")
    .addOption(
      new Option("--metric <name>", "metric of the validation set that selects the best run")
        .choices(winnerMetrics)
        .default(defaultExperiment.metric),
    )
    .action(async (preparation: number, options: SearchOptions, command: Command) => {
      const settings = trainingSettings(findNetwork(options.model, savedNetworks(command)), options);
      const plan = planOf(options);
      await withSession(command, "write", async (session) => {
        const { terminal, services, signal } = session;
        const name = options.name ?? defaultName(networkOf(settings.network).name, plan.kind);
        // Before anything is prepared.
        const executor = options.on === undefined ? undefined : services.cluster.executor(options.on);
        if (executor !== undefined) terminal.warn(sentText({ ...executor, ...services.cluster.sending(preparation) }));
        const experiment = { name, preparation, settings, plan, metric: options.metric };
        const { id, runs } = await services.experiments.add(experiment, { progress: terminal.progress, signal });
        if (executor !== undefined) await trainElsewhere(session, { id, runs, executor, detach: options.detach });
        for (const [i, { run, label }] of executor === undefined ? runs.entries() : []) {
          terminal.say(`Run ${run} (${i + 1} of ${runs.length}): ${label}`);
          await trainOne(() => services.training.train(run, watchTraining(session), options.checkpointEvery));
          if (!signal.aborted) continue;
          for (const { run: waiting } of runs.slice(i + 1)) services.training.withdraw(waiting);
          break;
        }
        const overview = services.experiments.get(id);
        const results = services.experiments.results(id);
        terminal.say(describeExperiment(overview, results));
        terminal.document({ ...overview, ...results });
      });
    });

  program
    .command("experiments")
    .description("list the experiments, or show one")
    .argument("[experiment]", "number of the experiment", wholeNumber(1))
    .action(async (id: number | undefined, _options: object, command: Command) => {
      await withSession(command, "read", ({ terminal, services: { experiments } }) => {
        if (id === undefined) {
          terminal.say(describeExperiments(experiments.list()));
          terminal.document(experiments.list());
          return;
        }
        const [overview, results] = [experiments.get(id), experiments.results(id)];
        terminal.say(describeExperiment(overview, results));
        terminal.document({ ...overview, ...results });
      });
    });
}

interface Elsewhere extends Pick<ExperimentOverview, "id" | "runs"> {
  executor: Executor;
  detach: boolean | undefined;
}

/** Sends an experiment to an executor and waits for its results, or leaves it there. */
async function trainElsewhere(session: Session, { id, runs, executor, detach }: Elsewhere): Promise<void> {
  const { terminal, services, signal } = session;
  await services.cluster.start(id, executor, { progress: terminal.progress, signal });
  terminal.say(`Experiment ${id}: ${counted(runs.length, "run")} sent to ${executor.name}, into ${executor.folder}.`);
  if (detach !== true) await collectAll(session, id);
  if (detach === true || signal.aborted)
    terminal.say("The runs continue there. \`ectopy collect\` stores their results.");
}

function planOf({
  repeat,
  grid,
  random,
  runs,
  searchSeed,
  folds,
  leaveOnePatientOut,
  protocolPair,
}: SearchOptions): ExperimentPlan {
  const plans: ExperimentPlan[] = [];
  if (repeat !== undefined) plans.push({ kind: "repeats", times: repeat });
  const inner = folds === undefined ? {} : { folds };
  if (grid !== undefined) plans.push({ kind: "grid", settings: grid, ...inner });
  if (random !== undefined)
    plans.push({ kind: "random", settings: random, runs: runs ?? defaultExperiment.runs, seed: searchSeed, ...inner });
  if (folds !== undefined && grid === undefined && random === undefined)
    plans.push({ kind: "cross-validation", folds });
  if (leaveOnePatientOut === true) plans.push({ kind: "leave-one-patient-out" });
  if (protocolPair === true) plans.push({ kind: "protocol-pair" });
  if (plans.length === 1 && (runs === undefined || random !== undefined)) return plans[0];
  throw new EctopyError(
    "usage",
    plans.length === 1
      ? "--runs needs --random."
      : "One of --repeat, --grid, --random, --folds, --leave-one-patient-out and --protocol-pair is needed.",
    "`ectopy search --help` explains them.",
  );
}

function values(text: string, before: SettingValues[] = []): SettingValues[] {
  const [setting, list] = halves(text);
  return [...before, { setting, values: list.split(",").map(readValue) }];
}

function ranges(text: string, before: (SettingRange | SettingValues)[] = []): (SettingRange | SettingValues)[] {
  const [setting, range] = halves(text);
  if (!range.includes("..")) return [...before, ...values(text)];
  const [bounds, ...marks] = range.split(":");
  const [from, to] = bounds.split("..").map(Number);
  const unknown = marks.find((mark) => mark !== "log" && mark !== "whole");
  if (Number.isNaN(from) || Number.isNaN(to) || unknown !== undefined) {
    throw new InvalidArgumentError("A range is needed, such as 1e-4..1e-2:log or 32..256:whole.");
  }
  const scale = marks.includes("log") ? "log" : "linear";
  return [...before, { setting, from, to, scale, whole: marks.includes("whole") }];
}

function halves(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1) {
    throw new InvalidArgumentError("A setting and its values are needed, such as learningRate=0.01,0.001.");
  }
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Parses the value of a setting: true, false, a number, else text. */
function readValue(text: string): number | string | boolean {
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text);
  return text.trim() === "" || Number.isNaN(number) ? text : number;
}
