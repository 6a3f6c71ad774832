/** Hashes the leads of datasets that earlier versions imported without hashes, so that shared recordings are found. */
import type { ReportProgress } from "../../contract/domain/jobs.ts";
import { readManifest } from "../store/manifest.ts";
import type { Workspace } from "../store/workspace.ts";
import { createBeatPoolFor } from "./prepare-beats.ts";
import { counter, throwIfCancelled } from "./task-progress.ts";

/**
 * Computes and stores the hashes that the recordings of a dataset lack; does nothing where it has all of them.
 * @throws EctopyError `damaged-file`; CancelledError
 */
export async function ensureLeadHashes(
  workspace: Pick<Workspace, "datasets" | "path" | "transaction" | "addManifest">,
  dataset: number,
  { progress, signal }: { progress: ReportProgress; signal: AbortSignal },
): Promise<void> {
  const { datasets } = workspace;
  const lacking = datasets
    .records(dataset)
    .filter(({ usable, hashes, details }) => usable && hashes.length === 0 && details?.table === undefined);
  if (lacking.length === 0) return;
  const folder = workspace.path("datasets", dataset);
  const pool = createBeatPoolFor(lacking.length);
  try {
    const count = counter(progress, { stage: "Comparing recordings", total: lacking.length, unit: "recordings" });
    const hashes = await Promise.all(
      lacking.map(async ({ name }) => {
        const own = await pool.run("hashLeads", { folder, name }, { dropSignal: signal });
        throwIfCancelled(signal);
        count(1);
        return { name, hashes: own };
      }),
    );
    workspace.transaction(() => {
      datasets.setHashes(dataset, hashes);
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
