/** Fine-tuning for a patient, learning from a review, and preparations of reviewed labels: on the sample recordings. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isHeartbeat } from "../../src/contract/domain/class-maps.ts";
import { REVIEWED_FLAG, unpackLabels, type Label } from "../../src/contract/domain/labels.ts";
import { DEFAULT_REPORT_SETTINGS } from "../../src/contract/domain/recording-report.ts";
import type { FineTuningChoice } from "../../src/contract/domain/patient-choice.ts";
import { defaultPreparation } from "../../src/contract/settings/defaults.ts";
import { readTrainedModels, weightsInOrder } from "../../src/engine/exchange/trained-model.ts";
import { lossShapeOf } from "../../src/engine/networks/loss-shape.ts";
import { createTraining } from "../../src/engine/training/create-training.ts";
import { loadEngine } from "../../src/engine/training/load-engine.ts";
import { loadPreparation } from "../../src/engine/training/preparation-files.ts";
import { batchSizes, train } from "../../src/engine/training/train.ts";
import { openServices, type Services } from "../../src/main/services/compose.ts";
import { version } from "../../src/main/version.ts";
import { networkOf } from "../../src/contract/settings/network-presets.ts";
import { networkShapeOf } from "../../src/contract/domain/preparation.ts";
import { temporaryFolder } from "../support/command-line.ts";
import { makeWorkspace, SAMPLE } from "../support/shared-workspaces.ts";

const folder = temporaryFolder();
const workspace = join(folder.path, "workspace");
const RECORD = "s01";
const reviewer = "A. Reviewer";
let services: Services;

beforeAll(async () => {
  await makeWorkspace(workspace, [
    SAMPLE,
    ["prepare", "1", "--preset", "rhythm-and-shape", "--protocol", "inter-patient", "--without-synthetic"],
    ["train", "1", "--model", "rhythm-and-shape", "--epochs", "1", "--threads", "1"],
    ["classify", "1", `1/${RECORD}`],
  ]);
  services = openServices(workspace, { mode: "write", warn: () => {} });
});
afterAll(async () => {
  await services.close();
  folder.remove();
});

const signal = new AbortController().signal;
const watch = { progress: () => {}, signal };
const choice: FineTuningChoice = {
  ...{ run: 1, dataset: 1, record: RECORD, minutes: 1.5, replay: 20 },
  ...{ epochs: 12, batch: 32, threads: 1 },
};

/** A small file may lie within a larger buffer. */
const numbers = (path: string): Uint32Array => new Uint32Array(Uint8Array.from(readFileSync(path)).buffer);
const weightsOf = (run: number): Buffer => readFileSync(join(workspace, "runs", String(run), "weights.bin"));

