/** Detects R-peaks in all recordings of a dataset, in worker threads. */
import { DETECTED, type AnnotationSet } from "../../../contract/domain/annotation-sets.ts";
import { contentsOf, type DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Annotation } from "../../../contract/domain/recordings.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { Workspace } from "../../store/workspace.ts";
import { createBeatPoolFor } from "../../workers/prepare-beats.ts";
import { counter } from "../../workers/task-progress.ts";
import { cancelled, type FindWatch } from "./find-all.ts";

export interface DetectOptions extends FindWatch {
  /** Name of the lead to read; undefined: all leads together. */
  lead?: string | undefined;
}

/** Outcome of a detection. */
export interface PeaksDetected {
  set: AnnotationSet;
  records: { record: string; beats: number }[];
  /** Recordings without R-peaks, with the reason. */
  skipped: { record: string; reason: string }[];
}

/**
 * Detects R-peaks, and stores them as the annotator `detected`; those of an earlier detection are replaced.
 * @param records usable recordings of the dataset
 * @throws EctopyError `nothing-usable`: no recording could be read; `unsupported`: the dataset has tables of
 *   beats; `invalid-settings`: the dataset was imported with an annotator of this name; CancelledError
 */
export async function detectDataset(
  workspace: Workspace,
  { dataset, records }: { dataset: number; records: readonly DatasetRecord[] },
  { lead, progress, signal }: DetectOptions,
): Promise<PeaksDetected> {
  if (contentsOf(records) === "beats") {
    throw new EctopyError(
      "unsupported",
      `Dataset ${dataset} has tables of beats: R-peaks are detected in recordings.`,
      "Choose a dataset of recordings.",
    );
  }
  if (records.some(({ annotators }) => annotators.some(({ annotator }) => annotator === DETECTED))) {
    throw new EctopyError(
      "invalid-settings",
      `Dataset ${dataset} was imported with an annotator ${DETECTED}, which is never changed.`,
      "Import the recordings without these files.",
    );
  }
  const folder = workspace.path("datasets", dataset);
  const pool = createBeatPoolFor(records.length);
  const byRecord = new Map<string, Annotation[]>();
  const skipped: PeaksDetected["skipped"] = [];
  try {
    const count = counter(progress, { stage: "Detecting R-peaks", total: records.length, unit: "recordings" });
    await Promise.all(
      records.map(async ({ name }) => {
        try {
          byRecord.set(name, await pool.run("detectPeaks", { folder, name, lead }, { dropSignal: signal }));
        } catch (error) {
          if (!(error instanceof EctopyError) || error.code !== "unsupported") throw error;
          skipped.push({ record: name, reason: error.message });
        }
        if (signal.aborted) throw cancelled();
        count(1);
      }),
    );
  } catch (error) {
    throw signal.aborted ? cancelled() : error;
  } finally {
    await pool.close();
  }
  if (byRecord.size === 0) {
    throw new EctopyError("nothing-usable", skipped[0]?.reason ?? `Dataset ${dataset} has no usable recording.`, "");
  }
  const inOrder = records.filter(({ name }) => byRecord.has(name)).map(({ name }) => name);
  const set: Omit<AnnotationSet, "id"> = {
    datasetId: dataset,
    name: DETECTED,
    origin: "detected",
    parent: null,
    leads: lead === undefined ? [] : [lead],
    runs: [],
    createdAt: timestamp(),
  };
  const id = workspace.annotationSets.replace(set, byRecord);
  return {
    set: { id, ...set },
    records: inOrder.map((record) => ({
      record,
      beats: (byRecord.get(record) ?? []).filter(({ symbol }) => symbol === "N").length,
    })),
    skipped,
  };
}
