/**
 * The report for support: versions, machine, settings and the last log entries, as text that a user reads before
 * sending it.
 */
import { backendLine, type BackendState } from "../../../contract/domain/training.ts";
import { arch, release } from "node:os";
import type { SupportReport } from "../../../contract/domain/log.ts";
import type { Settings } from "../../../contract/settings/app-settings.ts";
import { formatBytes } from "../../../contract/text/format-bytes.ts";
import { logFolder } from "../../base/log.ts";
import { counted } from "../../../contract/text/format-number.ts";
import { formatEntry, readLog } from "../../base/read-log.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { Workspace } from "../../store/workspace.ts";
import { version } from "../../version.ts";
import { listGpus } from "../hardware/gpu.ts";
import { machineInfo } from "../hardware/machine-info.ts";

/** Enough for the last hours, little enough to be read before it is sent. */
const MAX_ENTRIES = 300;

const HEAD = `Ectopy: report for support
Holds versions, this machine, settings and the last log entries. Holds no signals, annotations, notes, file paths or names of
recordings. Read it before you send it.`;

/** @param backends of this machine (HardwareService) */
export async function writeSupportReport(
  workspace: Workspace,
  settings: Settings,
  backends: BackendState[],
): Promise<SupportReport> {
  const at = timestamp();
  const sections: [title: string, lines: string[]][] = [
    ["Versions", versions()],
    ["Machine", await machine(backends)],
    ["Workspace", contents(workspace)],
    ["Settings", settingLines(settings)],
    [`Log, last ${MAX_ENTRIES} entries`, logLines(workspace.folder)],
  ];
  const text = [`${HEAD}\nMade ${at}`, ...sections.map(([title, lines]) => `${title}\n${lines.join("\n")}`)].join(
    "\n\n",
  );
  return { fileName: `ectopy-support-${at.slice(0, 10)}.txt`, text: `${text}\n` };
}

function versions(): string[] {
  const { node, v8, electron } = process.versions as Record<string, string | undefined>;
  const runtime = electron === undefined ? `Node ${node}` : `Electron ${electron}, Node ${node}`;
  return [`Ectopy ${version}`, `${runtime}, V8 ${v8}`, `${process.platform} ${release()}, ${arch()}`];
}

async function machine(backends: BackendState[]): Promise<string[]> {
  const { processor, cores, memory, freeMemory } = machineInfo(backends);
  const gpus = await listGpus();
  return [
    `${processor}, ${counted(cores, "core")}`,
    `${formatBytes(memory)} memory, ${formatBytes(freeMemory)} free`,
    ...backends.map(backendLine),
    gpus.length === 0 ? "No NVIDIA GPU" : gpus.map(({ name, driver }) => `${name}, driver ${driver}`).join("\n"),
  ];
}

function contents({ datasets, preparations, runs, warnings }: Workspace): string[] {
  return [
    [counted(datasets.list().length, "dataset"), counted(preparations.list().length, "preparation")].join(", "),
    counted(runs.list().length, "run"),
    counted(warnings.length, "warning"),
  ];
}

/** Paths, addresses and names that a user chose are left out: they name people and hospitals. */
function settingLines({
  theme,
  threads,
  logLevel,
  workspace,
  mlflow,
  withoutComments,
  authorityFile,
}: Settings): string[] {
  return [
    `theme: ${theme}`,
    `threads: ${threads}`,
    `log level: ${logLevel}`,
    `workspace: ${workspace === "" ? "default folder" : "chosen folder"}`,
    `MLflow server: ${mlflow.address === "" ? "none" : "set"}`,
    `certificate authority file: ${authorityFile === "" ? "none" : "set"}`,
    `imports leave out comments: ${withoutComments ? "yes" : "no"}`,
  ];
}

function logLines(workspaceFolder: string): string[] {
  const entries = readLog(logFolder(workspaceFolder), { lines: MAX_ENTRIES, level: "debug" });
  return entries.length === 0 ? ["No entries."] : entries.map(formatEntry);
}
