/**
 * Runs the built shell against the stand-in, from the first window to the end of the process. Prints what it observed
 * as JSON, which the test checks. Its argument is the output folder of electron-vite.
 */
import "./register.ts";
import { createRequire } from "node:module";
import { basename, join, relative } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { DesktopBridge } from "../../../src/contract/api/desktop.ts";
import type { AppInfo, MachineInfo } from "../../../src/contract/domain/machine.ts";
import type { MethodName } from "../../../src/contract/api/method-names.ts";
import {
  app,
  BrowserWindow,
  dialog,
  event,
  ipcMain,
  Menu,
  page,
  protocol,
  safeStorage,
  session,
  shell,
  utilityProcess,
} from "./stand-in.ts";

const [, , out] = process.argv;
const observed: Record<string, unknown> = {};

await import(join(out, "main/index.js"));
await until(() => Menu.template.length > 0);
const [window] = BrowserWindow.all;
createRequire(import.meta.url)(join(out, "preload/index.cjs"));
const bridge = page.world["ectopy"] as DesktopBridge;
const events: string[] = [];
bridge.onEvent(({ event: name }) => events.push(name));
const relay = setInterval(() => {
  for (const { channel, message } of window.webContents.sent.splice(0)) page.listeners.emit(channel, {}, message);
}, 5);

observed.window = { url: window.url, shown: window.shown, options: window.options };
observed.sandboxed = app.sandboxed;
observed.schemes = protocol.schemes;

const get = async (url: string): Promise<unknown> => {
  const response = await protocol.handlers.get("app")!(new Request(url));
  const csp = response.headers.get("content-security-policy");
  return { status: response.status, type: response.headers.get("content-type"), csp };
};
observed.pages = {
  index: await get("app://ectopy/"),
  screen: await get("app://ectopy/runs/1"),
  outside: await get("app://ectopy/..%2f..%2fpackage.json"),
  otherHost: await get("app://elsewhere/"),
};

observed.bridge = { methods: Object.keys(bridge.methods).length, own: Object.keys(bridge) };
observed.list = await bridge.methods["datasets.list"]({});
observed.bad = await bridge.methods["datasets.get"]({ dataset: "1" });
for (const url of ["https://evil.example/", "app://ectopy.evil/", "file:///etc/passwd"]) {
  page.url = url;
  (observed.refused ??= []) as unknown[];
  (observed.refused as unknown[]).push(await bridge.methods["datasets.list"]({}));
}
page.url = "app://ectopy/";
const frame = { senderFrame: { url: "app://ectopy/", parent: {} } };
observed.subframe = await ipcMain.handlers.get("ectopy:call")!(frame, "datasets.list", {});

const opened = (url: string) => window.webContents.windowOpenHandler({ url }).action;
observed.newWindows = [
  "https://physionet.org/content/mitdb/",
  "https://evil.example/",
  "http://physionet.org/",
  "file:///x",
].map(opened);
observed.opened = [...shell.opened];
const prevented = (name: string, url: string, details = {}): boolean => {
  const happening = { ...event(), url, ...details };
  window.webContents.emit(name, happening);
  return happening.defaultPrevented;
};
const addresses = ["app://ectopy/runs", "https://evil.example/", "file:///etc/passwd", "app://ectopy.evil/"];
observed.navigation = addresses.map((url) => prevented("will-navigate", url));
observed.redirection = addresses.map((url) => prevented("will-redirect", url));
observed.frames = [true, false].map((isMainFrame) =>
  prevented("will-frame-navigate", "app://ectopy/", { isMainFrame }),
);
observed.webviews = prevented("will-attach-webview", "app://ectopy/");
const { permissionRequest, permissionCheck, devicePermission } = session.defaultSession;
const permissions = ["media", "clipboard-read", "clipboard-sanitized-write"];
const origins = ["app://ectopy/", "https://evil.example/"];
observed.permissions = origins.map((requestingUrl) =>
  permissions.map((permission) => {
    let granted: boolean | undefined;
    permissionRequest!(null, permission, (yes) => (granted = yes), { requestingUrl });
    return granted;
  }),
);
observed.permissionChecks = origins.map((origin) =>
  permissions.map((permission) => permissionCheck!(null, permission, origin)),
);
observed.device = devicePermission!();

observed.menu = Menu.template.map(({ label, role, submenu }) => [
  label ?? role,
  submenu?.map((item) => item.label ?? item.role),
]);
observed.shortcuts = Menu.template.flatMap(({ submenu }) =>
  (submenu ?? []).flatMap(({ label, accelerator }) => (accelerator === undefined ? [] : [[label, accelerator]])),
);
const commands: unknown[] = [];
bridge.onMenu((command) => commands.push(command));
for (const label of ["Runs", "Import a folder…", "Import a file…"]) {
  Menu.template.flatMap(({ submenu }) => submenu ?? []).find((item) => item.label === label)!.click!();
}
await until(() => commands.length === 3);
observed.commands = commands;
dialog.chosen = ["/recordings/mitdb"];
observed.chosen = await bridge.choose("folder");
dialog.chosen = [];
observed.notChosen = await bridge.choose("file");
observed.dialogs = dialog.opened;
observed.dropped = bridge.pathOf({});
const shownBefore = window.shown;
app.emit("second-instance");
observed.shownAgain = window.shown - shownBefore;

