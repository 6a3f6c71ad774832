/**
 * Exports many small runs to a local MLflow server (SQLite), then again unchanged: `ECTOPY_PYTHON=… node
 * bench/mlflow.ts [RUNS]`. Prints one JSON line; fails if any run failed, was duplicated, or was exported again as
 * changed.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { createServices } from "../src/main/services/compose.ts";
import type { RunReport } from "../src/main/services/exports/mlflow/export-runs.ts";
import { openWorkspace } from "../src/main/store/workspace.ts";
import { addFinishedRun, addPreparation } from "../tests/support/finished-runs.ts";
import { startMlflow } from "../tests/support/mlflow-server.ts";

const count = z.coerce.number().int().min(1).default(1000).parse(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), "ectopy-mlflow-"));
const workspace = openWorkspace(join(folder, "workspace"), "write", console.error);
mkdirSync(join(folder, "server"));
const server = await startMlflow(join(folder, "server"), 2);
if (server === null) throw new Error("ECTOPY_PYTHON must name a Python that has MLflow.");
try {
  addPreparation(workspace);
  const runs: number[] = [];
  for (let seed = 1; seed <= count; seed++) runs.push(await addFinishedRun(workspace, { seed }));
  const { exports } = createServices(workspace, console.error);
  const target = { place: server.url, experiment: "Ectopy", credentials: {} };
  const watch = { progress: () => {}, signal: new AbortController().signal };
  const send = async (outcome: RunReport["outcome"]): Promise<number> => {
    const start = performance.now();
    const reports = await exports.mlflow(runs, target, watch);
    const seconds = (performance.now() - start) / 1000;
    if (reports.length !== count || reports.some((report) => report.outcome !== outcome)) {
      throw new Error(`Not every run was ${outcome}.`);
    }
    if (new Set(reports.map(({ place }) => place)).size !== count)
      throw new Error("Two runs have the same run on the server.");
    return Number(seconds.toFixed(1));
  };
  const load = loadavg()[0];
  const first = await send("created");
  console.log(JSON.stringify({ runs: count, first, again: await send("unchanged"), load: [load, loadavg()[0]] }));
} finally {
  workspace.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
