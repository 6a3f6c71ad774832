/** Has a worker thread import one record. A record that costs the worker its life is damaged like any other: the import goes on. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import { damagedRecord } from "../../pipeline/recordings/wfdb/health.ts";
import type { PrepareTasks, RecordOrder, RecordStored } from "./prepare-tasks.ts";
import { refusalOf, type WorkerPool } from "./worker-pool.ts";

/**
 * @param number of the record among those that are imported, from 0
 * @throws EctopyError `disk-full`, `no-access`
 */
export async function importRecord(
  pool: Pick<WorkerPool<PrepareTasks>, "run">,
  order: Omit<RecordOrder, "staging">,
  number: number,
): Promise<RecordStored> {
  const staging = join(order.destination, `.importing-${number}`);
  try {
    return await pool.run("importRecord", { ...order, staging });
  } catch (error) {
    const fix = "Copy the record again from where it came from, or split it into shorter ones.";
    const refusal = refusalOf(error, `Record ${order.name}`, fix);
    if (refusal === error || !(refusal instanceof EctopyError)) throw error;
    await rm(staging, { recursive: true, force: true });
    return { health: damagedRecord(order.name, refusal.message, refusal.fix), files: [] };
  }
}