// The keychain stores a sign-in for its server, lists it without its secret, and uses it. Without a real keychain,
// nothing is stored.
const server = { address: "http://127.0.0.1:9/mlflow" };
const credentials = { user: "anna", password: "s3cret" };
observed.kept = await bridge.methods["exports.keepSignIn"]({ ...server, credentials });
observed.signIns = await bridge.methods["exports.signIns"]({});
safeStorage.backend = "basic_text";
observed.notKept = await bridge.methods["exports.keepSignIn"]({ ...server, credentials });
observed.noSignIns = await bridge.methods["exports.signIns"]({});

// A sample is prepared and trained: the taskbar shows the progress, and closing asks first.
type Job = { id: number; state: string; subject: number };
const end = async (name: MethodName, args: unknown): Promise<Job> => {
  const reply = await bridge.methods[name](args);
  if (!reply.ok) throw new Error(reply.error.message);
  const { job } = reply.value as { job: { id: number } };
  for (;;) {
    const list = await bridge.methods["jobs.list"]({});
    const now = list.ok ? (list.value as Job[]).find(({ id }) => id === job.id) : undefined;
    if (now && now.state !== "running") return now;
    await wait(50);
  }
};
const ended = async (name: MethodName, args: unknown): Promise<number> => (await end(name, args)).subject;
const { defaultPreparation, defaultTraining } = await import("../../../src/contract/settings/defaults.ts");
const dataset = await ended("datasets.makeSample", {});
const [record] = (
  (await bridge.methods["datasets.get"]({ dataset })) as unknown as { value: { records: { name: string }[] } }
).value.records;
const signal = (await bridge.methods["recordings.signal"]({
  dataset,
  record: record.name,
  from: 0,
  to: 720,
})) as unknown as {
  value: { signals: Float32Array[] };
};
observed.signals = signal.value.signals.map((lead) => [lead.constructor.name, lead.length]);
const preparation = await ended("preparations.prepare", { dataset, settings: defaultPreparation("intra-patient") });
const train = async (epochs: number): Promise<unknown> => {
  const settings = { ...defaultTraining("ann"), epochs };
  const reply = await bridge.methods["training.start"]({ preparation, settings });
  return reply.ok ? (reply.value as { run: number }).run : reply.error;
};
const runNow = async (run: unknown): Promise<{ status: string; error?: { message: string } }> => {
  const reply = await bridge.methods["runs.get"]({ run });
  if (!reply.ok) throw new Error(reply.error.message);
  return (reply.value as { run: { status: string } }).run;
};
const settled = async (run: unknown): Promise<unknown> => {
  for (;;) {
    const now = await runNow(run);
    if (!["queued", "running"].includes(now.status)) return now;
    await wait(50);
  }
};

// Three trainings: one completes, the process of one is killed, and one still runs when the window is closed.
const finished = await train(2);
observed.trained = await settled(finished);
const handedOn = { runs: [finished], folder: join(app.getPath(), "exports") };
const report = await end("exports.report", { ...handedOn, pdf: true });
observed.exported = [report.state, (await end("exports.figures", handedOn)).state];
const openings = [report.id, 9999, join(app.getPath(), "exports"), "../.."] as number[];
observed.openedExports = await Promise.all(openings.map(async (job) => (await bridge.openExport(job)).ok));
observed.shownInFolder = shell.shownInFolder.map((path) => relative(app.getPath(), path));
const about = await bridge.methods["app.info"]({});
const { packages } = (about as unknown as { value: AppInfo }).value;
observed.licences = packages.filter(({ licence }) => licence === "unknown").map(({ name }) => name);
const machine = await bridge.methods["machine.info"]({});
observed.backends = (machine as unknown as { value: MachineInfo }).value.backends;
const killed = await train(10_000);
events.length = 0;
await until(() => events.includes("run.epoch"));
process.kill(utilityProcess.started.at(-1)!.process.pid!, "SIGKILL");
observed.killed = await settled(killed);
events.length = 0;
observed.started = await train(10_000);
await until(() => events.includes("run.epoch"));
observed.processes = utilityProcess.started.map(({ program, options }) => [basename(program), options.stdio]);
observed.progress = [
  ...new Set(window.progress.map((value) => (value < 0 ? "none" : value > 1 ? "endless" : "share"))),
].sort();
// The window is closed twice before the question is answered, then the app quits.
window.close();
window.close();
await wait(50);
app.quit();
await wait(50);
observed.asked = dialog.asked.map(({ message }) => message);
observed.stillThere = BrowserWindow.all.length;
dialog.response = 1;
const quit = new Promise((resolve) => app.once("quit", resolve));
window.close();
await quit;
observed.windows = BrowserWindow.all.length;
observed.errors = dialog.errors;
clearInterval(relay);
process.stdout.write(JSON.stringify(observed));
process.exit(0);

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 2400; i++) {
    if (condition()) return;
    await wait(25);
  }
  throw new Error(`It took too long: ${condition.toString()}`);
}
