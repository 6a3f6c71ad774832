/** Detects R-peaks in all recordings of a dataset, in worker threads. */
import { DETECTED, type AnnotationSet } from "../../../contract/domain/annotation-sets.ts";
import { contentsOf, type DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Annotation } from "../../../contract/domain/recordings.ts";
import { toColumns } from "../../../pipeline/recordings/annotation-columns.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { Workspace } from "../../store/workspace.ts";
import { createBeatPoolFor } from "../../workers/prepare-beats.ts";
import { counter } from "../../workers/task-progress.ts";
import { cancelled, type FindWatch } from "./find-all.ts";
import { refuseImportedName } from "./set-names.ts";

export interface DetectOptions extends FindWatch {
  /** Name of the lead to read; undefined: all leads together. */
  lead?: string | undefined;
  /** Name of the set; default: `detected`. */
  name?: string | undefined;
  /** Recording to read; the set keeps its other recordings. Undefined: all recordings. */
  record?: string | undefined;
}

/** Outcome of a detection. */
export interface PeaksDetected {
  set: AnnotationSet;
  records: { record: string; beats: number }[];
  /** Recordings without R-peaks, with the reason. */
  skipped: { record: string; reason: string }[];
}

/**
 * Detects R-peaks, and stores them as an annotation set; those of an earlier detection with this name are replaced.
 * @param usable usable recordings of the dataset
 * @throws EctopyError `nothing-usable`: no recording could be read; `unsupported`: the dataset has tables of
 *   beats; `invalid-settings`: the name is taken; `not-found`: no such recording; CancelledError
 */
export async function detectDataset(
  workspace: Workspace,
  { dataset, usable }: { dataset: number; usable: readonly DatasetRecord[] },
  { lead, name: setName = DETECTED, record, progress, signal }: DetectOptions,
): Promise<PeaksDetected> {
  if (contentsOf(usable) === "beats") {
    throw new EctopyError(
      "unsupported",
      `Dataset ${dataset} has tables of beats: R-peaks are detected in recordings.`,
      "Choose a dataset of recordings.",
    );
  }
  const records = record === undefined ? usable : usable.filter(({ name }) => name === record);
  if (record !== undefined && records.length === 0) {
    throw new EctopyError("not-found", `Dataset ${dataset} has no usable recording ${record}.`, "Choose another one.");
  }
  const leads = lead === undefined ? [] : [lead];
  const earlier = replacedSet(workspace, { dataset, name: setName, leads: record === undefined ? null : leads });
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
    name: setName,
    origin: "detected",
    parent: null,
    leads,
    runs: [],
    createdAt: timestamp(),
  };
  const id =
    record === undefined || earlier === undefined
      ? workspace.annotationSets.replace(set, byRecord)
      : replaceRecords(workspace, earlier.id, byRecord);
  return {
    set: { id, ...set },
    records: inOrder.map((record) => ({
      record,
      beats: (byRecord.get(record) ?? []).filter(({ symbol }) => symbol === "N").length,
    })),
    skipped,
  };
}

/**
 * Returns the set that a detection replaces, or adds recordings to; undefined: none has the name.
 * @param leads leads that the set must have been read by; null: any
 * @throws EctopyError `invalid-settings`: the name is that of an imported annotator, or of a set that was not detected,
 *   or not by these leads
 */
function replacedSet(
  workspace: Workspace,
  { dataset, name, leads }: { dataset: number; name: string; leads: string[] | null },
): AnnotationSet | undefined {
  refuseImportedName(workspace, { dataset, name });
  const set = workspace.annotationSets.find(dataset, name);
  if (set === undefined) return undefined;
  const why =
    set.origin !== "detected"
      ? `is ${set.origin}, not detected`
      : leads !== null && leads.join() !== set.leads.join()
        ? `was read by ${set.leads.length === 0 ? "all leads" : `lead ${set.leads.join(", ")}`}`
        : null;
  if (why === null) return set;
  throw new EctopyError(
    "invalid-settings",
    `The annotation set ${name} of dataset ${dataset} ${why}.`,
    "Choose another name for the detected R-peaks.",
  );
}

function replaceRecords(
  workspace: Workspace,
  set: number,
  byRecord: ReadonlyMap<string, readonly Annotation[]>,
): number {
  workspace.transaction(() => {
    for (const [record, annotations] of byRecord) {
      workspace.annotationSets.replaceRecord(set, record, toColumns(annotations));
    }
  });
  return set;
}
