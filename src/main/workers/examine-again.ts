/**
 * Examines recordings that earlier versions imported without examining their leads: what is odd about them, and the hashes
 * that recognise them in other datasets.
 */
import { isUnexamined, usedAnnotator } from "../../contract/domain/dataset-records.ts";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { ReportProgress } from "../../contract/domain/jobs.ts";
import { readManifest } from "../store/manifest.ts";
import type { Workspace } from "../store/workspace.ts";
import { createBeatPoolFor } from "./prepare-beats.ts";
import { counter, throwIfCancelled } from "./task-progress.ts";

/**
 * Examines the recordings of a dataset that were never examined, and stores their findings and hashes; does nothing where
 * there are none. A damaged one is reported by what reads it.
 * @throws CancelledError
 */
export async function ensureExamined(
  workspace: Pick<Workspace, "datasets" | "path" | "transaction" | "addManifest">,
  dataset: number,
  { progress, signal }: { progress: ReportProgress; signal: AbortSignal },
): Promise<void> {
  const { datasets } = workspace;
  const unexamined = datasets.records(dataset).filter(isUnexamined);
  if (unexamined.length === 0) return;
  const folder = workspace.path("datasets", dataset);
  const pool = createBeatPoolFor(unexamined.length);
  try {
    const count = counter(progress, { stage: "Examining recordings", total: unexamined.length, unit: "recordings" });
    const examined = await Promise.all(
      unexamined.map(async (record) => {
        const input = { folder, name: record.name, annotator: usedAnnotator(record) };
        const found = await pool.run("examineStored", input, { dropSignal: signal }).catch(ifDamaged);
        throwIfCancelled(signal);
        count(1);
        return found === null ? [] : [{ name: record.name, ...found }];
      }),
    );
    workspace.transaction(() => {
      datasets.setExamined(dataset, examined.flat());
      const manifest = readManifest(folder);
      if (manifest !== undefined && manifest !== "damaged") workspace.addManifest("datasets", dataset, manifest.files);
    });
  } catch (error) {
    // A task that was dropped from the queue says less.
    throwIfCancelled(signal);
    throw error;
  } finally {
    await pool.close();
  }
}

function ifDamaged(error: unknown): null {
  if (error instanceof EctopyError && error.code === "damaged-file") return null;
  throw error;
}
