/** The window: its last position, progress in the taskbar, and a question before it is closed during a training. */
import { app, BrowserWindow, dialog } from "electron";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EventName } from "../../contract/api/method-names.ts";
import type { Host } from "../api/host.ts";
import { PAGE } from "./protocol.ts";
import type { WindowStates } from "./window-state.ts";

export interface AppWindow {
  show(): void;
  send(channel: string, message: unknown): void;
  /** Tells the window that the app is quitting. */
  quitting(): void;
  /** Closes the window without a question from now on. */
  closeUnasked(): void;
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
      // It downloads dictionaries.
      spellcheck: false,
      // Code that a user is tricked into pasting there could do everything that the page can.
      devTools: !app.isPackaged,
    },
  });
  if (state?.maximised === true) window.maximize();
  window.once("ready-to-show", () => window.show());

  let mayClose = false;
  let asking = false;
  const keepState = (): void => states.write({ ...window.getNormalBounds(), maximised: window.isMaximized() });
  window.on("close", (event) => {
    keepState();
    if (mayClose || !isTraining(host)) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    void askToClose(window).then((close) => {
      asking = false;
      if (!close) return;
      mayClose = true;
      window.close();
    });
  });
  const unlisten = host.events.listen(({ event }) => {
    if (progressEvents.has(event) && !window.isDestroyed()) window.setProgressBar(progressOf(host));
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
      // Quitting closes the window, which asks during a training.
      if (!isTraining(host)) mayClose = true;
    },
    closeUnasked: () => {
      mayClose = true;
    },
  };
}

function isTraining({ queue }: Host): boolean {
  return queue.state.current !== null;
}

async function askToClose(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: "question",
    message: "A training is running.",
    detail: "If you close Ectopy, the training is suspended at a checkpoint and can be resumed.",
    buttons: ["Keep training", "Close Ectopy"],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}

const progressEvents: ReadonlySet<EventName> = new Set(["job.changed", "run.changed", "run.progress"]);
/** Values of Electron: below 0 there is no bar, above 1 the bar is indeterminate. */
const NO_BAR = -1;
const INDETERMINATE = 2;

/** Returns the progress of a job, which is short, or else of the training. */
function progressOf({ jobs, queue }: Host): number {
  const [job] = jobs.running;
  if (job) return job.progress && job.progress.total > 0 ? job.progress.done / job.progress.total : INDETERMINATE;
  const { current, progress } = queue.state;
  if (current === null) return NO_BAR;
  return progress ? (progress.epoch - 1 + progress.step / progress.steps) / progress.epochs : INDETERMINATE;
}
