/** `export recording-report`: the report of one recording by one annotation set. */
import { InvalidArgumentError, type Command } from "commander";
import { recordingReportFormats, type RecordingReportFormat } from "../../../contract/domain/exports.ts";
import {
  DEFAULT_REPORT_SETTINGS,
  reportClassMaps,
  type ReportSettings,
} from "../../../contract/domain/recording-report.ts";
import { nonEmpty, numberOf, pathArgument, wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";
import { describeRecordingReport, recordingReportDocument } from "../views/recording-report.ts";

interface Options extends ReportSettings {
  set?: string;
  to?: string;
  format: RecordingReportFormat[];
  notes?: true;
  institution: string;
}

const { classMap, pauseSeconds, rateIntervals, nnChange, bradycardiaBpm, tachycardiaBpm } = DEFAULT_REPORT_SETTINGS;

export function addRecordingReport(group: Command): void {
  group
    .command("recording-report")
    .description(
      "report of one recording by its annotations: ectopic beats, rhythm, heart rate, strips of the extremes",
    )
    .argument("<dataset>", "number of the dataset", wholeNumber(1))
    .argument("<recording>", "name of the recording", nonEmpty)
    .option("--set <name>", "annotation set, such as detected (default: the recording's annotations)", nonEmpty)
    .option(
      "--to <folder>",
      "destination folder; created if it does not exist (default: print the report, write nothing)",
      pathArgument,
    )
    .option("--format <list>", "html, pdf and csv, separated by commas", formatList, [...recordingReportFormats])
    .option("--class-map <name>", "escape beats (e, j, n) count as N (aami) or as S (ec57)", reportClassMap, classMap)
    .option(
      "--pause-seconds <s>",
      "an RR interval above this is a pause",
      numberOf({ label: "Pause", range: { min: 1, max: 10 }, unit: "s" }),
      pauseSeconds,
    )
    .option(
      "--rate-intervals <n>",
      "RR intervals over which the lowest and the highest heart rate are averaged",
      wholeNumber(1, 64),
      rateIntervals,
    )
    .option(
      "--nn-change <percent>",
      "largest change from the preceding NN interval; 0: any",
      numberOf({ label: "Change", range: { min: 0, max: 100 }, unit: "%" }),
      nnChange,
    )
    .option(
      "--bradycardia-bpm <rate>",
      "heart rate below which it is bradycardia",
      numberOf({ label: "Bradycardia", range: { min: 20, max: 100 }, unit: "bpm" }),
      bradycardiaBpm,
    )
    .option(
      "--tachycardia-bpm <rate>",
      "heart rate above which it is tachycardia",
      numberOf({ label: "Tachycardia", range: { min: 60, max: 250 }, unit: "bpm" }),
      tachycardiaBpm,
    )
    .option("--institution <name>", "clinic or institution that the report names", nonEmpty, "")
    .option("--notes", "include the notes on the patient, which the recording's file has")
    .action(async (dataset: number, record: string, options: Options, command: Command) => {
      const { set, to, format, notes = false, institution, ...settings } = options;
      const chosen = { dataset, record, set, settings };
      await withSession(command, "read", async ({ terminal, services: { recordingReports }, signal }) => {
        const report = await recordingReports.report(chosen);
        terminal.say(describeRecordingReport(report));
        const written =
          to === undefined
            ? null
            : await recordingReports.export({ ...chosen, formats: format, notes, institution }, to, {
                progress: terminal.progress,
                signal,
              });
        if (written !== null) terminal.say(`\n${written.place} (${written.outcome}). ${written.hint}`);
        terminal.document({ ...recordingReportDocument(report), written });
      });
    });
}

function formatList(text: string): RecordingReportFormat[] {
  const names = text.split(",").map((name) => name.trim().toLowerCase());
  const formats = recordingReportFormats.filter((format) => names.includes(format));
  if (formats.length !== new Set(names).size) {
    throw new InvalidArgumentError(`The formats are ${recordingReportFormats.join(", ")}, separated by commas.`);
  }
  return formats;
}

function reportClassMap(text: string): ReportSettings["classMap"] {
  const known = reportClassMaps.find((name) => name === text.toLowerCase());
  if (known === undefined) throw new InvalidArgumentError(`The class maps are ${reportClassMaps.join(" and ")}.`);
  return known;
}
