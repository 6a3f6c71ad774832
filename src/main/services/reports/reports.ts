/** Exports runs as tables, figures and reports. Changes nothing in the workspace. */
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import packageJson from "../../../../package.json" with { type: "json" };
import { DEFAULT_ALARM_RATE, type Calibration } from "../../../contract/domain/calibration.ts";
import { testKey, type RunCurves } from "../../../contract/domain/comparison.ts";
import type { TestSetEc57 } from "../../../contract/domain/ec57.ts";
import { CancelledError } from "../../../contract/domain/errors.ts";
import type { PatientResults } from "../../../contract/domain/evaluation.ts";
import type { ExportReport, FigureSize } from "../../../contract/domain/exports.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { FolderCheck } from "../../workers/user-files.ts";
import type { ComparisonService } from "../runs/comparison.ts";
import type { ExportWatch } from "../exports/mlflow/export-runs.ts";
import { exportFolder } from "../exports/folders.ts";
import type { ExportService } from "../exports/exports.ts";
import { runIdentity } from "../exports/run-identity.ts";
import { allFigures, figureSet, type FiguredRun } from "../figures/figure-set.ts";
import { withResolution } from "../figures/png-resolution.ts";
import { printFigure } from "../figures/print-figure.ts";
import { svgToPng } from "../figures/svg-to-png.ts";
import type { FinishedRun, ResultService } from "../runs/results.ts";
import type { TestBeatService } from "../runs/test-beats.ts";
import {
  confusionTable,
  ec57Table,
  epochsTable,
  perClassTable,
  predictionsTable,
  recordingTable,
  runsTable,
  type CsvTable,
  type PredictedRun,
} from "./csv-tables.ts";
import type { ReportDocument } from "./document.ts";
import { reportHtml } from "./html.ts";
import { reportPdf } from "./pdf.ts";
import type { ReportRun } from "./report-run.ts";
import { runName } from "./run-name.ts";
import { writeReport } from "./write-report.ts";
import { writeCsv } from "./csv-files.ts";

export interface ReportParts {
  results: ResultService;
  testBeats: TestBeatService;
  comparison: ComparisonService;
  exports: ExportService;
  folders: FolderCheck;
}

export class ReportService {
  readonly #workspace: Workspace;
  readonly #results: ResultService;
  readonly #beats: TestBeatService;
  readonly #comparison: ComparisonService;
  readonly #exports: ExportService;
  readonly #folders: FolderCheck;

  constructor(workspace: Workspace, { results, testBeats, comparison, exports, folders }: ReportParts) {
    this.#workspace = workspace;
    this.#results = results;
    this.#beats = testBeats;
    this.#comparison = comparison;
    this.#exports = exports;
    this.#folders = folders;
  }

