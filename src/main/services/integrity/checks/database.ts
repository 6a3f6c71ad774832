/** Checks the database: every page, index, constraint and reference. */
import { withDatabaseWorker } from "../database-worker.ts";
import type { Check } from "../check.ts";

export const databaseCheck: Check = {
  name: "database",
  title: "Database",
  run: async ({ workspace }) => {
    const input = { database: workspace.databasePath };
    const faults = await withDatabaseWorker((worker) => worker.run("check", input));
    return {
      summary: faults.length === 0 ? "Every page, index and reference is sound." : "The database is damaged.",
      findings: faults.map((fault) => ({
        severity: "problem" as const,
        message: `SQLite reports: ${fault}.`,
        fix: "Restart Ectopy: it restores the newest good backup and registers what was stored since.",
      })),
    };
  },
};
