/** Imports one record in a worker thread. A record that ends the worker counts as damaged, and the import continues. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { BeatTasks, FoundInput, RecordStored } from "./beat-tasks.ts";
import { damagedInspection } from "./inspect-recording.ts";
import { refusalOf, type WorkerPool } from "./worker-pool.ts";

/**
 * Imports a record.
 * @param number number of the record in this import, from 0
 * @param signal ends the worker; the record's files may then be incomplete
 * @throws EctopyError `disk-full`, `no-access`
 */
export async function importRecord(
  pool: Pick<WorkerPool<BeatTasks>, "run">,
  input: Omit<FoundInput, "staging">,
  number: number,
  signal?: AbortSignal,
): Promise<RecordStored> {
  const staging = join(input.destination, `.importing-${number}`);
  try {
    return await pool.run("importRecord", { ...input, staging }, signal && { signal });
  } catch (error) {
    const fix = "Copy the recording again from its source, or split it into shorter ones.";
    const refusal = refusalOf(error, `Recording ${input.storedName}`, fix);
    if (refusal === error || !(refusal instanceof EctopyError)) throw error;
    await rm(staging, { recursive: true, force: true });
    return { ...damagedInspection(input.storedName, refusal), files: [] };
  }
}
