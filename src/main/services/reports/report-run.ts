/** A run with everything that its report needs. */
import type { RunCurves } from "../../../contract/domain/comparison.ts";
import type { PatientResults } from "../../../contract/domain/evaluation.ts";
import type { RecordHealth } from "../../../contract/domain/recordings.ts";
import { SAMPLE } from "../../../contract/domain/datasets.ts";
import { physioNetDatabaseOf, physioNetDatabases, type PhysioNetDatabase } from "../../../contract/domain/physionet.ts";
import { isMitBih } from "../../../pipeline/beats/mitbih.ts";
import type { FinishedRun } from "../runs/results.ts";

export interface ReportRun extends FinishedRun {
  /** `Run 3, ANN`, or `Run 3: Final, ANN` */
  name: string;
  /** Recordings of the dataset, damaged ones too. */
  records: readonly RecordHealth[];
  curves: RunCurves;
  /** Null where test beats are synthetic. */
  patients: PatientResults | null;
  /** Equal for runs whose test metrics are comparable. */
  testKey: string;
  /** Identity of the run across exports. */
  identity: string;
}

/** Returns the recordings of the preparation. */
export function usedRecords({ records, preparation }: ReportRun): RecordHealth[] {
  const left = new Set(preparation.summary.leftOut.records);
  return records.filter(({ usable, name }) => usable && !left.has(name));
}

/** Returns whether the recordings have the names of the MIT-BIH database and are not sample recordings. */
export function isOfMitBih({ records, dataset }: ReportRun): boolean {
  return dataset.source !== SAMPLE && isMitBih(records.map(({ name }) => name));
}

/** Returns the database of a run's recordings, by the source of the download, else by their names. */
export function databaseOf(run: ReportRun): PhysioNetDatabase | undefined {
  return physioNetDatabaseOf(run.dataset.source) ?? (isOfMitBih(run) ? physioNetDatabases.mitdb : undefined);
}

/** Returns the number of synthetic beats in the test set. */
export function syntheticTested({ preparation }: ReportRun): number {
  return preparation.summary.counts.reduce((sum, { syntheticTest }) => sum + syntheticTest, 0);
}
