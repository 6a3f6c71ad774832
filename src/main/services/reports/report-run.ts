/** A run with everything that its report needs. */
import type { RunCurves } from "../../../contract/domain/comparison.ts";
import type { Calibration } from "../../../contract/domain/calibration.ts";
import type { TestSetEc57 } from "../../../contract/domain/ec57.ts";
import type { PatientResults } from "../../../contract/domain/evaluation.ts";
import type { DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import { citedDatabaseOf, physioNetDatabases, type CitedDatabase } from "../../../contract/domain/physionet.ts";
import { isMitBih } from "../../../pipeline/beats/mitbih.ts";
import type { FinishedRun } from "../runs/results.ts";

export interface ReportRun extends FinishedRun {
  /** `Run 3, ANN`, or `Run 3: Final, ANN` */
  name: string;
  /** Recordings of the dataset, damaged ones too. */
  records: readonly DatasetRecord[];
  curves: RunCurves;
  /** Null where test beats are synthetic, or rows of a table. */
  patients: PatientResults | null;
  /** Null where `noEc57Text` says why. */
  ec57: TestSetEc57 | null;
  calibration: Calibration;
  /** Equal for runs whose test metrics are comparable. */
  testKey: string;
  /** Identity of the run across exports. */
  identity: string;
}

/** Returns the recordings of the preparation. */
export function usedRecords({ records, preparation }: ReportRun): DatasetRecord[] {
  const left = new Set(preparation.summary.leftOut.records);
  return records.filter(({ usable, name }) => usable && !left.has(name));
}

/** Returns whether the recordings are those of the MIT-BIH database, by their samples. */
export function isOfMitBih({ records }: ReportRun): boolean {
  return isMitBih(records.filter(({ usable }) => usable));
}

/** Returns the database of a run's recordings, by the source of the download, else by their samples. */
export function databaseOf(run: ReportRun): CitedDatabase | undefined {
  return citedDatabaseOf(run.dataset.source) ?? (isOfMitBih(run) ? physioNetDatabases.mitdb : undefined);
}

/** Returns the number of synthetic beats in the test set. */
export function syntheticTested({ preparation }: ReportRun): number {
  return preparation.summary.counts.reduce((sum, { syntheticTest }) => sum + syntheticTest, 0);
}
