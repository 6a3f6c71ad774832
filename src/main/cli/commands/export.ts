/** `export`: models, reports, figures, tables and MLflow runs for other programs. */
import type { Command } from "commander";
import { statSync } from "node:fs";
import { EctopyError } from "../../../contract/domain/errors.ts";
import {
  modelFormatNames,
  modelFormats,
  type ExportReport,
  type FigureSize,
  type ModelFormat,
} from "../../../contract/domain/exports.ts";
import { DEFAULT_DPI, DEFAULT_MLFLOW_EXPERIMENT } from "../../../contract/settings/defaults.ts";
import { figureSettingTable } from "../../../contract/settings/setting-table.ts";
import { isModelFileFormat, modelFileEndings, type ModelFileFormat } from "../../services/exports/model-files.ts";
import type { ExportWatch } from "../../services/exports/mlflow/export-runs.ts";
import { isAddress } from "../../services/exports/mlflow/place.ts";
import { addAnnotationExport } from "./export-annotations.ts";
import { nonEmpty, numberOf, pathArgument, wholeNumbers } from "../arguments.ts";
import { withSession, type Session } from "../session.ts";
import { addRecordingReport } from "./export-recording.ts";

export function addExportCommand(program: Command): void {
  const group = program.command("export").description("export runs and annotation sets for other programs");
  for (const format of modelFormats) addModelFormat(group, format);
  addMlflow(group);
  addForAll(group, "report", "report on one run, or a comparison of several, as HTML")
    .option("--pdf", "also write the report as PDF")
    .action(
      act((session, runs, { to, pdf = false }: Destination & { pdf?: boolean }) =>
        session.services.reports.report(runs, to, { pdf }, watchOf(session)),
      ),
    );
  addForAll(
    group,
    "figures",
    "training curves, class distribution, confusion matrices, ROC and precision–recall curves as SVG and PNG",
  )
    .option(
      "--width <mm>",
      "width of each figure, such as 85 for a journal's column or 180 for its page (default: depends on the figure)",
      figureWidth,
    )
    .option("--dpi <n>", "resolution of the PNG files, in dpi", numberOf(figureSettingTable.dpi), DEFAULT_DPI)
    .action(
      act((session, runs, { to, width, dpi }: Destination & FigureSize) =>
        session.services.reports.figures(runs, to, { width, dpi }, watchOf(session)),
      ),
    );
  addRecordingReport(group);
  addAnnotationExport(group);
  addForAll(group, "csv", "tables of settings, epochs, classes, confusion matrices and all test beats").action(
    act((session, runs, { to }: Destination) => session.services.reports.csv(runs, to, watchOf(session))),
  );
}

const figureWidth = numberOf(figureSettingTable.width);

interface Destination {
  to: string;
}

/** Adds a command that exports several runs together. */
function addForAll(group: Command, name: string, description: string): Command {
  return withDestination(group.command(name).description(description));
}

function withDestination(command: Command): Command {
  return withRuns(command).requiredOption(
    "--to <folder>",
    "destination folder; created if it does not exist",
    pathArgument,
  );
}

function withRuns(command: Command): Command {
  return command.argument("<runs...>", "numbers of the runs", wholeNumbers(1));
}

function act<Options extends Destination>(
  work: (session: Session, runs: number[], options: Options) => Promise<ExportReport>,
): (runs: number[], options: Options, command: Command) => Promise<void> {
  return (runs, options, command) =>
    withSession(command, "read", async (session) => {
      const report = await work(session, [...new Set(runs)], options);
      session.terminal.say(`${report.place} (${report.outcome}). ${report.hint}`);
      session.terminal.document(report);
    });
}

function watchOf({ terminal: { progress }, signal }: Session): ExportWatch {
  return { progress, signal };
}

function mlflowPlace(text: string): string {
  return isAddress(text) ? text : pathArgument(text);
}

interface MlflowOptions {
  to: string;
  experiment: string;
  user?: string;
  password?: string;
  token?: string;
}

function addMlflow(group: Command): void {
  withRuns(group.command("mlflow"))
    .description("runs to an MLflow server, or as files that MLflow opens; unchanged runs are skipped")
    .requiredOption(
      "--to <place>",
      "http(s)://SERVER, or a folder, in which runs are written below mlruns",
      mlflowPlace,
    )
    .option(
      "--experiment <name>",
      "MLflow experiment; created if it does not exist",
      nonEmpty,
      DEFAULT_MLFLOW_EXPERIMENT,
    )
    .option("--user <name>", "user name on the server (default: $MLFLOW_TRACKING_USERNAME)", nonEmpty)
    .option(
      "--password <text>",
      "password; better set $MLFLOW_TRACKING_PASSWORD: other users of the machine can read arguments",
    )
    .option("--token <text>", "token, instead of user and password (default: $MLFLOW_TRACKING_TOKEN)", nonEmpty)
    .action(async (runs: number[], { to, experiment, ...credentials }: MlflowOptions, command: Command) => {
      await withSession(command, "read", async ({ services, terminal, signal }) => {
        const target = { place: to, experiment, credentials };
        const reports = await services.exports.mlflow(runs, target, { progress: terminal.progress, signal });
        for (const { run, place, outcome } of reports) terminal.say(`Run ${run}: ${place} (${outcome}).`);
        for (const hint of new Set(reports.map(({ hint }) => hint))) terminal.say(hint);
        terminal.document(reports);
      });
    });
}

function addModelFormat(group: Command, format: ModelFormat): void {
  const destination = isModelFileFormat(format)
    ? `destination folder; created if it does not exist; or, for one run, a file that ends in ${modelFileEndings[format]}`
    : "destination folder; created if it does not exist";
  withRuns(group.command(format))
    .description(`models as ${modelFormatNames[format]}, each with its card and an example`)
    .requiredOption("--to <path>", destination, pathArgument)
    .action(async (runs: number[], { to }: Destination, command: Command) => {
      const file = fileFormat(format, to);
      if (file !== undefined && runs.length > 1) {
        throw new EctopyError(
          "usage",
          `${to} is one file, but ${runs.length} runs are to be exported.`,
          "Export one run, or choose a folder.",
        );
      }
      await withSession(command, "read", async ({ services: { exports }, terminal, signal }) => {
        const reports: ({ run: number } & ExportReport)[] = [];
        for (const run of runs) {
          signal.throwIfAborted();
          const report = await (file === undefined ? exports.model(run, format, to) : exports.modelFile(run, file, to));
          terminal.say(`Run ${run}: ${report.place} (${report.outcome}). ${report.hint}`);
          reports.push({ run, ...report });
        }
        terminal.document(reports);
      });
    });
}

/** Returns the format if `to` names a file of it by its ending; undefined for a folder. */
function fileFormat(format: ModelFormat, to: string): ModelFileFormat | undefined {
  if (!isModelFileFormat(format) || !to.toLowerCase().endsWith(modelFileEndings[format])) return undefined;
  return statSync(to, { throwIfNoEntry: false })?.isDirectory() === true ? undefined : format;
}
