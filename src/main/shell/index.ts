/** The Electron shell's entry: one instance, one window on the built renderer, the app's services behind it. */
import { app, dialog, Menu, session } from "electron";
import { join } from "node:path";
import { reportError } from "../../contract/domain/errors.ts";
import { createHost, type Host } from "../api/host.ts";
import { beforeCrash, handleCrashes } from "../base/crash.ts";
import { logFolder } from "../base/log.ts";
import { onStopSignals } from "../base/stop-signals.ts";
import { appLogFolder, chosenWorkspace, PreferenceStore } from "../store/preferences.ts";
import { answerWindow } from "./ipc.ts";
import { keychain } from "./keychain.ts";
import { menuTemplate } from "./menu.ts";
import { registerScheme, servePages } from "./protocol.ts";
import { denyEverything } from "./security.ts";
import { startUtilityProcess } from "./utility-process.ts";
import { WindowStates } from "./window-state.ts";
import { openWindow, type AppWindow } from "./window.ts";

handleCrashes({
  logs: appLogFolder(),
  exit: (status) => app.exit(status),
  sayLast: (message) => dialog.showErrorBox("Ectopy had to close", message),
});
registerScheme();
// Before the app is ready, as Electron requires: every page has a sandbox.
app.enableSandbox();
// A second start shows the existing window: one process owns a workspace.
if (app.requestSingleInstanceLock()) void app.whenReady().then(start, fail);
else app.quit();

async function start(): Promise<void> {
  denyEverything();
  servePages();
  let host: Host;
  try {
    host = createHost(chosenWorkspace(), new PreferenceStore(), log, {
      startProcess: startUtilityProcess,
      keychain,
      systemProxy: (address) => session.defaultSession.resolveProxy(address),
    });
  } catch (error) {
    fail(error);
    return;
  }
  beforeCrash({
    logs: logFolder(host.workspace.folder),
    tell: (message) => host.events.emit("notice", { message }),
    close: () => host.close(),
  });
  const window = await openWindow(host, new WindowStates(join(app.getPath("userData"), "window.json")));
  answerWindow(host, window, log);
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(window, process.platform === "darwin")));
  app.on("second-instance", () => window.show());
  app.on("activate", () => window.show());
  closeCleanly(host, window);
}

/** Closes jobs and workspace before the process ends, whatever ends it. */
function closeCleanly(host: Host, window: AppWindow): void {
  let closed = false;
  // No question: the user may be absent. A training is suspended at a checkpoint.
  onStopSignals(() => {
    window.closeUnasked();
    app.quit();
  });
  app.on("before-quit", () => window.quitting());
  app.on("will-quit", (event) => {
    if (closed) return;
    event.preventDefault();
    void host
      .close()
      .catch((error: unknown) => log(String(error)))
      .finally(() => {
        closed = true;
        app.quit();
      });
  });
  app.on("window-all-closed", () => app.quit());
}

/** Reports an error in a dialog of the system, as there is no window. */
function fail(error: unknown): void {
  const { message, fix } = reportError(error);
  log(error instanceof Error ? (error.stack ?? message) : message);
  dialog.showErrorBox("Ectopy could not be started", [message, fix].filter((part) => part !== "").join("\n\n"));
  app.exit(1);
}

function log(message: string): void {
  process.stderr.write(`${message}\n`);
}
