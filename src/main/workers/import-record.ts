/** Imports one record in a worker thread. A record that ends the worker counts as damaged, and the import continues. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import { damagedRecord } from "../../pipeline/recordings/health.ts";
import type { BeatTasks, RecordInput, RecordStored } from "./beat-tasks.ts";
import { refusalOf, type WorkerPool } from "./worker-pool.ts";

/**
 * Imports a record.
 * @param number number of the record in this import, from 0
 * @throws EctopyError `disk-full`, `no-access`
 */
export async function importRecord(
  pool: Pick<WorkerPool<BeatTasks>, "run">,
  input: Omit<RecordInput, "staging">,
  number: number,
): Promise<RecordStored> {
  const staging = join(input.destination, `.importing-${number}`);
  try {
    return await pool.run("importRecord", { ...input, staging });
  } catch (error) {
    const fix = "Copy the recording again from its source, or split it into shorter ones.";
    const refusal = refusalOf(error, `Recording ${input.name}`, fix);
    if (refusal === error || !(refusal instanceof EctopyError)) throw error;
    await rm(staging, { recursive: true, force: true });
    return { health: damagedRecord(input.name, refusal.message, refusal.fix), files: [] };
  }
}