describe("fine-tuning", () => {
  let tuned: number;

  it("trains on the first minutes alone and tests the rest of the recording", async () => {
    const { id } = await services.fineTuning.add(choice, watch);
    tuned = id;
    const run = await services.training.train(id, { signal });
    expect(run.status).toBe("completed");
    expect(run.settings).toMatchObject({ fineTunes: 1, keptEpoch: "last", patience: 0, batch: 32 });
    const { preparation } = services.results.run(id);
    expect(preparation.settings.protocol).toBe("patient-specific");
    expect(preparation.summary.recordsBySet).toEqual({ train: [RECORD], validation: [], test: [RECORD] });
    expect(preparation.summary.caveats[0]).toContain("Patient-specific: run 1 was fine-tuned on the first 1.5 min");
    const { sets, source } = loadPreparation(join(workspace, "preparations", String(preparation.id)));
    const { rate } = services.workspace.datasets.records(1).find(({ name }) => name === RECORD)!;
    const stored = join(workspace, "preparations", String(preparation.id));
    const samples = numbers(join(stored, "beat-sample.u32"));
    const records = numbers(join(stored, "beat-record.u32"));
    const end = 90 * rate;
    expect(sets.test.every((row) => records[row] === 0 && samples[row] >= end)).toBe(true);
    expect(sets.train.every((row) => records[row] > 0 || samples[row] < end)).toBe(true);
    expect(sets.validation.every((row) => records[row] > 0)).toBe(true);
    expect(source.weights).toBeDefined();
  });

  it("equals a training that starts from the weights of the run", async () => {
    const { run, preparation } = services.results.run(tuned);
    const { settings } = run;
    const loaded = await loadEngine(version, settings, { adapter: null, onFallback: () => {} });
    const data = loadPreparation(join(workspace, "preparations", String(preparation.id)));
    const counts = data.labels.map(
      (_, number) => [...data.sets.train].filter((row) => data.source.classes[row] === number).length,
    );
    const training = createTraining(loaded, {
      network: settings.network,
      shape: data.shape,
      batches: batchSizes(data.sets.train.length, settings),
      optimizer: settings.optimizer,
      clipping: settings.clipping,
      loss: lossShapeOf(settings.loss, counts),
      seed: settings.seed,
      precision: settings.precision,
    });
    const [base] = readTrainedModels(
      join(workspace, "runs", "1"),
      [networkOf(settings.network)],
      networkShapeOf(preparation),
    );
    training.network.setWeights(weightsInOrder(base));
    await train(training, data, settings, {
      ...{ onProgress: () => {}, onEvaluating: () => {}, onEpoch: () => {}, signal },
    });
    const expected = Buffer.concat(
      training.network
        .weights()
        .map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
    );
    expect(weightsOf(tuned).equals(expected)).toBe(true);
    expect(weightsOf(tuned).equals(weightsOf(1))).toBe(false);
  });

  it("resumes from a checkpoint to the same weights", async () => {
    const { id } = await services.fineTuning.add(choice, watch);
    const suspended = await services.training
      .train(id, { signal, onEpoch: () => services.training.suspend(id) })
      .catch(() => services.workspace.runs.find(id)!);
    expect(suspended.status).toBe("paused");
    await services.training.resume(id, { signal });
    expect(weightsOf(id).equals(weightsOf(tuned))).toBe(true);
  });

  it("refuses a run that is patient-specific already, and a recording without beats in these minutes", async () => {
    await expect(services.fineTuning.add({ ...choice, run: tuned }, watch)).rejects.toThrow("patient-specific already");
    await expect(services.fineTuning.add({ ...choice, minutes: 1000 }, watch)).rejects.toThrow(
      "no beat after 1000 min",
    );
  });

  it("refuses labels of a network that nobody reviewed", async () => {
    await expect(services.fineTuning.add({ ...choice, annotations: "run1" }, watch)).rejects.toThrow(
      "has the labels of run 1, not the truth",
    );
  });
});

describe("learning from a review", () => {
  const place = { dataset: 1, record: RECORD, set: "run1-reviewed" };
  const labels = (): Label[] => unpackLabels(services.reviews.open(place).labels);
  const reviewed = (of: readonly Label[]): Label[] => of.filter(({ flags }) => (flags & REVIEWED_FLAG) !== 0);

  it("needs some reviewed beats", async () => {
    services.reviews.begin({ dataset: 1, record: RECORD, from: "run1" });
    await expect(services.learning.learn({ ...place, reviewer }, { ...watch, onRun: () => {} })).rejects.toThrow(
      "has 0 reviewed beats; 10 are needed",
    );
  });

  it("needs a run that labelled the beats", async () => {
    services.reviews.begin({ dataset: 1, record: "s02", from: "atr", name: "mine" });
    await expect(
      services.learning.learn({ dataset: 1, record: "s02", set: "mine", reviewer }, { ...watch, onRun: () => {} }),
    ).rejects.toThrow("No run labelled the annotation set mine");
  });

  it("labels the beats that nobody reviewed, as one entry that is undone", async () => {
    const beats = labels().filter(({ symbol }) => isHeartbeat(symbol));
    const samples = beats.map(({ sample }) => sample);
    services.reviews.edit(place, { kind: "relabel", beats: samples.slice(0, 20), symbol: "V" }, reviewer);
    services.reviews.edit(place, { kind: "confirm", beats: samples.slice(20, 30) }, reviewer);
    const before = labels();
    const { run, answer } = await services.learning.learn({ ...place, reviewer }, { ...watch, onRun: () => {} });
    const after = labels();
    expect(reviewed(after)).toEqual(reviewed(before));
    expect(answer.entry).toMatchObject({ kind: "learn", isApplied: true });
    expect(answer.entry?.text).toContain(`run ${run} relabels`);
    expect(after).not.toEqual(before);
    expect(services.results.run(run).preparation.settings.patient).toEqual({ run: 1, minutes: null, replay: 200 });

    const { learned, models } = await services.recordingReports.report({ ...place, settings: DEFAULT_REPORT_SETTINGS });
    expect(learned).toEqual([{ run, beats: expect.any(Number) as number }]);
    expect(models.map((model) => [model.run, model.test?.trainedOnRecording])).toContainEqual([run, true]);

    services.reviews.walk(place, "undo", reviewer);
    expect(labels()).toEqual(before);
    services.reviews.walk(place, "redo", reviewer);
    expect(labels()).toEqual(after);
    const last = after.findLast(({ symbol, flags }) => isHeartbeat(symbol) && (flags & REVIEWED_FLAG) === 0)!;
    services.reviews.edit(place, { kind: "relabel", beats: [last.sample], symbol: "F" }, reviewer);
    services.reviews.takeBack(place, answer.entry!.id, reviewer);
    const taken = labels();
    expect(taken.find(({ sample }) => sample === last.sample)).toMatchObject({ symbol: "F", flags: REVIEWED_FLAG });
    expect(taken.filter(({ sample }) => sample !== last.sample)).toEqual(
      before.filter(({ sample }) => sample !== last.sample),
    );
  });

  it("changes no label where it is cancelled", async () => {
    const before = labels();
    const cancel = new AbortController();
    await expect(
      services.learning.learn(
        { ...place, reviewer },
        { progress: () => {}, signal: cancel.signal, onRun: () => cancel.abort() },
      ),
    ).rejects.toThrow();
    expect(labels()).toEqual(before);
  });
});

