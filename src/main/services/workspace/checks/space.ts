/** Checks the space: free, used by the workspace, and used by the bin. */
import { statfs } from "node:fs/promises";
import { formatBytes } from "../../../../contract/text/format-bytes.ts";
import type { Check, RepairableFinding } from "../check.ts";
import { bytesIn } from "../folder-size.ts";

const LOW_BYTES = 1_000_000_000;

export const spaceCheck: Check = {
  name: "space",
  title: "Space",
  run: async ({ workspace, bin }) => {
    const [{ bavail, bsize }, bytes, contents] = await Promise.all([
      statfs(workspace.folder),
      bytesIn(workspace.folder),
      bin.contents(),
    ]);
    const free = bavail * bsize;
    const findings: RepairableFinding[] = [];
    if (free < LOW_BYTES) {
      findings.push({
        severity: "problem",
        message: `Only ${formatBytes(free)} are free on the disk of the workspace.`,
        fix: contents.bytes > 0 ? `Empty the bin: it holds ${formatBytes(contents.bytes)}.` : "Free some space.",
      });
    }
    const inBin = contents.items.length === 0 ? "" : `, ${formatBytes(contents.bytes)} of it in the bin`;
    return { summary: `The workspace takes ${formatBytes(bytes)}${inBin}; ${formatBytes(free)} are free.`, findings };
  },
};
