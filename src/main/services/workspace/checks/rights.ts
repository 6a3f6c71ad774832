/** Finds files of the workspace that other users of the machine can read. */
import { counted } from "../../../../contract/text/format-number.ts";
import { closeRest, closeToOthers, openInWorkspace } from "../../../store/workspace-rights.ts";
import type { Check, RepairableFinding } from "../check.ts";

export const rightsCheck: Check = {
  name: "rights",
  title: "Access rights",
  run: async ({ workspace: { folder }, signal }) => {
    const open = await openInWorkspace(folder);
    if (open.length === 0) return { summary: "Other users of this machine can read nothing.", findings: [] };
    const more = open.length === 1 ? "" : `, and ${open.length - 1} more`;
    const finding: RepairableFinding = {
      severity: "problem",
      message: `Other users of this machine may read ${open[0]}${more}.`,
      fix: "The repair removes access to your files, where the file system supports access rights.",
      repair: async () => {
        // The next check finds files that are still open.
        closeToOthers(folder, () => {});
        await closeRest(folder, signal);
      },
    };
    return { summary: `Open to other users: ${counted(open.length, "path")}.`, findings: [finding] };
  },
};
