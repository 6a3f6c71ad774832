/**
 * The guided path on recordings of MIT-BIH, by the window alone: import, train, detect, classify, correct, overrule, and the
 * report that says all of it.
 */
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunOverview } from "../../src/contract/domain/runs.ts";
import { beginReview } from "../support/begin-review.ts";
import { noBrowser } from "../support/app.ts";
import { browserSession } from "../support/browser-session.ts";
import { importInspected } from "../support/guided-path.ts";
import { mitdb, NO_MITDB } from "../support/real-data.ts";

const trained = ["106", "119", "203", "208"];
const reported = "207";
const skipped = noBrowser || (mitdb === undefined ? NO_MITDB : "");

describe.skipIf(skipped !== "")(`the guided path on MIT-BIH${skipped && `: ${skipped}`}`, () => {
  const session = browserSession();
  const latest = async (): Promise<RunOverview | undefined> => (await session.client.call("runs.list", {}))[0];

  it("leads from an import to a classified, corrected and reported recording", { timeout: 600_000 }, async () => {
    const folders = { training: trained, clinic: [reported] };
    for (const [name, records] of Object.entries(folders)) {
      mkdirSync(join(session.folder, name));
      for (const record of records) {
        for (const end of ["hea", "dat", "atr"]) {
          cpSync(join(mitdb!, `${record}.${end}`), join(session.folder, name, `${record}.${end}`));
        }
      }
    }
    const { page, pageErrors } = await session.visit("/");
    page.setDefaultTimeout(180_000);
    const address = (path: string): string => `http://127.0.0.1:${session.app.port}${path}`;
    for (const name of Object.keys(folders)) {
      await page.goto(address("/"));
      await page.locator("input[webkitdirectory]").setInputFiles(join(session.folder, name));
      await importInspected(page, name);
      await page.getByText(new RegExp(`^${name}: \\d recording`)).waitFor();
    }

    await page.goto(address("/preparation/1"));
    await page.getByRole("button", { name: "Prepare", exact: true }).click();
    await page.getByRole("button", { name: "Choose a model" }).click();
    await page.getByRole("link", { name: "ANN" }).click();
    await page.getByLabel("Max. epochs").fill("2");
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.waitForURL(/\/training/);
    await expect.poll(async () => (await latest())?.status, { timeout: 180_000 }).toBe("completed");

    await page.goto(address(`/recordings/2/${reported}`));
    await page.getByRole("button", { name: "Detect beats…" }).click();
    const detection = page.getByRole("dialog", { name: "Detect beats" });
    await detection.getByRole("button", { name: "Detect", exact: true }).click();
    await detection.waitFor({ state: "detached" });
    await expect.poll(() => new URL(page.url()).searchParams.get("set")).toBe("detected");

    await page.goto(address("/annotation-sets/2"));
    await page.getByRole("button", { name: "Classify…" }).click();
    const dialog = page.getByRole("dialog", { name: "Classify recordings" });
    await dialog.getByText(/^1 recording will be classified/).waitFor();
    await dialog.getByRole("button", { name: "Classify", exact: true }).click();
    await dialog.getByText(/^1 recording classified, as the annotation set run1\.$/).waitFor();
    await dialog.getByRole("link", { name: reported }).click();
    await page.getByRole("heading", { level: 1, name: `Recording ${reported}` }).waitFor();

    const review = await beginReview(page, "A. Reviewer");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("F");
    await review.getByText("Edits (1)").waitFor();

    await page.getByRole("button", { name: "Report", exact: true }).click();
    await page.getByRole("button", { name: "Overrule Highest heart rate" }).click();
    const overrule = page.getByRole("dialog", { name: "Overrule: Highest heart rate" });
    await overrule.getByLabel("Reason").fill("Ventricular flutter");
    await overrule.getByRole("button", { name: "Overrule", exact: true }).click();
    await page.getByRole("button", { name: /^Restore Highest heart rate/ }).waitFor();
    await page.getByRole("button", { name: "Save report" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "HTML", exact: true }).click(),
    ]);
    const report = readFileSync(await download.path(), "utf8");
    for (const text of ["Overruled extremes", "Ventricular flutter", "A. Reviewer", "Test metrics of the model"]) {
      expect(report).toContain(text);
    }
    expect(report).toContain("not kept apart from training (not inter-patient)");
    expect(pageErrors).toEqual([]);
  });
});
