/** Examines all recordings that were found, in worker threads. */
import { contentsOf } from "../../../contract/domain/dataset-records.ts";
import type { Inspection } from "../../../contract/domain/inspection.ts";
import { damagedRecord } from "../../../pipeline/recordings/health.ts";
import { summariseInspection } from "../../../pipeline/recordings/finding/summarise-inspection.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { growBeatPoolFor } from "../../workers/prepare-beats.ts";
import type { BeatPool } from "../../workers/beat-tasks.ts";
import type { RecordInspected } from "../../workers/inspect-recording.ts";
import { refusalOf } from "../../workers/worker-pool.ts";
import { tableSetsOf } from "./beat-tables.ts";
import { cancelled, type FindWatch, type FoundRecordings } from "./find-all.ts";
import { recordOf, withDuplicates, withPatients } from "./identify-records.ts";

/** @throws CancelledError */
export async function inspectAll(
  pool: BeatPool,
  found: FoundRecordings,
  { path, name }: Pick<Inspection, "path" | "name">,
  { progress, signal }: FindWatch,
): Promise<Omit<Inspection, "id">> {
  growBeatPoolFor(pool, found.recordings.length);
  try {
    let done = 0;
    const total = found.recordings.length;
    const report = (): void => progress({ stage: "Examining recordings", done, total, unit: "records" });
    report();
    const inspected = await Promise.all(
      found.recordings.map(async ({ place, storedName, ...recording }) => {
        const input = { folder: found.tree.filesIn(place, recording.files), recording, storedName };
        const record = await pool
          .run("inspectRecording", input, { dropSignal: signal })
          .catch((error: unknown) => lost(error, storedName));
        if (signal.aborted) throw cancelled();
        done++;
        report();
        return recordOf(record, place);
      }),
    );
    const { records, patientsFrom, findings } = withPatients(inspected, {}, false);
    return {
      path,
      name,
      contents: contentsOf(records),
      tables: tableSetsOf(found),
      records: withDuplicates(records),
      patientsFrom,
      leftOut: found.leftOut,
      findings: [...found.findings, ...findings],
      ...summariseInspection(records),
    };
  } catch (error) {
    throw signal.aborted ? cancelled() : error;
  }
}

/** Returns a recording that ended its worker thread as a damaged one. @throws any other error */
function lost(error: unknown, name: string): RecordInspected {
  const refusal = refusalOf(error, `Recording ${name}`, "Exclude the recording.");
  if (refusal === error || !(refusal instanceof EctopyError)) throw error;
  return { health: damagedRecord(name, refusal.message, refusal.fix), hashes: [], annotators: [] };
}
