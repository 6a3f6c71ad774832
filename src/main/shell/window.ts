/** The window: where it stood last, progress in the taskbar, and a question before it is closed during a training. */
import { BrowserWindow, dialog } from "electron";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JobSnapshot } from "../../contract/jobs.ts";
import type { Host } from "../api/host.ts";
import { PAGE } from "./protocol.ts";
import type { WindowStates } from "./window-state.ts";

export interface AppWindow {
  show(): void;
  send(channel: string, message: unknown): void;
  /** The app is about to quit: closing the window no longer asks. */
  quitting(): void;
}

const preload = join(dirname(fileURLToPath(import.meta.url)), "../preload/index.cjs");

export async function openWindow(host: Host, states: WindowStates): Promise<AppWindow> {
  const state = states.read();
  const window = new BrowserWindow({
    ...(state ? { x: state.x, y: state.y, width: state.width, height: state.height } : { width: 1440, height: 900 }),
    minWidth: 1024,
    minHeight: 640,
    show: false,
    title: "Ectopy",
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (state?.maximised === true) window.maximize();
  window.once("ready-to-show", () => window.show());

  let mayClose = false;
  const keepState = (): void => states.write({ ...window.getNormalBounds(), maximised: window.isMaximized() });
  window.on("close", (event) => {
    keepState();
    if (mayClose || trainings(host).length === 0) return;
    event.preventDefault();
    void askToClose(window).then((close) => {
      if (!close) return;
      mayClose = true;
      window.close();
    });
  });
  const unlisten = host.events.listen(({ event }) => {
    if (event === "job.changed") showProgress(window, host.jobs.running);
  });
  window.on("closed", unlisten);
  await window.loadURL(PAGE);

  return {
    show: () => {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    send: (channel, message) => {
      if (!window.isDestroyed()) window.webContents.send(channel, message);
    },
    quitting: () => {
      // Quitting closes the window, which asks where a training runs.
      if (trainings(host).length === 0) mayClose = true;
    },
  };
}

function trainings({ jobs }: Host): JobSnapshot[] {
  return jobs.running.filter(({ kind }) => kind === "train");
}

async function askToClose(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: "question",
    message: "A training is running.",
    detail: "If you close Ectopy, it stops and keeps the best epoch so far.",
    buttons: ["Keep training", "Stop and close"],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}

/** Electron: below 0 no bar, above 1 a bar without an end. */
function showProgress(window: BrowserWindow, running: readonly JobSnapshot[]): void {
  if (window.isDestroyed()) return;
  const progress = running[0]?.progress;
  if (running.length === 0) window.setProgressBar(-1);
  else if (!progress || progress.total === 0) window.setProgressBar(2);
  else window.setProgressBar(progress.done / progress.total);
}
