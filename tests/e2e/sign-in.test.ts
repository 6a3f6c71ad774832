/**
 * A sign-in in the keychain: saved at one export, used at the next, and forgotten. This test takes the shell's role.
 */
import type { Browser, Locator, Page } from "@playwright/test";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildApp } from "../../scripts/build-app.ts";
import { createHost, type Host } from "../../src/main/api/host.ts";
import { rendererFolder } from "../../src/main/entry-points.ts";
import { serve, type Serving } from "../../src/main/server/serve.ts";
import { SessionStore } from "../../src/main/server/sessions.ts";
import { PreferenceStore } from "../../src/main/store/preferences.ts";
import { launchBrowser, noBrowser, openPage, temporaryApp, type WatchedPage } from "../support/app.ts";
import { accessibilityFaults } from "../support/browser-session.ts";
import { addFinishedRun, addPreparation } from "../support/finished-runs.ts";
import { startStub, type MlflowStub } from "../support/mlflow-stub.ts";

describe.skipIf(noBrowser !== "")(`a saved sign-in${noBrowser && `: ${noBrowser}`}`, () => {
  const { folder, remove } = temporaryApp();
  const settings = join(folder, "settings.json");
  let host: Host;
  let serving: Serving;
  let server: MlflowStub;
  let browser: Browser;
  let visited: WatchedPage;

  beforeAll(async () => {
    await buildApp(join(import.meta.dirname, "../.."));
    mkdirSync(folder, { recursive: true });
    const keychain = {
      isOpen: () => Promise.resolve(true),
      encrypt: (text: string) => Promise.resolve(Buffer.from(text).reverse()),
      decrypt: (bytes: Uint8Array) => Promise.resolve(Buffer.from(bytes).reverse().toString()),
    };
    host = createHost(join(folder, "workspace"), new PreferenceStore(settings), () => {}, { keychain });
    addPreparation(host.workspace);
    await addFinishedRun(host.workspace);
    const sessions = new SessionStore(join(folder, "sessions.json"));
    const pages = rendererFolder();
    serving = await serve({ host, address: "127.0.0.1", port: 0, sessions, pages, log: () => {} });
    server = await startStub();
    browser = await launchBrowser();
    visited = await openPage(browser, { address: () => Promise.resolve(serving.url) });
    await visited.page.goto(new URL("/runs/1", serving.url).href);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await serving.close();
    await host.close();
    remove();
  });

  const openDialog = async (page: Page): Promise<Locator> => {
    await page.getByRole("button", { name: "Export…" }).click();
    const dialog = page.getByRole("dialog", { name: "Export run 1" });
    await dialog.getByText("MLflow server").click();
    return dialog;
  };
  const send = async (dialog: Locator): Promise<void> => {
    await dialog.getByRole("button", { name: "Export", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
  };
  const anna = `Basic ${Buffer.from("anna:hush-hush").toString("base64")}`;

  it("is saved on request, once the server has accepted it", async () => {
    const dialog = await openDialog(visited.page);
    await dialog.getByLabel("Server address").fill(server.url);
    await dialog.getByLabel("Authentication").selectOption({ label: "User and password" });
    await dialog.getByLabel("User", { exact: true }).fill("anna");
    await dialog.getByLabel("Password", { exact: true }).fill("hush-hush");
    await dialog.getByText("Used for this export only, and not saved.").waitFor();
    await dialog.getByLabel("Remember on this computer").check();
    await dialog.getByText("Saved in this computer's keychain once the server accepts it.").waitFor();
    expect(await accessibilityFaults(visited.page)).toEqual([]);
    await send(dialog);
    await expect.poll(() => readFileSync(settings, "utf8")).toContain('"user": "anna"');
    expect(readFileSync(settings, "utf8")).not.toContain("hush-hush");
    expect([...server.authorizations]).toEqual([anna]);
  });

  it("is used at the next export without typing", async () => {
    server.authorizations.clear();
    const dialog = await openDialog(visited.page);
    await expect
      .poll(() => dialog.getByLabel("Authentication").locator(":checked").textContent())
      .toContain("Saved user anna");
    await dialog.getByText("From this computer's keychain.").waitFor();
    expect(await accessibilityFaults(visited.page)).toEqual([]);
    await send(dialog);
    expect([...server.authorizations]).toEqual([anna]);
  });

  it("applies to its server alone, and can be forgotten", async () => {
    const dialog = await openDialog(visited.page);
    const address = dialog.getByLabel("Server address");
    const forget = dialog.getByRole("button", { name: "Forget" });
    await forget.waitFor();
    await address.fill("http://127.0.0.1:9");
    await forget.waitFor({ state: "detached" });
    await address.fill(server.url);
    await forget.click();
    await forget.waitFor({ state: "detached" });
    expect(readFileSync(settings, "utf8")).not.toContain("anna");
    expect(visited.pageErrors).toEqual([]);
  });
});
