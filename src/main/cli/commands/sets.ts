/** `sets`: lists the annotation sets of a dataset. */
import type { Command } from "commander";
import { beatsIn, type AnnotationSetOverview } from "../../../contract/domain/annotation-sets.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";
import { formatUtcMinute } from "../../base/timestamp.ts";
import { wholeNumber } from "../arguments.ts";
import { formatTable } from "../format.ts";
import { withSession } from "../session.ts";

export function addSetsCommand(program: Command): void {
  program
    .command("sets")
    .description("list the annotation sets of a dataset: imported, detected, classified and reviewed annotations")
    .argument("<dataset>", "number of the dataset", wholeNumber(1))
    .action(async (dataset: number, _: object, command: Command) => {
      await withSession(command, "read", ({ terminal, services: { annotators } }) => {
        const sets = annotators.list(dataset);
        const heads = ["No.>", "Name", "Origin", "Made from", "Leads", "Recordings>", "Beats>", "Made"];
        terminal.say(sets.length === 0 ? "There are no annotation sets." : formatTable(heads, sets.map(rowOf)));
        terminal.document({ dataset, sets });
      });
    });
}

function rowOf({ id, name, origin, parent, leads, runs, records, createdAt }: AnnotationSetOverview): string[] {
  const beats = records.reduce((sum, { symbols }) => sum + beatsIn(symbols), 0);
  return [
    id === null ? "" : String(id),
    name,
    runs.length === 0 ? origin : `${origin} by run ${runs.join(", ")}`,
    parent ?? "",
    leads.join(", "),
    formatInteger(records.length),
    formatInteger(beats),
    formatUtcMinute(new Date(createdAt)),
  ];
}
