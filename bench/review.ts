/**
 * Speed of reviews on a day of 100,000 beats: opening, edits, undo, and reading the set, in ms.
 *
 *     node bench/review.ts [edits]
 *
 * The workspace is a temporary folder. Each edit is on the disk when its time ends. The last line reopens the review in another
 * process' state: parent and log are read from the database.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { Annotation } from "../src/contract/domain/recordings.ts";
import { toColumns } from "../src/pipeline/recordings/annotation-columns.ts";
import { openServices } from "../src/main/services/compose.ts";
import { randomStream } from "../src/pipeline/random.ts";

const BEATS = 100_000;
const RATE = 250;
const edits = Number(process.argv[2] ?? 2000);
const reviewer = "Benchmark";

const folder = mkdtempSync(join(tmpdir(), "ectopy-bench-review-"));
const services = openServices(folder, { mode: "write", warn: () => {} });
try {
  const { workspace, reviews } = services;
  const record = {
    name: "day",
    usable: true,
    rate: RATE,
    length: 24 * 3600 * RATE,
    leads: ["II", "V1"],
    beats: {},
    otherAnnotations: 0,
    comments: [],
    findings: [],
    place: "",
    patient: null,
    knownAs: null,
    hashes: [],
    annotators: [],
    version: 1,
  };
  workspace.datasets.add(
    {
      name: "Day",
      source: "",
      fingerprint: "00".repeat(32),
      createdAt: "2026-11-30T00:00:00.000Z",
      patientsFrom: null,
    },
    { records: [record], findings: [] },
  );
  const random = randomStream(1, "bench");
  const step = Math.floor(record.length / BEATS);
  const annotations = Array.from({ length: BEATS }, (_, i): Annotation => {
    return {
      sample: i * step + random.below(40),
      symbol: "NNNNNNNNNV"[i % 10],
      subtype: 0,
      channel: 0,
      num: 0,
      aux: "",
    };
  });
  const set = workspace.annotationSets.add({
    datasetId: 1,
    name: "classified",
    origin: "classified",
    parent: null,
    leads: [],
    runs: [],
    createdAt: "2026-11-30T00:00:00.000Z",
  });
  workspace.annotationSets.replaceRecord(set, "day", toColumns(annotations));
  const place = { dataset: 1, record: "day", set: "classified-reviewed" };

  const time = (work: () => unknown): number => {
    const began = performance.now();
    work();
    return performance.now() - began;
  };
  const percentile = (times: number[], share: number): string =>
    times.sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(1);
  const say = (what: string, times: number[]): void => {
    const [least, median, most] = [0, 0.5, 0.99].map((share) => percentile(times, share));
    console.log(`${what.padEnd(34)} least ${least} ms, median ${median} ms, 99 % ${most} ms`);
  };

  console.log(`${BEATS} beats, ${edits} edits; load ${loadavg()[0].toFixed(1)}`);
  say("begin a review", [time(() => reviews.begin({ dataset: 1, record: "day", from: "classified" }))]);
  say("open it", [time(() => reviews.open(place))]);
  const samples = annotations.map(({ sample }) => sample);
  const pick = (): number => samples[random.below(BEATS)];
  say(
    "relabel a beat",
    Array.from({ length: edits }, () =>
      time(() => reviews.edit(place, { kind: "relabel", beats: [pick()], symbol: "S" }, reviewer)),
    ),
  );
  say(
    "undo",
    Array.from({ length: Math.floor(edits / 2) }, () => time(() => reviews.walk(place, "undo", reviewer))),
  );
  const family = samples.filter((_, i) => i % 10 === 9);
  say(`relabel a family of ${family.length}`, [
    time(() => reviews.edit(place, { kind: "relabel", beats: family, symbol: "F" }, reviewer)),
  ]);
  const symbols = ["V", "N", "V", "N", "V"];
  say(
    `relabel all ${BEATS} beats`,
    symbols.map((symbol) => time(() => reviews.edit(place, { kind: "relabel", beats: samples, symbol }, reviewer))),
  );
  say(
    "undo it",
    symbols.map(() => time(() => reviews.walk(place, "undo", reviewer))),
  );
  say("mark an episode", [
    time(() => reviews.edit(place, { kind: "rhythm", from: 1000, to: 90_000, code: "AFIB" }, reviewer)),
  ]);
  reviews.forget();
  say("open it from the database", [time(() => reviews.open(place))]);
  const stored = workspace.annotationSets.find(1, place.set)!;
  say("read its annotations as columns", [time(() => workspace.annotationSets.columns(stored.id, "day"))]);
} finally {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
}
