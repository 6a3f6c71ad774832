/**
 * Checks the database: every page, index, constraint and reference, and its rows against the manifests of their
 * folders.
 */
import { withDatabaseWorker } from "../database-worker.ts";
import type { Check, RepairableFinding } from "../check.ts";
import { nounOf } from "./folders.ts";

export const databaseCheck: Check = {
  name: "database",
  title: "Database",
  run: async ({ workspace, verifier }) => {
    const input = { database: workspace.databasePath };
    const faults = await withDatabaseWorker((worker) => worker.run("check", input));
    const damaged = faults.map((fault): RepairableFinding => ({
      severity: "problem",
      message: `SQLite reports: ${fault}.`,
      fix: "Restart Ectopy: it restores the newest good backup and registers items stored since.",
    }));
    const contradicted = verifier
      .items()
      .filter(({ kind, id }) => !workspace.agreesWithManifest(kind, id))
      .map(({ kind, id }): RepairableFinding => ({
        severity: "problem",
        message: `The database row of ${nounOf[kind].toLowerCase()} ${id} differs from its manifest.`,
        fix: "Close Ectopy, rename ectopy.sqlite and restart: Ectopy restores the newest backup, or rebuilds the database from the manifests.",
      }));
    const sound = "Every page, index and reference is intact, and each row agrees with its manifest.";
    const findings = [...damaged, ...contradicted];
    return { summary: findings.length === 0 ? sound : "The database is damaged.", findings };
  },
};