  /**
   * Writes one table each of runs, epochs, classes, recordings (by class, by EC57), confusion matrices and test beats. Runs without a result have a row too.
   * @param ids at least one, each once
   * @throws EctopyError `not-found`, `damaged-file`, `no-access`, `disk-full`; CancelledError
   */
  async csv(ids: readonly number[], parent: string, watch: ExportWatch): Promise<ExportReport> {
    const runs = this.#runs(ids);
    await this.#folders.check(resolve(parent), "export");
    const written = await exportFolder({
      parent,
      name: folderName(ids, "csv"),
      stamp: stampOf("csv", runs),
      write: async (folder) => {
        const finished = runs.filter(({ run }) => run.result !== null);
        const curves = await this.#curves(finished, watch);
        const patients = await this.#patients(finished, watch);
        const ec57 = await this.#ec57(finished, watch);
        const calibrations = await this.#calibrations(finished, watch);
        const described = runs.map((details) => ({
          ...details,
          curves: curves.get(details.run.id) ?? null,
          patients: patients.get(details.run.id) ?? null,
          ec57: ec57.get(details.run.id) ?? null,
          calibration: calibrations.get(details.run.id) ?? null,
        }));
        const tables: Record<string, CsvTable> = {
          runs: runsTable(described),
          epochs: epochsTable(described),
          "per-class": perClassTable(described),
          "by-recording": recordingTable(described),
          ec57: ec57Table(described),
          confusion: confusionTable(described),
          predictions: predictionsTable(described, this.#predictedRuns(runs)),
        };
        for (const [done, [name, table]] of Object.entries(tables).entries()) {
          if (watch.signal.aborted) throw new CancelledError();
          watch.progress({ stage: "Writing tables", done, total: Object.keys(tables).length, unit: "tables" });
          await writeCsv(join(folder, `${name}.csv`), table, watch.signal);
        }
      },
    });
    return { ...written, hint: "CSV tables (UTF-8, with a header line), for spreadsheets, R and pandas." };
  }

  /**
   * Writes each figure as SVG and PNG, at its size in print.
   * @param ids at least one, each once
   * @throws EctopyError `not-found`, `nothing-usable`, `damaged-file`, `no-access`, `disk-full`; CancelledError
   */
  async figures(ids: readonly number[], parent: string, size: FigureSize, watch: ExportWatch): Promise<ExportReport> {
    const runs = this.#runs(ids);
    const finished = ids.map((id) => this.#exports.finished(id));
    await this.#folders.check(resolve(parent), "export");
    const stamp = stampOf("figures", runs, size);
    const written = await exportFolder({
      parent,
      name: folderName(ids, "figures"),
      stamp,
      write: async (folder) => {
        const figures = allFigures(figureSet(await this.#figured(finished, watch)));
        for (const [done, figure] of figures.entries()) {
          if (watch.signal.aborted) throw new CancelledError();
          watch.progress({ stage: "Drawing figures", done, total: figures.length, unit: "figures" });
          const { svg, name } = await printFigure(figure, figure.name, { width: size.width, titled: true });
          await writeFile(join(folder, `${name}.svg`), svg);
          const picture = await svgToPng(svg, size.dpi / CSS_DPI);
          await writeFile(join(folder, `${name}.png`), withResolution(picture, size.dpi));
        }
      },
    });
    return { ...written, hint: `Figures as SVG and PNG (${size.dpi} dpi).` };
  }

  /**
   * Writes the report of one run, or of several compared, as HTML and optionally as PDF.
   * @param ids at least one, each once
   * @throws EctopyError `not-found`, `nothing-usable`, `damaged-file`, `no-access`, `disk-full`; CancelledError
   */
  async report(
    ids: readonly number[],
    parent: string,
    { pdf }: { pdf: boolean },
    watch: ExportWatch,
  ): Promise<ExportReport> {
    const runs = this.#runs(ids);
    const finished = ids.map((id) => this.#exports.finished(id));
    await this.#folders.check(resolve(parent), "export");
    const stamp = stampOf("report", runs, { pdf });
    const written = await exportFolder({
      parent,
      name: folderName(ids, "report"),
      stamp,
      write: async (folder) => {
        const document = await this.#document(finished, watch);
        if (watch.signal.aborted) throw new CancelledError();
        await writeFile(join(folder, "report.html"), reportHtml(document));
        if (pdf) await writeFile(join(folder, "report.pdf"), await reportPdf(document));
      },
    });
    const hint = pdf ? "Open report.html in any browser, or report.pdf." : "Open report.html in any browser.";
    return { ...written, hint };
  }

  async #document(finished: readonly FinishedRun[], watch: ExportWatch): Promise<ReportDocument> {
    const curves = await this.#curves(finished, watch);
    const patients = await this.#patients(finished, watch);
    const ec57 = await this.#ec57(finished, watch);
    const calibrations = await this.#calibrations(finished, watch);
    const runs = finished.map((details): ReportRun => ({
      ...details,
      patients: patients.get(details.run.id) ?? null,
      ec57: ec57.get(details.run.id) ?? null,
      calibration: calibrations.get(details.run.id)!,
      name: runName(details),
      records: this.#workspace.datasets.records(details.dataset.id),
      curves: curves.get(details.run.id)!,
      testKey: testKey(details.preparation),
      identity: runIdentity(details),
    }));
    watch.progress({ stage: "Writing the report", done: 0, total: 0, unit: "pages" });
    return writeReport(runs, `Ectopy ${packageJson.version}`, this.#comparison);
  }

  async #figured(finished: readonly FinishedRun[], watch: ExportWatch): Promise<FiguredRun[]> {
    const curves = await this.#curves(finished, watch);
    return finished.map((details) => ({
      id: details.run.id,
      name: runName(details),
      result: details.result,
      curves: curves.get(details.run.id)!,
      testKey: testKey(details.preparation),
    }));
  }

  /** Returns the threshold curves of each run, by its number. @param runs with a result */
  #curves(runs: readonly RunDetails[], watch: ExportWatch): Promise<ReadonlyMap<number, RunCurves>> {
    return ofEachRun(runs, "Computing curves", watch, (run) => this.#comparison.curves(run));
  }

  /** Returns the results by recording of each run, by its number; null where test beats are synthetic. */
  #patients(runs: readonly RunDetails[], watch: ExportWatch): Promise<ReadonlyMap<number, PatientResults | null>> {
    return ofEachRun(runs, "Computing results by recording", watch, (run) => this.#comparison.byPatient(run));
  }

  /** Returns the results by EC57 of each run, by its number; null where a run has none. */
  #ec57(runs: readonly RunDetails[], watch: ExportWatch): Promise<ReadonlyMap<number, TestSetEc57 | null>> {
    return ofEachRun(runs, "Computing results by EC57", watch, (run) => this.#comparison.ec57(run));
  }

  /** Returns the calibration of each run, by its number. @param runs with a result */
  #calibrations(runs: readonly RunDetails[], watch: ExportWatch): Promise<ReadonlyMap<number, Calibration>> {
    return ofEachRun(runs, "Computing calibration", watch, (run) =>
      this.#comparison.calibration(run, DEFAULT_ALARM_RATE),
    );
  }

  *#predictedRuns(runs: readonly RunDetails[]): Generator<PredictedRun> {
    for (const details of runs) {
      if (details.run.result === null) continue;
      const [predictions, origins] = [this.#beats.predictions(details), this.#beats.origins(details)];
      yield { ...details, predictions, origins };
    }
  }

  #runs(ids: readonly number[]): RunDetails[] {
    return ids.map((id) => this.#results.run(id));
  }
}

/** Computes a value of each run, by its number. @throws CancelledError */
async function ofEachRun<Value>(
  runs: readonly RunDetails[],
  stage: string,
  { progress, signal }: ExportWatch,
  compute: (run: number) => Promise<Value>,
): Promise<ReadonlyMap<number, Value>> {
  const values = new Map<number, Value>();
  for (const { run } of runs) {
    if (signal.aborted) throw new CancelledError();
    progress({ stage, done: values.size, total: runs.length, unit: "runs" });
    values.set(run.id, await compute(run.id));
  }
  return values;
}

/** Resolution of SVG's pixels (CSS), in dots per inch. */
const CSS_DPI = 96;

/** A folder's name lists up to this number of runs. */
const MAX_NAMED_RUNS = 8;

/** `ectopy-run-3-csv`, `ectopy-runs-1-2-3-csv`, `ectopy-runs-1-to-40-csv` */
function folderName(ids: readonly number[], what: string): string {
  if (ids.length === 1) return `ectopy-run-${ids[0]}-${what}`;
  const names = ids.length <= MAX_NAMED_RUNS ? ids.join("-") : `${Math.min(...ids)}-to-${Math.max(...ids)}`;
  return `ectopy-runs-${names}-${what}`;
}

/**
 * Identifies an export: the same runs in the same state with the same names and remarks, written by the same version
 * with the same options.
 */
function stampOf(what: string, runs: readonly RunDetails[], options: unknown = null): string {
  return JSON.stringify({
    what,
    options,
    ectopy: packageJson.version,
    runs: runs.map((details) => [
      runIdentity(details),
      details.run.status,
      details.looks,
      details.remarks,
      details.dataset.name,
      details.preparation.name,
    ]),
  });
}
