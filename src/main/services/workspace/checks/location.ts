/** Checks the location of the workspace, and finds files that a synchronising program duplicated. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { findStorage } from "../../../base/storage-facts.ts";
import { isConflictedCopy, describeStorage } from "../../../base/storage-location.ts";
import type { Check, RepairableFinding } from "../check.ts";

export const locationCheck: Check = {
  name: "location",
  title: "Location",
  run: async ({ workspace: { folder } }) => {
    const storage = findStorage(folder);
    const found = describeStorage(folder, storage);
    const findings: RepairableFinding[] = found === null ? [] : [{ severity: "advice", ...found }];
    for (const path of await conflictedCopies(folder)) {
      findings.push({
        severity: "problem",
        message: `${path} is a copy that a synchronising program made: two machines, or two programs, changed the file at once.`,
        fix: "If nothing is missing in Ectopy, delete it: it holds patients' data.",
      });
    }
    return {
      summary: found === null ? "On a disk of this machine, not synchronised." : "Not on a disk of this machine alone.",
      findings,
    };
  },
};

async function conflictedCopies(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter(({ name }) => isConflictedCopy(name)).map((entry) => join(entry.parentPath, entry.name));
}
