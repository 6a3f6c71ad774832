/** Exports in a real browser: one or several runs, into a folder or to a server, and their errors. */
import type { Locator, Page } from "@playwright/test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openWorkspace } from "../../src/main/store/workspace.ts";
import { noBrowser } from "../support/app.ts";
import { browserSession, waitForNotice } from "../support/browser-session.ts";
import { addFinishedRun, addPreparation } from "../support/finished-runs.ts";

const IN_A_FOLDER = { label: "Write into a folder where Ectopy runs" };

describe.skipIf(noBrowser !== "")(`exports in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession(async (folder) => {
    mkdirSync(join(folder, "exported"));
    const workspace = openWorkspace(join(folder, "workspace"), "write", () => {});
    addPreparation(workspace);
    for (const seed of [1, 2, 3]) await addFinishedRun(workspace, { seed });
    const { settings, createdAt } = workspace.runs.find(1)!;
    const failed = workspace.runs.add({ preparationId: 1, settings, createdAt });
    const reason = { code: "training-failed" as const, message: "It ended.", fix: "Begin again." };
    workspace.runs.end(failed, "failed", reason, createdAt);
    workspace.close();
  });
  const target = join(session.folder, "exported");
  /** Refuses every request, and records its credentials. */
  let server: Server;
  let asked: (string | undefined)[] = [];
  const { visit } = session;
  const dialogOf = async (page: Page, title = "Export run 1"): Promise<Locator> => {
    await page.getByRole("button", { name: "Export…" }).click();
    const dialog = page.getByRole("dialog", { name: title });
    await dialog.waitFor();
    await dialog.getByLabel("Destination", { exact: true }).selectOption(IN_A_FOLDER);
    return dialog;
  };
  const send = (dialog: Locator): Promise<void> => dialog.getByRole("button", { name: "Export", exact: true }).click();

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.writeHead(401).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => {
    asked = [];
  });
  afterAll(() => {
    server.close();
  });

  it("exports the model into a folder that the user browses to, and shows its path", async () => {
    const { page, pageErrors } = await visit("/runs/1");
    const dialog = await dialogOf(page);
    await send(dialog);
    await dialog.getByRole("alert").getByText("Choose a destination folder.").waitFor();
    await dialog.getByRole("button", { name: "Choose…" }).click();
    const folders = page.getByRole("dialog", { name: "Destination folder" });
    await folders.getByLabel("Folder", { exact: true }).fill(session.folder);
    await folders.getByRole("button", { name: "Open folder" }).click();
    await folders.getByRole("button", { name: "exported" }).click();
    await folders.getByText("No folders here.").waitFor();
    await folders.getByRole("button", { name: "Use this folder" }).click();
    await expect.poll(() => dialog.getByLabel("Destination folder").inputValue()).toBe(target);
    expect(await dialog.getByRole("alert").count()).toBe(0);
    await dialog.getByRole("radio", { name: /^Model/ }).check();
    await dialog.getByLabel("Format").selectOption({ label: "Keras (.h5)" });
    await send(dialog);
    await waitForNotice(page, /Run 1 is exported: .*ectopy-run-1-keras.*keras\.models\.load_model/);
    await dialog.waitFor({ state: "detached" });
    expect(readdirSync(join(target, "ectopy-run-1-keras"))).toEqual(expect.arrayContaining(["model.h5", "predict.py"]));
    expect(pageErrors).toEqual([]);
  });

  it("exports the selected runs of the table, and names the run without results", async () => {
    const { page, pageErrors } = await visit("/runs");
    for (const run of [1, 3, 4]) await page.getByRole("checkbox", { name: `Select run ${run}`, exact: true }).check();
    const dialog = await dialogOf(page, "Export 3 runs");
    await dialog.getByText("Run 4 has no results").waitFor();
    const into = join(target, "chosen");
    await dialog.getByLabel("Destination folder").fill(into);
    await dialog.getByRole("radio", { name: /^Model/ }).check();
    await send(dialog);
    await dialog.getByText("This folder does not exist yet. The export creates it.").waitFor();
    await dialog.getByRole("button", { name: "Create folder and export" }).click();
    await waitForNotice(page, /2 runs are exported: .*ectopy-run-1-keras/);
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Export…" }).click();
    await dialog.getByRole("radio", { name: /^Tables/ }).check();
    await send(dialog);
    await waitForNotice(page, /Tables of 3 runs: /);
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Export…" }).click();
    await dialog.getByRole("radio", { name: /^MLflow folder/ }).check();
    await send(dialog);
    await waitForNotice(page, /2 runs are exported: .*mlruns/);
    expect(readdirSync(into).sort()).toEqual([
      "ectopy-run-1-keras",
      "ectopy-run-3-keras",
      "ectopy-runs-1-3-4-csv",
      "mlruns",
    ]);
    const lines = readFileSync(join(into, "ectopy-runs-1-3-4-csv", "runs.csv"), "utf8")
      .trimEnd()
      .split("\n");
    expect(lines).toHaveLength(4);
    expect(pageErrors).toEqual([]);
  });

  it("saves an export on the computer of the browser: one file, or a ZIP file of several", async () => {
    const { page, pageErrors } = await visit("/runs/1");
    const dialog = page.getByRole("dialog", { name: "Export run 1" });
    for (const [kind, name, starts] of [
      [/^Report/, "ectopy-run-1-report.html", "<!doctype html>"],
      [/^Tables/, "ectopy-run-1-csv.zip", "PK"],
    ] as const) {
      await page.getByRole("button", { name: "Export…" }).click();
      await dialog.getByRole("radio", { name: kind }).check();
      expect(await dialog.getByLabel("Destination", { exact: true }).inputValue()).toBe("computer");
      expect(await dialog.getByLabel("Destination folder").count()).toBe(0);
      const [saved] = await Promise.all([page.waitForEvent("download"), send(dialog)]);
      expect(saved.suggestedFilename()).toBe(name);
      expect(readFileSync(await saved.path(), "latin1").startsWith(starts)).toBe(true);
      await dialog.waitFor({ state: "detached" });
    }
    expect(pageErrors).toEqual([]);
  });

  it("exports the report of a comparison from its page", async () => {
    const { page, pageErrors } = await visit("/compare?runs=1,2");
    const dialog = await dialogOf(page, "Export 2 runs");
    await dialog.getByLabel("Destination folder").fill(target);
    await send(dialog);
    await waitForNotice(page, /Report of 2 runs: /);
    const report = readFileSync(join(target, "ectopy-runs-1-2-report", "report.html"), "utf8");
    expect(report).toContain("McNemar");
    expect(pageErrors).toEqual([]);
  });

  it("shows at the folder field that the folder can't be written", async () => {
    const file = join(session.folder, "a file");
    writeFileSync(file, "");
    const { page } = await visit("/runs/1");
    const dialog = await dialogOf(page);
    await dialog.getByLabel("Destination folder").fill(file);
    await send(dialog);
    await dialog.getByRole("alert").waitFor();
    expect(await dialog.getByLabel("Destination folder").getAttribute("aria-invalid")).toBe("true");
    // The error appears once, and not in the list of jobs as well.
    await expect.poll(() => page.getByLabel("Jobs").count()).toBe(0);
  });

  it("exports an MLflow folder", async () => {
    const { page } = await visit("/runs/1");
    const dialog = await dialogOf(page);
    await dialog.getByText("MLflow folder").click();
    await dialog.getByLabel("Destination folder").fill(target);
    await dialog.getByLabel("MLflow experiment name").fill("Beats");
    await send(dialog);
    await waitForNotice(page, /Run 1 is exported: .*mlflow/i);
    expect(existsSync(join(target, "mlruns"))).toBe(true);
  });

  it("shows invalid, unreachable and refusing servers at their fields, and stores no secret", async () => {
    const { page, pageErrors } = await visit("/runs/1");
    const dialog = await dialogOf(page);
    await dialog.getByText("MLflow server").click();
    const address = dialog.getByLabel("Server address");
    await address.fill("localhost");
    await send(dialog);
    await dialog.getByText("This is not a server address.").waitFor();
    await address.fill("http://127.0.0.1:9");
    await send(dialog);
    await dialog.getByRole("alert").getByText("can't be reached").waitFor();
    expect(await address.getAttribute("aria-invalid")).toBe("true");

    await address.fill(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await dialog.getByLabel("Authentication").selectOption({ label: "User and password" });
    await dialog.getByLabel("User", { exact: true }).fill("somebody");
    await dialog.getByLabel("Password", { exact: true }).fill("hush-hush");
    await send(dialog);
    await dialog.getByRole("alert").getByText("does not let you in").waitFor();
    expect(asked).toContain(`Basic ${Buffer.from("somebody:hush-hush").toString("base64")}`);
    // The form keeps its fields, but closing the dialog clears the secrets.
    expect(await dialog.getByLabel("User", { exact: true }).inputValue()).toBe("somebody");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Export…" }).click();
    expect(await dialog.getByLabel("Password", { exact: true }).inputValue()).toBe("");
    const settings = join(session.folder, "settings.json");
    expect(existsSync(settings) ? readFileSync(settings, "utf8") : "").not.toContain("hush-hush");
    expect(pageErrors).toEqual([]);
  });
});
