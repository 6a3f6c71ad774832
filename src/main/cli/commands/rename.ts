/** `rename`: names a dataset, a preparation or a run. */
import { Argument, type Command } from "commander";
import { datasetNameSchema, nameSchema, type ItemKind } from "../../../contract/domain/names.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";

const kinds = {
  dataset: "datasets",
  preparation: "preparations",
  run: "runs",
} as const satisfies Record<string, ItemKind>;
type Noun = keyof typeof kinds;

export function addRenameCommand(program: Command): void {
  program
    .command("rename")
    .description("name a dataset, a preparation or a run; an empty name removes the name of a preparation or a run")
    .addArgument(new Argument("<kind>", "kind of the item").choices(Object.keys(kinds)))
    .argument("<number>", "number of the item", wholeNumber(1))
    .argument("<name>", "new name, in quotes where it contains spaces")
    .action(async (noun: Noun, id: number, given: string, _: object, command: Command) => {
      const { data: name } = (noun === "dataset" ? datasetNameSchema : nameSchema).safeParse(given);
      if (name === undefined) {
        const fix = noun === "dataset" ? "A name has 1 to 200 characters." : "A name has at most 200 characters.";
        throw new EctopyError("usage", `“${given}” can't be the name of a ${noun}.`, fix);
      }
      await withSession(command, "write", ({ terminal, services: { names } }) => {
        names.rename(kinds[noun], id, name);
        const done = name === "" ? "has no name now" : `is named “${name}”`;
        terminal.say(`${noun[0].toUpperCase()}${noun.slice(1)} ${id} ${done}.`);
        terminal.document({ kind: kinds[noun], id, name });
      });
    });
}
