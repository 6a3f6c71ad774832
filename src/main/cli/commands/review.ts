/** `review`: lists the reviewed sets of a dataset, and prints or exports the log of edits of one. */
import { writeFileSync } from "node:fs";
import { extname } from "node:path";
import { InvalidArgumentError, type Command } from "commander";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { ReviewOverview } from "../../../contract/domain/reviews.ts";
import { systemError } from "../../../contract/domain/system-errors.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";
import { describeEntry, firstSample } from "../../../pipeline/review/describe-changes.ts";
import { csvText } from "../../base/csv.ts";
import type { LoggedEdit } from "../../services/reviews/reviews.ts";
import { nonEmpty, pathArgument, wholeNumber } from "../arguments.ts";
import { formatTable } from "../format.ts";
import { withSession } from "../session.ts";
import { loggedChanges } from "../views/review-log.ts";

export function addReviewCommand(program: Command): void {
  program
    .command("review")
    .description("list the reviewed sets of a dataset, with their reviewers, or the edits of one")
    .argument("<dataset>", "number of the dataset", wholeNumber(1))
    .argument("[set]", "name of a reviewed set: prints its log of edits", nonEmpty)
    .option("--to <file>", "write the log as CSV or JSON, by the file's extension", logFile)
    .action(async (dataset: number, set: string | undefined, { to }: { to?: string }, command: Command) => {
      await withSession(command, "read", ({ terminal, services: { reviews } }) => {
        if (set === undefined) {
          if (to !== undefined) {
            throw new EctopyError("usage", "--to needs the name of a reviewed set.", "Name the set after the dataset.");
          }
          const sets = reviews.list(dataset);
          terminal.say(describeSets(dataset, sets));
          terminal.document({ dataset, sets });
          return;
        }
        const edits = reviews.log(dataset, set);
        if (to === undefined) {
          terminal.say(describeLog(set, edits));
          terminal.document({ dataset, set, edits: edits.map(loggedChanges) });
          return;
        }
        writeLog(to, edits);
        terminal.say(`${formatInteger(edits.length)} log entries written to ${to}.`);
        terminal.document({ dataset, set, entries: edits.length, file: to });
      });
    });
}

function describeSets(dataset: number, sets: readonly ReviewOverview[]): string {
  if (sets.length === 0) return `Dataset ${dataset} has no reviewed set. A recording's page begins one: Review.`;
  return formatTable(
    ["Set", "Of", "Recordings>", "Edits>", "Reviewed beats>", "Beats>", "Reviewers"],
    sets.map(({ name, parent, records, reviewers }) => {
      const sum = (key: "edits" | "beats" | "reviewedBeats"): string =>
        formatInteger(records.reduce((total, record) => total + record[key], 0));
      return [
        name,
        parent ?? "",
        formatInteger(records.length),
        sum("edits"),
        sum("reviewedBeats"),
        sum("beats"),
        reviewers.map(({ reviewer }) => reviewer).join(", "),
      ];
    }),
  );
}

function describeLog(set: string, edits: readonly LoggedEdit[]): string {
  if (edits.length === 0) return `${set} has no edits.`;
  const byId = new Map(edits.map((edit) => [edit.id, edit]));
  return formatTable(
    ["When", "Who", "Recording", "Time (s)>", "What"],
    edits.map((entry) => {
      const edit = byId.get(entry.target ?? entry.id) ?? entry;
      const sample = edit.stretch?.from ?? firstSample(edit);
      return [
        `${entry.at.slice(0, 19).replace("T", " ")} UTC`,
        entry.reviewer,
        entry.record,
        sample === null ? "" : (sample / entry.rate).toFixed(3),
        edit === entry ? describeEntry(entry) : `${describeEntry(entry)}: ${describeEntry(edit)}`,
      ];
    }),
  );
}

/** @throws EctopyError `no-access`, `disk-full`, or the file exists */
function writeLog(path: string, edits: readonly LoggedEdit[]): void {
  const documents = edits.map(loggedChanges);
  const text =
    extname(path).toLowerCase() === ".json"
      ? `${JSON.stringify(documents, null, 2)}\n`
      : csvText([
          ["entry", "at", "reviewer", "kind", "undone_entry", "recording", "time_s", "sample", "label", "from", "to"],
          ...documents.flatMap(({ id, at, reviewer, kind, target, recording, label, stretch, changes }) => {
            const before = [id, at, reviewer, kind, target, recording];
            const marked = stretch === null ? [] : [[...before, stretch.fromSeconds, stretch.from, label, null, null]];
            const none = changes.length === 0 && stretch === null ? [[...before, null, null, label, null, null]] : [];
            return [
              ...marked,
              ...none,
              ...changes.map(({ seconds, sample, from, to }) => [...before, seconds, sample, label, from, to]),
            ];
          }),
        ]);
  try {
    writeFileSync(path, text, { flag: "wx" });
  } catch (error) {
    throw systemError(error, `file ${path}`);
  }
}

function logFile(text: string): string {
  const path = pathArgument(text);
  if (![".csv", ".json"].includes(extname(path).toLowerCase())) {
    throw new InvalidArgumentError("A file that ends in .csv or .json is needed.");
  }
  return path;
}
