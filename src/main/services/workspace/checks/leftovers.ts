/** Finds files that an interrupted process left. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { counted } from "../../../../contract/text/format-number.ts";
import type { Check, RepairableFinding } from "../check.ts";

/** Incomplete backups, and files that were not renamed. */
const LEFTOVER = /\.(partial|restored)$/;

export const leftoverCheck: Check = {
  name: "leftovers",
  title: "Leftovers",
  run: ({ workspace, backups }) => {
    const found = [workspace.folder, backups.folder].flatMap((folder) =>
      namesIn(folder)
        .filter((name) => LEFTOVER.test(name))
        .map((name) => join(folder, name)),
    );
    const findings = found.map((path): RepairableFinding => ({
      severity: "advice",
      message: `${path} was left by an interrupted process.`,
      fix: "The repair deletes it.",
      repair: () => rmSync(path, { force: true }),
    }));
    return Promise.resolve({ summary: found.length === 0 ? "None." : `${counted(found.length, "file")}.`, findings });
  },
};

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not there yet
  }
}
