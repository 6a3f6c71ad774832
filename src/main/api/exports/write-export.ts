/**
 * Writes exports in a separate process, so that the thread that answers pages never draws figures, compresses or waits
 * for a disk. A process can be killed where its disk does not answer; a thread that waits in a system call can't.
 */
import { fileURLToPath } from "node:url";
import { CancelledError, errorFromReport } from "../../../contract/domain/errors.ts";
import type { ExportReport } from "../../../contract/domain/exports.ts";
import { entryPoint } from "../../entry-points.ts";
import type { ExportWatch } from "../../services/exports/mlflow/export-runs.ts";
import { describeEnd, type StartProcess } from "../../workers/processes/start-process.ts";
import { CANCEL, type ExportMessage, type ExportRequest } from "./export-messages.ts";

/** Time in which a cancelled export removes what it has not completed; afterwards its process is killed. */
const CANCEL_LIMIT_MS = 5000;

/**
 * Writes an export.
 * @throws EctopyError, CancelledError: as the services of exports and reports. An incomplete folder that a killed
 * process left is hidden, and removed by the next export into the same folder.
 */
export function writeExport(
  startProcess: StartProcess,
  request: ExportRequest,
  { progress, signal }: ExportWatch,
  cancelLimitMs = CANCEL_LIMIT_MS,
): Promise<ExportReport[]> {
  return new Promise((resolve, reject) => {
    let errorOutput = "";
    let last: ExportMessage | undefined;
    let timer: NodeJS.Timeout | undefined;
    const process = startProcess(
      { program: fileURLToPath(entryPoint("export-process")), environment: {}, ownGroup: true },
      {
        onMessage: (received) => {
          const message = received as ExportMessage;
          if ("progress" in message) progress(message.progress);
          else last = message;
        },
        onErrorOutput: (text) => (errorOutput += text),
        onEnd: (end) => {
          clearTimeout(timer);
          signal.removeEventListener("abort", cancel);
          if (last !== undefined && "reports" in last) resolve(last.reports);
          else if (last !== undefined && "error" in last) reject(withTrace(errorFromReport(last.error), last.trace));
          else if (signal.aborted) reject(new CancelledError());
          else {
            const lastLine = errorOutput.trim().split("\n").at(-1) ?? "";
            reject(new Error(`The process that writes exports ended ${describeEnd(end)}. ${lastLine}`.trim()));
          }
        },
      },
    );
    const cancel = (): void => {
      process.send(CANCEL);
      timer = setTimeout(() => process.kill(), cancelLimitMs);
    };
    signal.addEventListener("abort", cancel);
    process.send(request);
    if (signal.aborted) cancel();
  });
}

function withTrace(error: Error, trace: string | undefined): Error {
  if (trace !== undefined) error.stack = trace;
  return error;
}
