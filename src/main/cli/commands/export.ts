import type { Command } from "commander";
import {
  modelFormatNames,
  modelFormats,
  type ExportReport,
  type FigureSize,
} from "../../../contract/domain/exports.ts";
import type { ExportWatch } from "../../services/exports/mlflow/export-runs.ts";
import { isAddress } from "../../services/exports/mlflow/place.ts";
import { nonEmpty, pathArgument, wholeNumber, wholeNumbers } from "../arguments.ts";
import { withSession, type Session } from "../session.ts";

export function addExportCommand(program: Command): void {
  const group = program.command("export").description("hand runs on to other programs");
  for (const format of modelFormats) {
    add(group, format, `models as ${modelFormatNames[format]}, each with its card and an example`, (session, run, to) =>
      session.services.exports.model(run, format, to),
    );
  }
  addMlflow(group);
  addForAll(group, "report", "one run, or several side by side, as a page to read, print and send")
    .option("--pdf", "as PDF too")
    .action(
      act((session, runs, { to, pdf = false }: Destination & { pdf?: boolean }) =>
        session.services.reports.report(runs, to, { pdf }, watchOf(session)),
      ),
    );
  addForAll(group, "figures", "curves, classes, confusion matrices, ROC and precision-recall as SVG and PNG, for print")
    .option("--width <mm>", "width of each; 85 is a journal's column, 180 its page (as each is best seen)", figureWidth)
    .option("--dpi <n>", "dots an inch of the PNG", wholeNumber(72, 1200), 300)
    .action(
      act((session, runs, { to, width, dpi }: Destination & FigureSize) =>
        session.services.reports.figures(runs, to, { width, dpi }, watchOf(session)),
      ),
    );
  addForAll(group, "csv", "tables of settings, epochs, classes, confusion and every test beat").action(
    act((session, runs, { to }: Destination) => session.services.reports.csv(runs, to, watchOf(session))),
  );
}

const figureWidth = wholeNumber(60, 400);

interface Destination {
  to: string;
}

/** A command that hands several runs on together. */
function addForAll(group: Command, name: string, description: string): Command {
  return withDestination(group.command(name).description(description));
}

function withDestination(command: Command): Command {
  return command
    .argument("<runs...>", "numbers of the runs", wholeNumbers(1))
    .requiredOption("--to <folder>", "where to; it is made where it is not there", pathArgument);
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
  group
    .command("mlflow")
    .description("runs to an MLflow server, or as files that MLflow opens; what is there already is not doubled")
    .argument("<runs...>", "numbers of the runs", wholeNumbers(1))
    .requiredOption("--to <place>", "http(s)://SERVER, or a folder, in which runs come below mlruns", mlflowPlace)
    .option("--experiment <name>", "what they stand in together; made where it is not there", nonEmpty, "Ectopy")
    .option("--user <name>", "who asks (default: $MLFLOW_TRACKING_USERNAME)", nonEmpty)
    .option("--password <text>", "best left to $MLFLOW_TRACKING_PASSWORD: others on the machine see what is typed here")
    .option("--token <text>", "instead of user and password (default: $MLFLOW_TRACKING_TOKEN)", nonEmpty)
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

type Export = (session: Session, run: number, to: string) => Promise<ExportReport>;

function add(group: Command, name: string, description: string, work: Export): void {
  withDestination(group.command(name).description(description)).action(
    async (runs: number[], { to }: { to: string }, command: Command) => {
      await withSession(command, "read", async (session) => {
        const reports: ({ run: number } & ExportReport)[] = [];
        for (const run of runs) {
          session.signal.throwIfAborted();
          const report = await work(session, run, to);
          session.terminal.say(`Run ${run}: ${report.place} (${report.outcome}). ${report.hint}`);
          reports.push({ run, ...report });
        }
        session.terminal.document(reports);
      });
    },
  );
}
