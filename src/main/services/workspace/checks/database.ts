/** Checks the database: every page, index, constraint and reference, and its rows against the manifests of their folders. */
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
      fix: "Restart Ectopy: it restores the newest good backup and registers what was stored since.",
    }));
    const contradicted = verifier
      .items()
      .filter(({ kind, id }) => !workspace.agreesWithManifest(kind, id))
      .map(({ kind, id }): RepairableFinding => ({
        severity: "problem",
        message: `What the database says of ${nounOf[kind].toLowerCase()} ${id} is not what was stored.`,
        fix: "Close Ectopy, rename ectopy.sqlite and restart: the newest backup takes its place, or else the manifests of the folders.",
      }));
    const sound = "Every page, index and reference is sound, and each row is as it was stored.";
    const findings = [...damaged, ...contradicted];
    return { summary: findings.length === 0 ? sound : "The database is damaged.", findings };
  },
};
