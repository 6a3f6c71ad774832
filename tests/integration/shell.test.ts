/** Runs the built Electron shell against a stand-in for Electron's API (tests/support/electron). */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { methodNames } from "../../src/contract/api/method-names.ts";
import { buildApp } from "../../scripts/build-app.ts";
import { openWorkspace } from "../../src/main/store/workspace.ts";
import { runShell } from "../support/electron/shell-run.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy-shell-"));
let seen: Record<string, unknown>;

beforeAll(async () => {
  const root = join(import.meta.dirname, "../..");
  await buildApp(root);
  seen = await runShell(join(root, "out"), folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the Electron shell", () => {
  it("opens one isolated, sandboxed window on its own scheme", () => {
    expect(seen["window"]).toMatchObject({
      url: "app://ectopy/",
      shown: 1,
      options: {
        webPreferences: {
          contextIsolation: true,
          sandbox: true,
          nodeIntegration: false,
          webviewTag: false,
          devTools: true,
        },
      },
    });
    // Before the first window.
    expect(seen["sandboxed"]).toBe(true);
  });

  it("keeps every other default of Electron for a page", () => {
    const { webPreferences } = (seen["window"] as { options: { webPreferences: object } }).options;
    expect(Object.keys(webPreferences).sort()).toEqual(
      ["contextIsolation", "devTools", "nodeIntegration", "preload", "sandbox", "spellcheck", "webviewTag"].sort(),
    );
  });

  it("gives its scheme no privilege that bypasses the content security policy", () => {
    const privileges = { standard: true, secure: true, supportFetchAPI: true };
    expect(seen["schemes"]).toEqual([{ scheme: "app", privileges }]);
  });

  it("serves the app's pages with a content security policy, and no other files", () => {
    const page = { status: 200, type: "text/html; charset=utf-8" };
    expect(seen["pages"]).toMatchObject({
      index: page,
      screen: page,
      outside: { status: 404 },
      otherHost: { status: 404 },
    });
  });

  it("lets pages load only from the app, and run only its script files", () => {
    const pages = Object.values(seen["pages"] as Record<string, { csp: string }>);
    for (const { csp } of pages) {
      const directives = csp.split("; ").map((directive) => directive.split(" "));
      const policy = Object.fromEntries(directives.map(([name, ...sources]) => [name, sources.join(" ")]));
      expect(policy).toMatchObject({ "default-src": "'none'", "script-src": "'self'", "connect-src": "'self'" });
      expect(policy).toMatchObject({ "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'" });
      const sources = new Set(directives.flatMap(([, ...each]) => each));
      expect(sources).toEqual(new Set(["'none'", "'self'", "'unsafe-inline'", "data:", "blob:"]));
    }
  });

  it("gives the page one function per method, and answers them", () => {
    expect(seen["bridge"]).toEqual({
      methods: methodNames.length,
      own: ["methods", "onEvent", "onMenu", "choose", "openExport", "pathOf"],
    });
    expect(seen["list"]).toEqual({ ok: true, value: [] });
    expect(seen["bad"]).toMatchObject({ ok: false, error: { code: "invalid-settings" } });
    expect(seen["signals"]).toEqual([
      ["Float32Array", 720],
      ["Float32Array", 720],
    ]);
  });

  it("refuses every other sender", () => {
    const refusal = { ok: false, error: { code: "not-connected" } };
    expect(seen["refused"]).toMatchObject([refusal, refusal, refusal]);
    expect(seen["subframe"]).toMatchObject(refusal);
  });

  it("denies new windows, and opens listed https addresses outside", () => {
    expect(seen["newWindows"]).toEqual(["deny", "deny", "deny", "deny"]);
    expect(seen["opened"]).toEqual(["https://physionet.org/content/mitdb/"]);
  });

  it("denies navigation and redirection to other pages, in frames and webviews to any", () => {
    expect(seen["navigation"]).toEqual([false, true, true, true]);
    expect(seen["redirection"]).toEqual([false, true, true, true]);
    expect(seen["frames"]).toEqual([false, true]);
    expect(seen["webviews"]).toBe(true);
  });

  it("denies permissions and devices, except writing to the clipboard from its own page", () => {
    // Camera, reading the clipboard, writing to it; from its own page, and from another.
    const answers = [
      [false, false, true],
      [false, false, false],
    ];
    expect(seen["permissions"]).toEqual(answers);
    expect(seen["permissionChecks"]).toEqual(answers);
    expect(seen["device"]).toBe(false);
  });

  it("has a menu whose entries reach the page", () => {
    expect(seen["menu"]).toContainEqual(["File", expect.arrayContaining(["Import a folder…", "Import a file…"])]);
    expect(seen["commands"]).toEqual([{ go: "/runs" }, { import: "folder" }, { import: "file" }]);
    const shortcuts = Object.fromEntries(seen["shortcuts"] as [string, string][]);
    expect(shortcuts).toMatchObject({
      "Import a folder…": "CmdOrCtrl+O",
      "Import a file…": "CmdOrCtrl+Shift+O",
      "Settings…": "CmdOrCtrl+,",
      Home: "CmdOrCtrl+1",
      Runs: "CmdOrCtrl+6",
    });
    expect(new Set(Object.values(shortcuts)).size).toBe(Object.keys(shortcuts).length);
  });

  it("uses the system's file dialog", () => {
    expect(seen["chosen"]).toBe("/recordings/mitdb");
    expect(seen["notChosen"]).toBeNull();
    const [folders, files] = seen["dialogs"] as { properties: string[]; filters: { extensions: string[] }[] }[];
    expect(folders.properties).toEqual(["openDirectory"]);
    expect(files).toMatchObject({ title: "Choose a recording or a ZIP file", properties: ["openFile"] });
    const offered = files.filters.map(({ extensions }) => extensions);
    expect(offered[0]).toEqual(expect.arrayContaining(["zip", "hea", "edf", "bdf", "ecg", "mat", "xml", "dcm", "csv"]));
    expect(offered[1]).toEqual(["*"]);
  });

  it("knows the path of a dropped file, and comes to the front when it is started again", () => {
    expect(seen["dropped"]).toBe("/recordings/mine");
    expect(seen["shownAgain"]).toBe(1);
  });

  it("stores sign-ins in the system's keychain, and reports a missing keychain", () => {
    expect(seen["kept"]).toEqual({ ok: true, value: null });
    expect(seen["signIns"]).toEqual({
      ok: true,
      value: { canKeep: true, kept: [{ address: "http://127.0.0.1:9/mlflow", user: "anna" }] },
    });
    const stored = readFileSync(join(folder, "settings.json"), "utf8");
    expect(stored).toContain('"user": "anna"');
    expect(stored).not.toContain("s3cret");
    const linux = process.platform === "linux";
    expect(seen["notKept"]).toMatchObject(linux ? { ok: false, error: { code: "unsupported" } } : { ok: true });
    expect(seen["noSignIns"]).toMatchObject({ ok: true, value: { canKeep: !linux } });
  });

  it("trains in utility processes, to the end, and reports a killed one", () => {
    const stdio = ["ignore", "ignore", "pipe"];
    expect(seen["processes"]).toContainEqual(["training-process.js", stdio]);
    expect(seen["trained"]).toMatchObject({ status: "completed" });
    expect(seen["killed"]).toMatchObject({
      status: "failed",
      error: { code: "out-of-memory", message: expect.stringContaining("SIGKILL") as string },
    });
  });

  it("shows an export of this session in its folder, by its job, and no path that a page names", () => {
    expect(seen["openedExports"]).toEqual([true, false, false, false]);
    expect(seen["shownInFolder"]).toEqual([join("exports", "ectopy-run-1-report")]);
  });

  it("writes reports and figures, and knows the licences of its packages", () => {
    expect(seen["exported"]).toEqual(["done", "done"]);
    expect(seen["processes"]).toContainEqual(["export-process.js", ["ignore", "ignore", "pipe"]]);
    expect(seen["licences"]).toEqual([]);
  });

  it("shows progress in the taskbar, and asks before it closes during a training", () => {
    expect(seen["started"]).toBe(3);
    expect(seen["progress"]).toContain("share");
    // One question for both closings, and one for quitting.
    expect(seen["asked"]).toEqual(["A training is running.", "A training is running."]);
    expect(seen["stillThere"]).toBe(1);
    expect(seen["windows"]).toBe(0);
  });

  it("leaves a resumable training, and stores the position of the window", () => {
    const store = openWorkspace(join(folder, "workspace"), "read", () => {});
    expect(store.runs.find(3)).toMatchObject({ status: "paused" });
    expect(store.checkpoints.ofRun(3).length).toBeGreaterThan(0);
    expect(store.jobs.ended().map(({ kind, state }) => [kind, state])).toEqual([
      ["export", "done"],
      ["export", "done"],
      ["prepare", "done"],
      ["sample", "done"],
    ]);
    store.close();
    expect(JSON.parse(readFileSync(join(folder, "window.json"), "utf8"))).toEqual({
      x: 40,
      y: 30,
      width: 1300,
      height: 800,
      maximised: false,
    });
    expect(seen["errors"]).toEqual([]);
  });
});
