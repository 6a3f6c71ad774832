/**
 * Process that writes one export. It reads the workspace, which the app owns, and ends where the export is complete.
 */
import { reportError } from "../../../contract/domain/errors.ts";
import type { ExportReport } from "../../../contract/domain/exports.ts";
import { openParentChannel } from "../../../engine/processes/parent-channel.ts";
import { endOnUncaught } from "../../../engine/processes/uncaught.ts";
import { Network } from "../../base/network/network.ts";
import { openServices, type Services } from "../../services/compose.ts";
import type { ExportWatch } from "../../services/exports/mlflow/export-runs.ts";
import { checkPath } from "../../workers/named-paths.ts";
import type { FolderCheck } from "../../workers/user-files.ts";
import {
  CANCEL,
  type ExportCommand,
  type ExportMessage,
  type ExportRequest,
  type ExportWork,
} from "./export-messages.ts";

endOnUncaught();
const channel = openParentChannel();
const abort = new AbortController();
channel.listen((message) => {
  const command = message as ExportCommand;
  if (command === CANCEL) abort.abort();
  else void answer(command);
});

async function answer(request: ExportRequest): Promise<void> {
  const watch: ExportWatch = {
    progress: (progress) => void channel.send({ progress } satisfies ExportMessage),
    signal: abort.signal,
  };
  const last = await write(request, watch).then(
    (reports): ExportMessage => ({ reports }),
    (error: unknown): ExportMessage => ({
      error: reportError(error),
      trace: error instanceof Error ? error.stack : undefined,
    }),
  );
  await channel.send(last);
  process.exit(0);
}

/**
 * The app has checked the folder; this process may wait for it, and is killed where it does not answer. Electron's utility
 * processes can't start other processes.
 */
const folders: FolderCheck = {
  check: (path, purpose) => Promise.try(() => checkPath(path, purpose)),
};

async function write({ workspace, work, network: choice }: ExportRequest, watch: ExportWatch): Promise<ExportReport[]> {
  const services = openServices(workspace, { mode: "read", warn: () => {}, folders, network: Network.of(choice) });
  try {
    return await writeWith(services, work, watch);
  } finally {
    await services.close();
  }
}

async function writeWith(services: Services, work: ExportWork, watch: ExportWatch): Promise<ExportReport[]> {
  const { exports, reports } = services;
  switch (work.kind) {
    case "model":
      return exports.models(work.runs, work.format, work.folder, watch);
    case "mlflow":
      return exports.mlflow(work.runs, work.target, watch);
    case "report":
      return [await reports.report(work.runs, work.folder, { pdf: work.pdf }, watch)];
    case "figures":
      return [await reports.figures(work.runs, work.folder, { width: work.width, dpi: work.dpi }, watch)];
    case "csv":
      return [await reports.csv(work.runs, work.folder, watch)];
    case "recording-report": {
      const { dataset, record, set, settings, formats, notes, institution } = work;
      const report = { dataset, record, set, settings, formats, notes, institution };
      return [await services.recordingReports.export(report, work.folder, watch)];
    }
  }
}
