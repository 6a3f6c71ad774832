/** Checks what other users of the machine can read of the workspace. */
import { counted } from "../../../base/numbers.ts";
import { closeRest, closeToOthers, openInWorkspace } from "../../../store/workspace-rights.ts";
import type { Check, RepairableFinding } from "../check.ts";

export const rightsCheck: Check = {
  name: "rights",
  title: "Access rights",
  run: async ({ workspace: { folder }, signal }) => {
    const open = await openInWorkspace(folder);
    if (open.length === 0) return { summary: "Nothing can be read by other users of this machine.", findings: [] };
    const more = open.length === 1 ? "" : `, and ${open.length - 1} more`;
    const finding: RepairableFinding = {
      severity: "problem",
      message: `Other users of this machine may read ${open[0]}${more}.`,
      fix: "The repair closes what belongs to you, where the file system keeps access rights.",
      repair: async () => {
        // What is still open is found again by the check that follows.
        closeToOthers(folder, () => {});
        await closeRest(folder, signal);
      },
    };
    return { summary: `Open to other users: ${counted(open.length, "path")}.`, findings: [finding] };
  },
};
