/** Reports of recordings, for the window and as files. */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { z } from "zod";
import packageJson from "../../../../package.json" with { type: "json" };
import { usedAnnotator } from "../../../contract/domain/dataset-records.ts";
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import type { ExportReport, RecordingReportExport, RecordingReportFormat } from "../../../contract/domain/exports.ts";
import type { Candidate, ReportChoice } from "../../../contract/domain/recording-report.ts";
import {
  isSamePlace,
  overruledStatistics,
  stripsOf,
  type overruleSchema,
  type ReportStrip,
  type restoreSchema,
  type StripChoice,
} from "../../../contract/domain/recording-report-choices.ts";
import type { RecordingReport, ReportedSet } from "../../../contract/domain/reported-recording.ts";
import { correctionsOf } from "../../../pipeline/review/corrections.ts";
import { learnedBeats } from "../../../pipeline/review/learned-beats.ts";
import type { ReportedRecording } from "../../store/strip-choices.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { FolderCheck } from "../../workers/user-files.ts";
import type { RecordingService, RecordingSet } from "../datasets/recordings.ts";
import { chosenSet } from "../datasets/chosen-set.ts";
import { exportFolder } from "../exports/folders.ts";
import type { ExportWatch } from "../exports/mlflow/export-runs.ts";
import { printFigure, type PrintedFigure } from "../figures/print-figure.ts";
import { recordingFigures, type RecordingFigure } from "../figures/recording-figures.ts";
import { printStrip } from "../figures/strip-svg.ts";
import type { ResultService } from "../runs/results.ts";
import { writeCsv } from "./csv-files.ts";
import { reportHtml } from "./html.ts";
import { reportPdf } from "./pdf.ts";
import { recordingDocument, stripCaption, stripTitle, type ReportPictures } from "./recording-report.ts";
import { recordingTables } from "./recording-tables.ts";
import { ReportedModels } from "./reported-models.ts";

export interface RecordingReportParts {
  recordings: RecordingService;
  results: ResultService;
  folders: FolderCheck;
}

export class RecordingReportService {
  readonly #workspace: Workspace;
  readonly #recordings: RecordingService;
  readonly #folders: FolderCheck;
  readonly #models: ReportedModels;

  constructor(workspace: Workspace, { recordings, results, folders }: RecordingReportParts) {
    this.#workspace = workspace;
    this.#recordings = recordings;
    this.#folders = folders;
    this.#models = new ReportedModels(workspace, results);
  }

