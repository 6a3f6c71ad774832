/** A run as reports take it, with all that they say of it. */
import type { RunCurves } from "../../../contract/domain/comparison.ts";
import type { RecordHealth } from "../../../contract/domain/recordings.ts";
import { SAMPLE } from "../../../contract/domain/datasets.ts";
import { physioNetDatabaseOf, physioNetDatabases, type PhysioNetDatabase } from "../../../contract/domain/physionet.ts";
import { isMitBih } from "../../../pipeline/beats/mitbih.ts";
import type { FinishedRun } from "../runs/results.ts";

export interface ReportRun extends FinishedRun {
  /** `Run 3, ANN` */
  name: string;
  /** Of the dataset, damaged ones too. */
  records: readonly RecordHealth[];
  curves: RunCurves;
  /** By which it is found again. */
  identity: string;
}

/** Records that the preparation was made of. */
export function usedRecords({ records, preparation }: ReportRun): RecordHealth[] {
  const left = new Set(preparation.summary.leftOut.records);
  return records.filter(({ usable, name }) => usable && !left.has(name));
}

/** Whether the recordings bear the names of the MIT-BIH database's, and are not the app's own. */
export function isOfMitBih({ records, dataset }: ReportRun): boolean {
  return dataset.source !== SAMPLE && isMitBih(records.map(({ name }) => name));
}

/** The database that a run's recordings are of: by where they were fetched from, else by their names. */
export function databaseOf(run: ReportRun): PhysioNetDatabase | undefined {
  return physioNetDatabaseOf(run.dataset.source) ?? (isOfMitBih(run) ? physioNetDatabases.mitdb : undefined);
}

/** Synthetic beats of the test part. */
export function syntheticTested({ preparation }: ReportRun): number {
  return preparation.summary.counts.reduce((sum, { syntheticTest }) => sum + syntheticTest, 0);
}
