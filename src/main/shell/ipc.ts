/** Answers the window's calls, checks their sender, and sends events. */
import { BrowserWindow, dialog, ipcMain, shell, type IpcMainInvokeEvent } from "electron";
import { access } from "node:fs/promises";
import { channels, type ChoiceKind } from "../../contract/api/desktop.ts";
import { EctopyError, reportError } from "../../contract/domain/errors.ts";
import { recordingExtensions } from "../../contract/domain/recording-files.ts";
import type { Reply } from "../../contract/api/messages.ts";
import { answer } from "../api/answer.ts";
import type { Host } from "../api/host.ts";
import { isOurs } from "./security.ts";
import type { AppWindow } from "./window.ts";

const choices: Readonly<Record<ChoiceKind, Electron.OpenDialogOptions>> = {
  folder: { title: "Choose a folder", properties: ["openDirectory"] },
  file: {
    title: "Choose a recording or a ZIP file",
    properties: ["openFile"],
    // Files are recognised by their content, and DICOM files often have no extension.
    filters: [
      { name: "Recordings and ZIP files", extensions: [...recordingExtensions] },
      { name: "All files", extensions: ["*"] },
    ],
  },
  model: {
    title: "Choose a model",
    properties: ["openFile"],
    filters: [{ name: "Keras models", extensions: ["h5", "hdf5", "keras"] }],
  },
};

export function answerWindow(host: Host, window: AppWindow, log: (message: string) => void): void {
  handle(channels.call, (name, args) => answer(host.handlers, name, args, log));
  handle(channels.choose, async (kind) => {
    const browserWindow = BrowserWindow.getAllWindows()[0];
    const options = choices[kind === "file" || kind === "model" ? kind : "folder"];
    const { canceled, filePaths } = await (browserWindow
      ? dialog.showOpenDialog(browserWindow, options)
      : dialog.showOpenDialog(options));
    return { ok: true, value: canceled ? null : (filePaths[0] ?? null) };
  });
  handle(channels.openExport, (job) => openExport(host, job));
  host.events.listen((message) => window.send(channels.event, message));
}

/** Shows an export of this session in the system's file manager. The page names its job, never a path. */
async function openExport({ exporting }: Host, job: unknown): Promise<Reply> {
  const place = typeof job === "number" ? exporting.exportedPlaces.find(job) : undefined;
  try {
    if (place === undefined) throw new Error("This session has no such export.");
    await access(place);
    shell.showItemInFolder(place);
    return { ok: true, value: null };
  } catch (cause) {
    const message = "The exported files are not in their folder any more.";
    return { ok: false, error: reportError(new EctopyError("not-found", message, "Export them again.", { cause })) };
  }
}

/** Answers only the app's page, in its main frame. */
function handle(channel: string, work: (...args: unknown[]) => Promise<Reply>): void {
  ipcMain.handle(channel, (event, ...args: unknown[]): Promise<Reply> | Reply => {
    if (isOurPage(event)) return work(...args);
    return {
      ok: false,
      error: reportError(
        new EctopyError("not-connected", "This page may not call Ectopy.", "Use Ectopy's own window."),
      ),
    };
  });
}

function isOurPage({ senderFrame }: IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOurs(senderFrame.url);
}
