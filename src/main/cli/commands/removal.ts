/** `remove`, `restore` and `bin`: removed items can be restored until the bin is emptied. */
import { Argument, type Command } from "commander";
import { formatBytes } from "../../../contract/text/format-bytes.ts";
import { BIN_DAYS } from "../../../contract/domain/integrity.ts";
import { formatUtcMinute } from "../../base/timestamp.ts";
import type { RemovableKind } from "../../store/removed.ts";
import { counted } from "../../../contract/text/format-number.ts";
import { wholeNumber } from "../arguments.ts";
import { formatTable } from "../format.ts";
import { withSession } from "../session.ts";

const kinds = {
  dataset: "datasets",
  preparation: "preparations",
  run: "runs",
  network: "networks",
  "annotation-set": "annotationSets",
} as const satisfies Record<string, RemovableKind>;
type Noun = keyof typeof kinds;

export function addRemovalCommands(program: Command): void {
  addMove(
    program,
    "remove",
    "move an item to the bin; it can be restored until the bin is emptied",
    "moved to the bin",
  );
  addMove(program, "restore", "restore an item from the bin, with the items that it depends on", "restored");
  program
    .command("bin")
    .description(`list removed items; they are deleted after ${BIN_DAYS} days, or when the disk is full`)
    .option("--empty", "delete all items in the bin permanently")
    .action(async ({ empty = false }: { empty?: boolean }, command: Command) => {
      await withSession(command, empty ? "write" : "read", async ({ terminal, services: { bin } }) => {
        const { items, bytes } = await bin.contents();
        if (empty) {
          const deleted = await bin.empty();
          terminal.say(`Deleted ${counted(deleted.length, "item")}, ${formatBytes(bytes)}.`);
          terminal.document({ deleted });
          return;
        }
        const rows = items.map((item) => [
          item.title,
          formatBytes(item.bytes),
          formatUtcMinute(new Date(item.removedAt)),
        ]);
        terminal.say(items.length === 0 ? "The bin is empty." : formatTable(["Item", "Size>", "Removed"], rows));
        terminal.document({ items, bytes });
      });
    });
}

function addMove(program: Command, name: "remove" | "restore", description: string, done: string): void {
  program
    .command(name)
    .description(description)
    .addArgument(new Argument("<kind>", "kind of the item").choices(Object.keys(kinds)))
    .argument("<number>", "number of the item", wholeNumber(1))
    .action(async (noun: Noun, id: number, _: object, command: Command) => {
      await withSession(command, "write", ({ terminal, services: { networks, removal } }) => {
        if (name === "restore" && noun === "network") networks.checkRestorable(id);
        removal[name](kinds[noun], id);
        const title = noun.replace("-", " ");
        terminal.say(`${title[0].toUpperCase()}${title.slice(1)} ${id} was ${done}.`);
        terminal.document({ kind: kinds[noun], id });
      });
    });
}
