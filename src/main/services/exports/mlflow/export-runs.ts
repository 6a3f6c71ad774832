/** Many runs handed over to MLflow: a few at a time, with progress, stopped at the first failure. */
import { CancelledError, EctopyError } from "../../../../contract/domain/errors.ts";
import type { ExportReport, MlflowTarget } from "../../../../contract/domain/exports.ts";
import type { ReportProgress } from "../../../../contract/domain/jobs.ts";
import { forEachConcurrently } from "../../../base/for-each-concurrently.ts";
import type { Fetch } from "../../../base/network/network.ts";
import { MlflowClient } from "./client.ts";
import { environmentCredentials } from "./credentials.ts";
import { exportToFolder, openExperiment } from "./folder-export.ts";
import type { MlflowRun } from "./mlflow-run.ts";
import { placeOf } from "./place.ts";
import { exportToServer } from "./server-export.ts";
import { findExperiment, findRuns } from "./server-experiment.ts";

/** A run whose content is put together when its turn comes. */
export interface RunToExport {
  run: number;
  identity: string;
  content: () => MlflowRun | Promise<MlflowRun>;
}

export interface ExportWatch {
  progress: ReportProgress;
  signal: AbortSignal;
}

/** What became of a run. */
export type RunReport = { run: number } & ExportReport;

const MAX_PARALLEL_RUNS = 4;

/**
 * @returns in the order of the runs
 * @throws EctopyError, CancelledError; what was handed over by then stays and is found again
 */
export async function exportRuns(
  planned: readonly RunToExport[],
  { place, experiment, credentials }: MlflowTarget,
  watch: ExportWatch,
  fetch?: Fetch,
): Promise<RunReport[]> {
  const target = placeOf(place, credentials, environmentCredentials(process.env));
  if (target.kind === "folder") {
    const opened = await openExperiment(target.folder, experiment);
    return forEach(planned, 1, watch, async ({ content }) => exportToFolder(opened, await content()));
  }
  const failed = new AbortController();
  const client = new MlflowClient(target, AbortSignal.any([watch.signal, failed.signal]), {
    ...(fetch && { fetch }),
  });
  watch.progress({ stage: "Checking the MLflow server", done: 0, total: 0, unit: "runs" });
  const id = await findExperiment(client, experiment);
  const found = await findRuns(
    client,
    id,
    planned.map(({ identity }) => identity),
  );
  return forEach(planned, MAX_PARALLEL_RUNS, watch, async ({ identity, content }) => {
    const run = await content();
    const before = found.get(identity);
    try {
      return await exportToServer(client, id, run, before).catch(async (error: unknown) => {
        if (!(error instanceof EctopyError && error.code === "server-unreachable")) throw error;
        // A short network failure: try once more, from the run's current state.
        const now = (await findRuns(client, id, [identity])).get(identity);
        const report = await exportToServer(client, id, run, now);
        return before === undefined ? { ...report, outcome: "created" as const } : report;
      });
    } catch (error) {
      failed.abort();
      throw error;
    }
  });
}

/** Exports the runs, and reports the first error: later errors are its consequences. */
async function forEach(
  planned: readonly RunToExport[],
  limit: number,
  { progress, signal }: ExportWatch,
  work: (run: RunToExport) => Promise<ExportReport>,
): Promise<RunReport[]> {
  const reports: RunReport[] = [];
  const total = planned.length;
  let done = 0;
  const report = (): void => progress({ stage: "Exporting to MLflow", done, total, unit: "runs" });
  report();
  try {
    await forEachConcurrently(planned, limit, async (run, index) => {
      if (signal.aborted) throw new CancelledError();
      reports[index] = { run: run.run, ...(await work(run)) };
      done++;
      report();
    });
    return reports;
  } catch (error) {
    if (done === 0 || !(error instanceof EctopyError)) throw error;
    throw new EctopyError(error.code, `${error.message} ${done} of ${total} runs are there.`, error.fix, {
      cause: error,
      subject: error.subject,
    });
  }
}
