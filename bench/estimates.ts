/**
 * Estimated and measured time of trainings: each preset, on the sample and on MIT-BIH with fewer steps.
 *
 *     node bench/estimates.ts [path/to/mitdb]
 *
 * Each network is trained twice: estimated by its benchmark, then by its first run with fewer epochs; an experiment of
 * three runs follows. Prints a table, and the machine's load, which decides the times on a busy machine.
 */
import { execFileSync } from "node:child_process";
import { loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { presets } from "../src/contract/settings/network-presets.ts";
import { defaultTraining } from "../src/contract/settings/defaults.ts";
import { networkShapeOf, type Preparation } from "../src/contract/domain/preparation.ts";
import { speedQuestionSchema } from "../src/contract/domain/step-speed.ts";
import { estimateExperiment, estimateTraining } from "../src/contract/domain/training-estimate.ts";
import { networkNames, type NetworkName, type TrainingSettings } from "../src/contract/domain/training.ts";
import { startApp, temporaryApp } from "../tests/support/app.ts";
import { connect } from "../tests/support/socket-client.ts";

const [database] = process.argv.slice(2);
/** Epochs and steps of the first run; the second has more epochs. */
const lengths: Record<NetworkName, { epochs: number; stepsPerEpoch: number; more: number }> = {
  ann: { epochs: 5, stepsPerEpoch: 0, more: 15 },
  cnn: { epochs: 2, stepsPerEpoch: 100, more: 4 },
  lstm: { epochs: 1, stepsPerEpoch: 60, more: 2 },
};
const REPEATS = 3;
const POLL_INTERVAL_MS = 100;

const { folder, remove } = temporaryApp();
const ectopy = (...args: string[]): void => {
  const entry = join(import.meta.dirname, "../src/main/cli/ectopy.ts");
  const all = [entry, "--workspace", join(folder, "workspace"), "--json", ...args];
  execFileSync(process.execPath, all, { stdio: ["ignore", "ignore", "inherit"] });
};
ectopy("sample");
ectopy("prepare", "1");
if (database !== undefined) {
  ectopy("import", database);
  ectopy("prepare", "2", "--protocol", "inter-patient");
}

const app = await startApp(folder);
const client = await connect(app.url, app.cookie);
const rows: string[][] = [];
for (const preparation of await client.call("preparations.list", {})) {
  for (const name of networkNames) await compare(name, preparation);
}
client.socket.close();
await app.stop();
remove();

const head = ["data", "network", "estimated by", "epochs", "estimate (s)", "took (s)", "took / estimate"];
console.log(`| ${head.join(" | ")} |\n| ${head.map((_, i) => (i < 3 ? "---" : "---:")).join(" | ")} |`);
for (const row of rows) console.log(`| ${row.join(" | ")} |`);
console.log(
  `\nLoad of the machine at the end: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(", ")}`,
);

async function compare(name: NetworkName, preparation: Preparation): Promise<void> {
  const { more, ...length } = lengths[name];
  const first: TrainingSettings = { ...defaultTraining(name), ...length, patience: 0 };
  const { summary } = preparation;
  // Without the settings that the question does not have.
  const question = z.object(speedQuestionSchema.shape).parse({
    ...first,
    ...networkShapeOf(preparation),
  });
  const data = preparation.datasetId === 1 ? "sample" : "MIT-BIH";
  const note = (by: string, epochs: string, estimate: number, took: number): void => {
    const ratio = (took / estimate).toFixed(2);
    rows.push([data, presets[name].name, by, epochs, estimate.toFixed(1), took.toFixed(1), ratio]);
    console.error(rows.at(-1)?.join("  "));
  };

  const { job } = await client.call("networks.measure", question);
  await client.until("job.changed", ({ id, state }) => id === job.id && state !== "running");
  for (const [by, epochs] of [
    ["benchmark", first.epochs],
    ["last run", more],
  ] as const) {
    const given = { ...first, epochs };
    const { seconds } = estimateTraining((await client.call("networks.speed", question))!, given, summary.totals);
    note(by, String(epochs), seconds, await train(preparation.id, given));
  }
  if (name !== "ann") return;
  const speed = (await client.call("networks.speed", question))!;
  const runs = Array.from({ length: REPEATS }, () => first);
  const options = { beats: summary.totals, preparationSeconds: 0 };
  const { seconds } = estimateExperiment(runs, [{ settings: first, speed }], options);
  note("last run", `${REPEATS} runs × ${first.epochs}`, seconds, await repeat(preparation.id, first));
}

/** Returns the seconds from the request to the stored result. */
async function train(preparation: number, settings: TrainingSettings): Promise<number> {
  const began = performance.now();
  const { run } = await client.call("training.start", { preparation, settings });
  await untilEnded(run);
  return (performance.now() - began) / 1000;
}

async function repeat(preparation: number, settings: TrainingSettings): Promise<number> {
  const began = performance.now();
  const plan = { kind: "repeats", times: REPEATS } as const;
  const { job } = await client.call("experiments.start", {
    ...{ name: "Repeats", preparation, settings, plan },
    metric: "validation-loss",
  });
  const { subject } = await client.until("job.changed", ({ id, state }) => id === job.id && state !== "running");
  const { runs } = await client.call("experiments.get", { experiment: Number(subject) });
  await untilEnded(runs.at(-1)!.run);
  return (performance.now() - began) / 1000;
}

async function untilEnded(run: number): Promise<void> {
  for (;;) {
    const overview = await client.call("runs.overview", { run });
    if (overview?.status === "completed") return;
    if (overview?.status !== "queued" && overview?.status !== "running") {
      throw new Error(`Run ${run} is ${overview?.status}.`);
    }
    await wait(POLL_INTERVAL_MS);
  }
}
