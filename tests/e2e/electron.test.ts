/**
 * The app in Electron's window, if its binary and a display exist: the same path as in a browser, and features of the
 * window.
 */
import { _electron, type ElectronApplication, type Page } from "@playwright/test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildApp } from "../../scripts/build-app.ts";
import { electronBinary } from "../../scripts/setup/electron.mjs";
import type { RunOverview } from "../../src/contract/domain/runs.ts";
import { hasDisplay } from "../../src/main/base/display.mjs";
import { temporaryApp } from "../support/app.ts";
import { trainOnSample } from "../support/guided-path.ts";

const root = join(import.meta.dirname, "../..");
const binary = electronBinary(root);
const noWindow =
  binary === undefined
    ? "Electron's binary is not here (npm run dist downloads it)"
    : hasDisplay()
      ? ""
      : "there is no display";

describe.skipIf(noWindow !== "")(`the app in Electron${noWindow && `: ${noWindow}`}`, () => {
  const { folder, remove } = temporaryApp();
  let app: ElectronApplication;
  let page: Page;
  const pageErrors: string[] = [];

  beforeAll(async () => {
    await buildApp(root);
    app = await _electron.launch({
      executablePath: binary!,
      // Containers run as root, which Chromium's sandbox refuses.
      args: [
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        `--user-data-dir=${join(folder, "electron")}`,
        root,
      ],
      env: {
        ...(process.env as Record<string, string>),
        ECTOPY_WORKSPACE: join(folder, "workspace"),
        ECTOPY_SETTINGS: join(folder, "settings.json"),
      },
    });
    page = await app.firstWindow();
    // The tests wait for work, on a machine that may be busy.
    page.setDefaultTimeout(180_000);
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) pageErrors.push(message.text());
    });
    page.on("pageerror", (error) => pageErrors.push(error.message));
  });
  afterAll(async () => {
    await app.close();
    remove();
  });

  /** Calls the app as its page does. */
  const latest = async (): Promise<RunOverview | undefined> => {
    const reply = await page.evaluate<{ value: RunOverview[] }>("window.ectopy.methods['runs.list']({})");
    return reply.value[0];
  };

  it("leads from the sample to a trained ANN", { timeout: 300_000 }, async () => {
    expect(page.url()).toBe("app://ectopy/");
    await trainOnSample(page);
    await expect.poll(async () => (await latest())?.status, { timeout: 180_000 }).toBe("completed");
    expect(await latest()).toMatchObject({ settings: { network: "ann" }, dataset: { synthetic: true } });
    expect(pageErrors).toEqual([]);
  });

  it("opens the screens of its menu", async () => {
    await app.evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()!.items.flatMap(({ submenu }) => submenu?.items ?? []);
      // Electron's type says only that it is a function.
      (items.find(({ label }) => label === "Runs")!.click as () => void)();
    });
    await page.waitForURL("app://ectopy/runs");
    await page.getByText("ANN").first().waitFor();
  });

  it("restores the position of its window", async () => {
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].close());
    await expect.poll(() => existsSync(join(folder, "electron", "window.json"))).toBe(true);
  });
});
