/**
 * Classifies recordings: worker threads detect R-peaks and write the beats as rows, one process predicts. Each result is stored
 * at once, so that an interrupted classification continues.
 */
import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { DETECTED } from "../../../contract/domain/annotation-sets.ts";
import { isHeartbeat } from "../../../contract/domain/class-maps.ts";
import type { DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import { CancelledError } from "../../../contract/domain/errors.ts";
import type { Annotation } from "../../../contract/domain/recordings.ts";
import { withTemperature } from "../../../pipeline/evaluation/calibration.ts";
import { predictedClasses } from "../../../pipeline/evaluation/confusion.ts";
import { ensembleProbabilities } from "../../../pipeline/evaluation/ensemble.ts";
import { forEachConcurrently } from "../../base/for-each-concurrently.ts";
import { inTemporaryFolder } from "../../base/temporary.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { ClassifiedBeats } from "../../store/classifications.ts";
import type { Workspace } from "../../store/workspace.ts";
import { version } from "../../version.ts";
import type { BeatPool } from "../../workers/beat-tasks.ts";
import { createBeatPoolFor } from "../../workers/prepare-beats.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";
import { counter } from "../../workers/task-progress.ts";
import type { AnnotatorService } from "../datasets/annotators.ts";
import { ClassifyingProcess } from "./classifying-process.ts";
import type { FindWatch } from "../datasets/find-all.ts";
import { modelsToLoad, type RunModel } from "./models.ts";

export interface RecordingsToClassify {
  dataset: number;
  model: RunModel;
  /** Recordings with the annotator of their R-peaks; null: they are detected. */
  recordings: readonly { record: DatasetRecord; peaks: string | null }[];
  annotators: AnnotatorService;
  startProcess: StartProcess;
  watch: FindWatch;
}

export interface RecordingClassified {
  record: string;
  /** Annotator of the R-peaks. */
  peaks: string;
  parent: readonly Annotation[];
  beats: ClassifiedBeats;
}

export interface RecordingsClassified {
  /** In the order in which they were given. */
  recordings: RecordingClassified[];
  skipped: { record: string; reason: string }[];
  unlikeProblem: string | null;
}

/** @throws EctopyError; CancelledError */
export async function classifyRecordings(
  workspace: Workspace,
  order: RecordingsToClassify,
): Promise<RecordingsClassified> {
  const { dataset, model, watch } = order;
  const { signal } = watch;
  const pool = createBeatPoolFor(order.recordings.length);
  let child: ClassifyingProcess | undefined;
  const stop = (): void => child?.close();
  signal.addEventListener("abort", stop);
  try {
    const parents = await findPeaks(workspace, pool, order);
    const key = keyOf(workspace, order, parents);
    const drafts = workspace.classifications.drafts(key);
    workspace.classifications.removeDrafts(dataset, key);
    const todo = order.recordings.filter(({ record }) => !drafts.has(record.name));
    const problems = new Map<string, string>();
    let unlikeProblem: string | null = null;
    if (todo.length > 0) {
      watch.progress({ stage: "Loading the network", done: 0, total: 0, unit: "networks" });
      child = new ClassifyingProcess(order.startProcess, modelsToLoad(workspace, model));
      throwIfCancelled(signal);
      const { references } = await child.ready;
      references.forEach(({ reference, problem }, member) => {
        if (reference !== null) workspace.classifications.setReference(model.details.run.id, member, reference);
        unlikeProblem ??= problem;
      });
      const thresholds = references.map(({ reference }) => reference?.threshold ?? Infinity);
      const total = todo.reduce((sum, { record }) => sum + heartbeats(parents.get(record.name)).length, 0);
      const count = counter(watch.progress, { stage: "Classifying", total, unit: "beats" });
      await forEachConcurrently(todo, availableParallelism(), async ({ record }) => {
        throwIfCancelled(signal);
        const peaks = heartbeats(parents.get(record.name));
        const result = await classifyRecording({ workspace, pool, child: child!, order, record, peaks, thresholds });
        count(peaks.length);
        throwIfCancelled(signal);
        if (typeof result === "string") {
          problems.set(record.name, result);
          return;
        }
        workspace.classifications.addDraft(key, dataset, record.name, result);
        drafts.set(record.name, result);
      });
    }
    return {
      recordings: order.recordings.flatMap(({ record: { name }, peaks }) => {
        const beats = drafts.get(name);
        return beats === undefined
          ? []
          : [{ record: name, peaks: peaks ?? DETECTED, parent: parents.get(name) ?? [], beats }];
      }),
      skipped: [...problems].map(([record, reason]) => ({ record, reason })),
      unlikeProblem,
    };
  } catch (error) {
    throwIfCancelled(signal);
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    child?.close();
    await pool.close();
  }
}

interface RecordingOrder {
  workspace: Workspace;
  pool: BeatPool;
  child: ClassifyingProcess;
  order: RecordingsToClassify;
  record: DatasetRecord;
  peaks: Int32Array;
  /** Distance above which a beat is unlike the training beats, of each network. */
  thresholds: readonly number[];
}

/** @returns the beats, or why there are none: one sentence */
async function classifyRecording({
  workspace,
  pool,
  child,
  order: { dataset, model, watch },
  record,
  peaks,
  thresholds,
}: RecordingOrder): Promise<ClassifiedBeats | string> {
  return inTemporaryFolder("classification", async (destination) => {
    const { settings, scaling, inputs, sequence } = model.reading;
    const task = { folder: workspace.path("datasets", dataset), name: record.name, peaks, settings, scaling, inputs };
    const rows = await pool.run("classificationRows", { ...task, destination }, { dropSignal: watch.signal });
    throwIfCancelled(watch.signal);
    if (rows === null) return "It lacks the leads of the training.";
    const samples = new Uint32Array(rows.samples);
    if (samples.length === 0) return "No heartbeat has a whole window.";
    const place = { folder: destination, beats: samples.length, widths: rows.widths, sequence };
    const classified = await child.classify([...model.networks.keys()], place, () => {});
    const classes = model.labels.length;
    const mean = ensembleProbabilities(classified.map(({ probabilities }) => probabilities));
    const calibrated = withTemperature(mean, classes, model.temperature);
    const predicted = predictedClasses(calibrated, classes);
    return {
      samples,
      classes: predicted,
      probabilities: Float32Array.from(predicted, (number, beat) => calibrated[beat * classes + number]),
      // Of an ensemble: where most of its networks find it far.
      unlike: Uint8Array.from(samples, (_, beat) => {
        const far = classified.filter(
          ({ model: member, distances }) => distances !== null && distances[beat] > thresholds[member],
        );
        return Number(2 * far.length > classified.length);
      }),
      leads: [...rows.leads],
    };
  });
}

/** Returns the annotations with the R-peaks of each recording. Those without any are detected, and kept as a set. */
async function findPeaks(
  workspace: Workspace,
  pool: BeatPool,
  { dataset, recordings, annotators, watch }: RecordingsToClassify,
): Promise<Map<string, readonly Annotation[]>> {
  const found = new Map<string, readonly Annotation[]>();
  const detecting = recordings.filter(({ peaks }) => peaks === null);
  const count = counter(watch.progress, { stage: "Detecting R-peaks", total: detecting.length, unit: "recordings" });
  const detected = new Map<string, Annotation[]>();
  const folder = workspace.path("datasets", dataset);
  await Promise.all(
    detecting.map(async ({ record: { name } }) => {
      detected.set(name, await pool.run("detectPeaks", { folder, name }, { dropSignal: watch.signal }));
      throwIfCancelled(watch.signal);
      count(1);
    }),
  );
  if (detected.size > 0) keepDetected(workspace, dataset, detected);
  for (const { record, peaks } of recordings) {
    const of = peaks === null ? detected.get(record.name) : annotators.annotations(dataset, record, peaks);
    found.set(record.name, of ?? []);
  }
  return found;
}

/** Adds detected R-peaks to the set of the dataset's detected R-peaks. */
function keepDetected(workspace: Workspace, dataset: number, detected: ReadonlyMap<string, Annotation[]>): void {
  const { annotationSets } = workspace;
  workspace.transaction(() => {
    const set = annotationSets.find(dataset, DETECTED);
    const before = set === undefined ? [] : annotationSets.counts(set.id).map(({ record }) => record);
    const kept = before.map((record): [string, Annotation[]] => [
      record,
      annotationSets.annotations(set!.id, record) ?? [],
    ]);
    annotationSets.replace(
      {
        ...{ datasetId: dataset, name: DETECTED, origin: "detected", parent: null, runs: [] },
        leads: set?.leads ?? [],
        createdAt: timestamp(),
      },
      new Map([...kept, ...detected]),
    );
  });
}

function heartbeats(annotations: readonly Annotation[] = []): Int32Array {
  return Int32Array.from(annotations.filter(({ symbol }) => isHeartbeat(symbol)).map(({ sample }) => sample));
}

/** Returns a hash of all that the classes depend on: drafts of another classification are no use. */
function keyOf(
  workspace: Workspace,
  { dataset, model: { details } }: RecordingsToClassify,
  parents: ReadonlyMap<string, readonly Annotation[]>,
): string {
  const hash = createHash("sha256");
  hash.update(
    JSON.stringify([
      version,
      workspace.datasets.find(dataset)?.fingerprint,
      [details.run.id, details.run.finishedAt, details.preparation.fingerprint],
    ]),
  );
  for (const [record, annotations] of parents) {
    hash.update(record);
    hash.update(heartbeats(annotations));
  }
  return hash.digest("hex");
}

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted)
    throw new CancelledError("Cancelled; no annotation set was stored. Recordings that are done are kept.");
}