  /**
   * Returns the report of a recording by one of its annotation sets.
   * @throws EctopyError `not-found`: no such dataset, recording or annotations; `damaged-file`; `unsupported`: a table of
   *   beats
   */
  async report({ settings, ...choice }: ReportChoice): Promise<RecordingReport> {
    const { statistics, unsure, unlike } = await this.#recordings.statistics(choice, settings);
    const record = this.#recordings.record(choice.dataset, choice.record);
    const dataset = this.#workspace.datasets.find(choice.dataset)!;
    const name = choice.set ?? usedAnnotator(record);
    const stored = this.#workspace.annotationSets.find(choice.dataset, name);
    const set: ReportedSet =
      stored === undefined
        ? { name, origin: "imported", parent: null, leads: [], createdAt: dataset.createdAt, unsure, unlike }
        : { ...stored, unsure, unlike };
    const log = stored?.origin === "reviewed" ? this.#workspace.reviewLog.entries(stored.id, record.name) : [];
    const learned = learnedBeats(log);
    const strips = stripsOf(statistics.extremes, this.#workspace.stripChoices.of(this.#reported(choice)));
    return {
      dataset: { id: dataset.id, name: dataset.name },
      record: record.name,
      leads: record.leads,
      set,
      statistics: overruledStatistics(statistics, strips),
      strips,
      models: this.#models.of([...(stored?.runs ?? []), ...learned.map(({ run }) => run)], record),
      corrections: correctionsOf(log),
      learned,
    };
  }

  /**
   * Stores that a place is not the extreme: the report shows the one given, else the most extreme one left.
   * @throws EctopyError `not-found`: no such recording or annotations; `invalid-settings`: the place is outside of it
   */
  overrule({ kind, place, reason, reviewer, instead, ...chosen }: z.output<typeof overruleSchema>): void {
    const reported = this.#reported(chosen);
    const { length } = this.#recordings.record(chosen.dataset, chosen.record);
    for (const { from, to } of [place, instead ?? place]) {
      if (from <= to && to <= length) continue;
      throw new EctopyError(
        "invalid-settings",
        `Samples ${from} to ${to} are not a place of recording ${chosen.record}.`,
        "Load the report again and choose one of its extremes.",
      );
    }
    const { stripChoices } = this.#workspace;
    const choice = { kind, reason, reviewer, createdAt: new Date().toISOString() };
    const add = (action: StripChoice["action"], { from, to }: typeof place): void =>
      stripChoices.add(reported, { ...choice, action, from, to });
    this.#workspace.transaction(() => {
      stripChoices.removeChosen(reported, kind);
      stripChoices.removeOverruled(reported, kind, place);
      if (instead !== undefined) stripChoices.removeOverruled(reported, kind, instead);
      add("overruled", place);
      if (instead !== undefined) add("chosen", instead);
    });
  }

  /** Removes that a place is overruled, and with it the choice of another one. @throws EctopyError `not-found` */
  restore({ kind, place, ...chosen }: z.output<typeof restoreSchema>): void {
    const reported = this.#reported(chosen);
    const { stripChoices } = this.#workspace;
    this.#workspace.transaction(() => {
      if (!stripChoices.removeOverruled(reported, kind, place)) {
        throw new EctopyError(
          "not-found",
          `This place of recording ${chosen.record} is not overruled.`,
          "Load the report again.",
        );
      }
      stripChoices.removeChosen(reported, kind);
    });
  }

  /** @throws EctopyError `not-found`: no such dataset, recording or annotations */
  #reported({ dataset, record: name, set }: RecordingSet): ReportedRecording {
    const record = this.#recordings.record(dataset, name);
    const annotator = set ?? usedAnnotator(record);
    chosenSet(this.#workspace, dataset, record, annotator);
    const stored = this.#workspace.annotationSets.find(dataset, annotator);
    return { dataset, record: name, set: stored?.id ?? annotator };
  }

  /**
   * Writes the report of a recording into a folder: report.html, report.pdf and tables.
   * @throws EctopyError as {@link report}; `no-access`, `disk-full`; CancelledError
   */
  async export(given: RecordingReportExport, parent: string, watch: ExportWatch): Promise<ExportReport> {
    const { formats, notes, institution = "", ...choice } = given;
    await this.#folders.check(resolve(parent), "export");
    const report = await this.report(choice);
    const { comments } = this.#recordings.record(choice.dataset, choice.record);
    const written = await exportFolder({
      parent,
      name: `ectopy-recording-${report.record}-${report.set.name}-report`,
      stamp: stampOf({ report, formats, notes: notes ? comments : null, institution }),
      write: async (folder) => {
        if (formats.includes("csv")) await this.#writeTables(choice, report, folder, watch);
        if (!formats.includes("html") && !formats.includes("pdf")) return;
        const document = recordingDocument(report, {
          pictures: await this.#pictures(choice, report, watch),
          notes: notes ? comments : null,
          institution,
          madeBy: `Ectopy ${packageJson.version}`,
          date: latestChange(report),
        });
        watch.progress({ stage: "Writing the report", done: 0, total: 0, unit: "pages" });
        if (watch.signal.aborted) throw new CancelledError();
        if (formats.includes("html")) await writeFile(join(folder, "report.html"), reportHtml(document));
        if (formats.includes("pdf")) await writeFile(join(folder, "report.pdf"), await reportPdf(document));
      },
    });
    return { ...written, hint: `${formats.map((format) => FORMAT_HINTS[format]).join(" ")}` };
  }

  async #writeTables(
    { dataset, record, set }: ReportChoice,
    report: RecordingReport,
    folder: string,
    watch: ExportWatch,
  ): Promise<void> {
    const annotations = await this.#recordings.annotations({ dataset, record, set });
    for (const [name, table] of Object.entries(recordingTables(report, annotations))) {
      await writeCsv(join(folder, `${name}.csv`), table, watch.signal);
    }
  }

  async #pictures(
    { dataset, record, set }: ReportChoice,
    report: RecordingReport,
    watch: ExportWatch,
  ): Promise<ReportPictures> {
    const shown = stripsByPlace(report.strips);
    const drawings = await this.#recordings.strips(
      { dataset, record, set },
      shown.map(({ place: { from, to } }) => ({ from, to })),
    );
    const strips = shown.map(({ strips: [first, ...others] }, i) =>
      printStrip(drawings[i], {
        name: `strip-${first.kind}`,
        title: stripTitle([first, ...others].map(({ kind }) => kind)),
        caption: stripCaption(first, report),
      }),
    );
    const figures = Object.entries(recordingFigures(report.statistics));
    const printed: [string, PrintedFigure][] = [];
    for (const [name, figure] of figures) {
      if (watch.signal.aborted) throw new CancelledError();
      watch.progress({ stage: "Drawing figures", done: printed.length, total: figures.length, unit: "figures" });
      printed.push([name, await printFigure(figure, figure.name, { titled: false })]);
    }
    return { figures: Object.fromEntries(printed) as Record<RecordingFigure, PrintedFigure>, strips };
  }
}

/** Returns when the set was made, or an extreme overruled. */
function latestChange({ set, strips }: RecordingReport): string {
  const choices = strips.flatMap(({ overruled }) => overruled.map(({ choice }) => choice.createdAt));
  return [set.createdAt, ...choices].sort().at(-1)!;
}

/** Returns the strips that are drawn: one for each place, also where it is several extremes. */
function stripsByPlace(
  strips: readonly ReportStrip[],
): { place: Candidate; strips: [ReportStrip, ...ReportStrip[]] }[] {
  const shown: { place: Candidate; strips: [ReportStrip, ...ReportStrip[]] }[] = [];
  for (const strip of strips) {
    const { place } = strip;
    if (place === null) continue;
    const same = shown.find((each) => isSamePlace(each.place, place));
    if (same) same.strips.push(strip);
    else shown.push({ place, strips: [strip] });
  }
  return shown;
}

const FORMAT_HINTS: Readonly<Record<RecordingReportFormat, string>> = {
  html: "Open report.html in any browser.",
  pdf: "report.pdf prints strips at 25 mm/s and 10 mm/mV.",
  csv: "Tables are CSV (UTF-8, with a header line).",
};

/** Identifies an export: the same annotations with the same settings, written by the same version. */
function stampOf(content: unknown): string {
  const text = JSON.stringify({ ectopy: packageJson.version, content });
  return JSON.stringify({ what: "recording-report", sha256: createHash("sha256").update(text).digest("hex") });
}
