/** `rename`: names a dataset, a preparation or a run. */
import { Argument, type Command } from "commander";
import type { ZodType } from "zod";
import { datasetNameSchema, nameSchema, type ItemKind } from "../../../contract/domain/names.ts";
import { setNameSchema } from "../../../contract/domain/viewing.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";

const kinds = {
  dataset: "datasets",
  preparation: "preparations",
  run: "runs",
  "annotation-set": "annotationSets",
} as const satisfies Record<string, ItemKind>;
type Noun = keyof typeof kinds;

const anyName = [nameSchema, "A name has at most 200 characters."] as const;
/** What a name must be, as schema and as text. */
const nameRules: Readonly<Record<Noun, readonly [schema: ZodType<string>, rule: string]>> = {
  dataset: [datasetNameSchema, "A name has 1 to 200 characters."],
  preparation: anyName,
  run: anyName,
  "annotation-set": [setNameSchema, "A name has 1 to 40 letters, digits, _ and -."],
};

export function addRenameCommand(program: Command): void {
  program
    .command("rename")
    .description(
      "name a dataset, a preparation, a run or an annotation set; an empty name removes that of a preparation or a run",
    )
    .addArgument(new Argument("<kind>", "kind of the item").choices(Object.keys(kinds)))
    .argument("<number>", "number of the item", wholeNumber(1))
    .argument("<name>", "new name, in quotes where it contains spaces")
    .action(async (noun: Noun, id: number, given: string, _: object, command: Command) => {
      const [schema, rule] = nameRules[noun];
      const { data: name } = schema.safeParse(given);
      const title = noun.replace("-", " ");
      const article = noun === "annotation-set" ? "an" : "a";
      if (name === undefined)
        throw new EctopyError("usage", `“${given}” can't be the name of ${article} ${title}.`, rule);
      await withSession(command, "write", ({ terminal, services: { annotators, names } }) => {
        const kind = kinds[noun];
        if (kind === "annotationSets") annotators.rename(id, name);
        else names.rename(kind, id, name);
        const done = name === "" ? "has no name now" : `is named “${name}”`;
        terminal.say(`${title[0].toUpperCase()}${title.slice(1)} ${id} ${done}.`);
        terminal.document({ kind: kinds[noun], id, name });
      });
    });
}
