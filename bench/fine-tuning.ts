/**
 * Gain of fine-tuning a run on the first minutes of a patient's recording, on patients that the run was not trained on: the
 * same beats, after these minutes, by the run as it is and by the fine-tuned one.
 *
 *     node bench/fine-tuning.ts WORKSPACE RUN [--set test|validation] [--minutes 5] [--replay 200] [--lr 3e-4] [--epochs 20]
 *       [--seeds 1,2,3]
 *
 * The run's preparation is one fold of MIT-BIH's DS1 (docs/results.md); its validation patients choose the defaults, its test
 * patients show the gain. DS2 is not read. The workspace is changed: each fine-tuning is a run of it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fineTuningSchema } from "../src/contract/domain/patient-choice.ts";
import { loadPreparation, readDescription, readRecordNumbers } from "../src/engine/training/preparation-files.ts";
import { predictedClasses } from "../src/pipeline/evaluation/confusion.ts";
import { openServices } from "../src/main/services/compose.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    set: { type: "string", default: "test" },
    minutes: { type: "string", default: "5" },
    replay: { type: "string", default: "200" },
    lr: { type: "string" },
    epochs: { type: "string" },
    batch: { type: "string" },
    seeds: { type: "string", default: "1,2,3" },
    records: { type: "string" },
  },
});
const [folder, run = "1"] = positionals;
if (folder === undefined) throw new Error("Name the workspace and the run.");
const set = values.set === "validation" ? "validation" : "test";
const minutes = Number(values.minutes);

/** Beats by true class (rows) and predicted class. */
type Matrix = number[][];

const services = openServices(folder, { mode: "write", warn: (message) => process.stderr.write(`${message}\n`) });
const { preparation } = services.results.run(Number(run));
const { labels } = preparation.summary;
const prepared = join(folder, "preparations", String(preparation.id));
const numbers = (path: string): Uint32Array => new Uint32Array(Uint8Array.from(readFileSync(path)).buffer);
const { source, sets } = loadPreparation(prepared);
const names = readDescription(prepared).records;
const records = readRecordNumbers(prepared);
const samples = numbers(join(prepared, "beat-sample.u32"));
const probabilities = new Float32Array(
  Uint8Array.from(readFileSync(join(folder, "runs", run, `${set}-probabilities.f32`))).buffer,
);
const predicted = predictedClasses(probabilities, labels.length);
const rates = new Map(services.workspace.datasets.records(preparation.datasetId).map(({ name, rate }) => [name, rate]));

function empty(): Matrix {
  return labels.map(() => labels.map(() => 0));
}
function add(to: Matrix, other: Matrix): void {
  other.forEach((row, i) => row.forEach((count, j) => (to[i][j] += count)));
}
const percent = (value: number, of: number): string => (of === 0 ? "–" : ((100 * value) / of).toFixed(2));
function accuracy(matrix: Matrix): string {
  return percent(
    matrix.reduce((sum, row, i) => sum + row[i], 0),
    matrix.flat().reduce((a, b) => a + b, 0),
  );
}
function seAndPpv(matrix: Matrix, label: string): string {
  const i = labels.indexOf(label);
  return `${percent(
    matrix[i][i],
    matrix[i].reduce((a, b) => a + b, 0),
  )}/${percent(
    matrix[i][i],
    matrix.reduce((sum, row) => sum + row[i], 0),
  )}`;
}

/** Returns the matrix of the run as it is, on the beats that fine-tuning tests. */
function before(record: string): Matrix {
  const matrix = empty();
  const end = Math.round(60 * minutes * (rates.get(record) ?? 0));
  sets[set].forEach((row, i) => {
    if (names[records[row]] === record && samples[row] >= end) matrix[source.classes[row]][predicted[i]]++;
  });
  return matrix;
}

const signal = new AbortController().signal;
const patients = values.records?.split(",") ?? preparation.summary.recordsBySet?.[set] ?? [];
console.log(JSON.stringify({ run, ...values }));
console.log("recording beats accuracy before → after (each seed) | S before → after | V before → after (Se/PPV)");
const [pooledBefore, pooledAfter] = [empty(), values.seeds.split(",").map(empty)];
for (const record of patients) {
  const as = before(record);
  const tuned: Matrix[] = [];
  for (const [i, seed] of values.seeds.split(",").entries()) {
    const choice = fineTuningSchema.parse({
      ...{ run: Number(run), dataset: preparation.datasetId, record, minutes, seed: Number(seed), threads: 1 },
      ...{ replay: Number(values.replay) },
      ...(values.lr === undefined ? {} : { learningRate: Number(values.lr) }),
      ...(values.epochs === undefined ? {} : { epochs: Number(values.epochs) }),
      ...(values.batch === undefined ? {} : { batch: Number(values.batch) }),
    });
    const { id } = await services.fineTuning.add(choice, { progress: () => {}, signal });
    const { result } = await services.training.train(id, { signal });
    if (result === null) throw new Error(`Run ${id} has no result.`);
    tuned.push(result.test.confusion);
    add(pooledAfter[i], result.test.confusion);
  }
  add(pooledBefore, as);
  report(record, as, tuned);
}
report("all", pooledBefore, pooledAfter);
await services.close();

function report(name: string, as: Matrix, tuned: readonly Matrix[]): void {
  const of = (text: (matrix: Matrix) => string): string => `${text(as)} → ${tuned.map(text).join(" ")}`;
  const beats = as.flat().reduce((a, b) => a + b, 0);
  console.log(
    `${name} ${beats} ${of(accuracy)} | S ${of((matrix) => seAndPpv(matrix, "S"))} | V ${of((matrix) => seAndPpv(matrix, "V"))}`,
  );
}