describe("preparations of reviewed labels", () => {
  const settings = {
    ...defaultPreparation("intra-patient"),
    ...{ classMap: "aami" as const, balancing: "none" as const, smallestClass: 1 },
    annotations: { sets: ["atr-reviewed", "atr"], reviewedOnly: false },
  };
  const place = { dataset: 1, record: RECORD, set: "atr-reviewed" };

  it("keeps the labels that it was made of, and counts the corrections since", async () => {
    services.reviews.begin({ dataset: 1, record: RECORD, from: "atr" });
    const beats = unpackLabels(services.reviews.open(place).labels).filter(({ symbol }) => symbol === "N");
    services.reviews.edit(
      place,
      { kind: "relabel", beats: beats.slice(0, 3).map(({ sample }) => sample), symbol: "V" },
      reviewer,
    );
    const { preparation } = await services.preparations.prepare(1, settings, watch);
    expect(preparation.summary.caveats[0]).toMatch(
      /^Labels: annotation sets atr-reviewed \(reviewed by A\. Reviewer, 1 edit\) in 1 recording, atr \(imported\) in \d+ recordings\.$/,
    );
    const plain = await services.preparations.prepare(1, { ...settings, annotations: undefined }, watch);
    const v = ({ summary }: typeof preparation): number => summary.counts.find(({ label }) => label === "V")!.found;
    expect(v(preparation)).toBe(v(plain.preparation) + 3);
    expect(services.preparations.labelsSince(preparation.id)).toEqual([]);

    services.reviews.edit(place, { kind: "relabel", beats: [beats[5].sample], symbol: "V" }, reviewer);
    expect(services.preparations.labelsSince(preparation.id)).toEqual([
      { record: RECORD, set: "atr-reviewed", edits: 1, removed: false },
    ]);
    // Made again of the same labels, although the review continued.
    rmSync(join(workspace, "preparations", String(preparation.id), "classes.u8"));
    await services.preparations.repair(preparation.id, watch);
    expect(services.workspace.preparations.find(preparation.id)?.fingerprint).toBe(preparation.fingerprint);
    const next = await services.preparations.prepare(1, settings, watch);
    expect(next.alreadyThere).toBe(false);
    expect(v(next.preparation)).toBe(v(plain.preparation) + 4);
  });

  it("takes reviewed beats alone where asked, and leaves out noise", async () => {
    const beats = unpackLabels(services.reviews.open(place).labels).filter(({ symbol }) => isHeartbeat(symbol));
    services.reviews.edit(place, { kind: "confirm", beats: beats.slice(0, 60).map(({ sample }) => sample) }, reviewer);
    services.reviews.edit(
      place,
      { kind: "noise", from: beats[40].sample - 5, to: beats[50].sample - 5, clean: false },
      reviewer,
    );
    const summary = await services.preparations.preview(
      1,
      { ...settings, annotations: { sets: ["atr-reviewed"], reviewedOnly: true } },
      signal,
    );
    expect(summary.leftOut.noise).toBe(10);
    expect(summary.leftOut.unreviewed).toBe(beats.length - 60);
    expect(summary.beats).toBeLessThanOrEqual(50);
    expect(summary.leftOut.reasons?.s02).toBe("It has no annotations by atr-reviewed.");
  });

  it("refuses sets of a network, and unknown ones", async () => {
    const prepare = (sets: string[]) =>
      services.preparations.prepare(1, { ...settings, annotations: { sets, reviewedOnly: false } }, watch);
    await expect(prepare(["run1"])).rejects.toThrow("has the labels of run 1, not the truth");
    await expect(prepare(["nobody"])).rejects.toThrow("has no annotation set nobody");
  });
});
