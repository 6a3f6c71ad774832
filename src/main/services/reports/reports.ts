/** Runs as tables, figures and reports, for papers and for colleagues. Changes nothing in the workspace. */
import { join } from "node:path";
import packageJson from "../../../../package.json" with { type: "json" };
import { CancelledError } from "../../../contract/errors.ts";
import type { ExportReport } from "../../../contract/exports.ts";
import type { RunDetails, RunRemarks } from "../../../contract/runs.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { ComparisonService } from "../comparison.ts";
import { exportFolder } from "../exports/folders.ts";
import { runIdentity } from "../exports/run-identity.ts";
import type { JobWatch } from "../jobs.ts";
import type { ResultService } from "../results.ts";
import type { TestBeatService } from "../test-beats.ts";
import {
  confusionTable,
  epochsTable,
  perClassTable,
  predictionsTable,
  runsTable,
  type CsvTable,
  type PredictedRun,
} from "./csv-tables.ts";
import { writeCsv } from "./csv-files.ts";

export type ExportWatch = Pick<JobWatch, "progress" | "signal">;

/** A run with what a person wrote beside it. */
interface RemarkedRun extends RunDetails {
  remarks: RunRemarks;
}

export class ReportService {
  readonly #workspace: Workspace;
  readonly #results: ResultService;
  readonly #beats: TestBeatService;
  readonly #comparison: ComparisonService;

  constructor(workspace: Workspace, results: ResultService, beats: TestBeatService, comparison: ComparisonService) {
    this.#workspace = workspace;
    this.#results = results;
    this.#beats = beats;
    this.#comparison = comparison;
  }

  /**
   * Runs, epochs, classes, confusion matrices and every test beat, a table each. Runs without a result have their line too.
   * @param ids at least one, each once
   * @throws EctopyError `not-found`, `damaged-file`, `no-access`, `disk-full`; CancelledError
   */
  async csv(ids: readonly number[], parent: string, watch: ExportWatch): Promise<ExportReport> {
    const runs = this.#runs(ids);
    const written = await exportFolder(parent, folderName(ids, "csv"), stampOf("csv", runs), async (folder) => {
      const described = runs.map((details) => ({
        ...details,
        curves: details.run.result === null ? null : this.#comparison.curves(details.run.id),
      }));
      const tables: Record<string, CsvTable> = {
        runs: runsTable(described),
        epochs: epochsTable(described),
        "per-class": perClassTable(described),
        confusion: confusionTable(described),
        predictions: predictionsTable(described, this.#predictedRuns(runs)),
      };
      for (const [done, [name, table]] of Object.entries(tables).entries()) {
        if (watch.signal.aborted) throw new CancelledError();
        watch.progress({ stage: "Writing tables", done, total: Object.keys(tables).length, unit: "tables" });
        await writeCsv(join(folder, `${name}.csv`), table, watch.signal);
      }
    });
    return { ...written, hint: "Tables as CSV (UTF-8, a header line each), for spreadsheets, R and pandas." };
  }

  *#predictedRuns(runs: readonly RunDetails[]): Generator<PredictedRun> {
    for (const details of runs) {
      if (details.run.result === null) continue;
      const [predictions, origins] = [this.#beats.predictions(details), this.#beats.origins(details)];
      yield { ...details, predictions, origins };
    }
  }

  #runs(ids: readonly number[]): RemarkedRun[] {
    return ids.map((id) => ({ ...this.#results.run(id), remarks: this.#workspace.remarks.find(id) }));
  }
}

/** More runs than this are not all named in a folder's name. */
const NAMED = 8;

/** `ectopy-run-3-csv`, `ectopy-runs-1-2-3-csv`, `ectopy-runs-1-to-40-csv` */
function folderName(ids: readonly number[], what: string): string {
  if (ids.length === 1) return `ectopy-run-${ids[0]}-${what}`;
  const names = ids.length <= NAMED ? ids.join("-") : `${Math.min(...ids)}-to-${Math.max(...ids)}`;
  return `ectopy-runs-${names}-${what}`;
}

/** The same runs in the same state, with the same remarks, written by the same version in the same way. */
function stampOf(what: string, runs: readonly RemarkedRun[], options: unknown = null): string {
  return JSON.stringify({
    what,
    options,
    ectopy: packageJson.version,
    runs: runs.map((details) => [runIdentity(details), details.run.status, details.remarks]),
  });
}
