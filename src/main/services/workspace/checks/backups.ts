/** Checks whether backups of the database exist and can be read. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { formatUtcMinute } from "../../../base/timestamp.ts";
import { formatBytes } from "../../../../contract/text/format-bytes.ts";
import { listBackups } from "../../../store/backups.ts";
import { counted } from "../../../../contract/text/format-number.ts";
import { withDatabaseWorker } from "../database-worker.ts";
import type { Check, RepairableFinding } from "../check.ts";

export const backupCheck: Check = {
  name: "backups",
  title: "Backups",
  run: async ({ workspace, backups }) => {
    const { folder } = backups;
    const all = listBackups(folder);
    const bad = await withDatabaseWorker((worker) => worker.run("checkBackups", { folder }));
    const findings = bad.map((name): RepairableFinding => ({
      severity: "problem",
      message: `The backup ${name} can't be read.`,
      fix: "The repair deletes it.",
      repair: () => rmSync(join(folder, name), { force: true }),
    }));
    if (all.length === bad.length && workspace.datasets.list().length > 0) {
      findings.push({
        severity: "problem",
        message: "There is no good backup of the database.",
        fix: "The repair makes one.",
        repair: async () => {
          backups.requestDaily();
          await backups.settled();
        },
      });
    }
    const bytes = all.reduce((sum, backup) => sum + backup.bytes, 0);
    const newest = all.find(({ name }) => !bad.includes(name))?.madeAt;
    return {
      summary: newest
        ? `${counted(all.length - bad.length, "good backup")}, ${formatBytes(bytes)}; the newest is from ${formatUtcMinute(newest)}.`
        : "No good backup.",
      findings,
    };
  },
};
