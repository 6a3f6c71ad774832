/** `overrule`: states that an extreme of a recording's report is none, such as an artefact, or restores it. */
import { Argument, type Command } from "commander";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { DEFAULT_REPORT_SETTINGS, extremeKinds, type ExtremeKind } from "../../../contract/domain/recording-report.ts";
import { MAX_REASON_LENGTH, type ReportStrip } from "../../../contract/domain/recording-report-choices.ts";
import { candidateText, extremeNames } from "../../../contract/domain/recording-report-text.ts";
import { MAX_REVIEWER_LENGTH } from "../../../contract/domain/reviews.ts";
import { recordingTime } from "../../../contract/text/format-clock.ts";
import { PreferenceStore } from "../../store/preferences.ts";
import { nonEmpty, setName, wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";

interface Options {
  set?: string;
  reason?: string;
  reviewer?: string;
  restore?: true;
}

export function addOverruleCommand(program: Command): void {
  program
    .command("overrule")
    .description("state that an extreme of a recording's report is none: the next place takes its strip")
    .argument("<dataset>", "number of the dataset", wholeNumber(1))
    .argument("<recording>", "name of the recording", nonEmpty)
    .addArgument(new Argument("<extreme>", "extreme of the report").choices(extremeKinds))
    .option("--set <name>", "annotation set of the report (default: the recording's annotations)", setName)
    .option("--reason <text>", "why the place is no extreme, such as artefact; needed unless --restore", nonEmpty)
    .option("--reviewer <name>", "who says so (default: the reviewer of the app's settings)", nonEmpty)
    .option("--restore", "restore the place that was overruled last")
    .action(
      async (
        dataset: number,
        record: string,
        kind: ExtremeKind,
        { restore, ...options }: Options,
        command: Command,
      ) => {
        const { set } = options;
        await withSession(command, "write", async ({ terminal, services: { recordingReports } }) => {
          const report = async (): Promise<{ strip: ReportStrip; text: string }> => {
            const { strips, statistics } = await recordingReports.report({
              dataset,
              record,
              set,
              settings: { ...DEFAULT_REPORT_SETTINGS },
            });
            const strip = strips.find((each) => each.kind === kind);
            if (strip === undefined) {
              throw new EctopyError(
                "not-found",
                `The report of recording ${record} has no extreme ${kind}.`,
                `\`ectopy export recording-report ${dataset} ${record}\` lists its extremes.`,
              );
            }
            const { place } = strip;
            const { rate, startsAt } = statistics;
            const shown =
              place === null
                ? "nothing: all places are overruled"
                : `${candidateText(kind, place, rate)} at ${recordingTime(startsAt, place.from / rate)}`;
            return { strip, text: `${extremeNames[kind]}: ${shown}.` };
          };
          const { strip } = await report();
          const chosen = { dataset, record, set, kind };
          if (restore) recordingReports.restore({ ...chosen, place: lastOverruled(strip) });
          else recordingReports.overrule({ ...chosen, place: shownPlace(strip), ...statementOf(options) });
          const after = await report();
          terminal.say(after.text);
          terminal.document({ dataset, record, strip: after.strip });
        });
      },
    );
}

function shownPlace({ place, kind }: ReportStrip): { from: number; to: number } {
  if (place !== null) return { from: place.from, to: place.to };
  throw new EctopyError("not-found", `All places of ${kind} are overruled.`, "Restore one with --restore.");
}

function lastOverruled({ overruled, kind }: ReportStrip): { from: number; to: number } {
  const last = overruled.at(-1);
  if (last !== undefined) return { from: last.choice.from, to: last.choice.to };
  throw new EctopyError("not-found", `No place of ${kind} is overruled.`, "There is nothing to restore.");
}

/** @throws EctopyError `usage`: no reason, or no reviewer */
function statementOf({ reason, reviewer = new PreferenceStore().read().reviewer }: Options): {
  reason: string;
  reviewer: string;
} {
  if (reason === undefined || reason.length > MAX_REASON_LENGTH) {
    throw new EctopyError("usage", `A reason of at most ${MAX_REASON_LENGTH} characters is needed.`, "Add --reason.");
  }
  if (reviewer.trim() === "" || reviewer.length > MAX_REVIEWER_LENGTH) {
    throw new EctopyError(
      "usage",
      `A reviewer of at most ${MAX_REVIEWER_LENGTH} characters is needed.`,
      "Add --reviewer, or enter your name in a review.",
    );
  }
  return { reason: reason.trim(), reviewer: reviewer.trim() };
}
