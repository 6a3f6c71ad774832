/** Workspace health and the bin in a real browser: checks, repairs, restoring, deleting, and preparing again. */
import type { Page } from "@playwright/test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultTraining } from "../../src/contract/settings/defaults.ts";
import { noBrowser } from "../support/app.ts";
import { accessibilityFaults, browserSession, expectAccessible } from "../support/browser-session.ts";
import { prepareSmallSample } from "../support/small-preparation.ts";

describe.skipIf(noBrowser !== "")(`workspace health and the bin in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession(prepareSmallSample);
  const { visit } = session;
  const file = (...path: string[]): string => join(session.folder, "workspace", ...path);
  const flipByte = (...path: string[]): void => {
    const bytes = readFileSync(file(...path));
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(file(...path), bytes);
  };
  const health = (page: Page) => page.getByRole("region", { name: "Workspace health" });
  const bin = (page: Page) => page.getByRole("region", { name: "Bin" });
  const check = (page: Page, title: string) =>
    health(page)
      .getByRole("list", { name: "Checks" })
      .locator("> li")
      .filter({ has: page.getByRole("heading", { name: title, exact: true }) });
  const train = async (): Promise<number> => {
    const settings = { ...defaultTraining("ann"), epochs: 1, stepsPerEpoch: 5 };
    return (await session.client.call("training.start", { preparation: 1, settings })).run;
  };
  /** Expects no horizontal scrolling at common window sizes; the last is 1280×720 at 200 %. */
  const expectNoSidewaysScroll = async (page: Page): Promise<void> => {
    for (const [width, height] of [
      [1280, 720],
      [1024, 640],
      [640, 360],
    ]) {
      await page.setViewportSize({ width, height });
      expect(
        await page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
      ).toBe(0);
      expect(await page.evaluate<number>("(m => m.scrollWidth - m.clientWidth)(document.querySelector('main'))")).toBe(
        0,
      );
    }
  };

  it("refuses a certificate authority file without certificates, beside its field", async () => {
    const { page, pageErrors } = await visit("/settings");
    const text = join(session.folder, "authority.pem");
    writeFileSync(text, "no certificate");
    const network = page.getByRole("region", { name: "Network" });
    await network.getByLabel("Certificate authority file").fill(text);
    await network.getByRole("button", { name: "Save" }).click();
    await network.getByText(/holds no certificate in PEM format/).waitFor();
    expect((await session.client.call("settings.get", {})).authorityFile).toBe("");
    expect(pageErrors).toEqual([]);
  });

  it("checks the workspace, lists what a repair changes, and repairs, in every tab", async () => {
    writeFileSync(file("ectopy.sqlite.partial"), "");
    const { page, pageErrors } = await visit("/settings");
    const { page: other } = await visit("/settings");
    await health(page).getByText("Not checked since Ectopy started.").waitFor();
    await expectNoSidewaysScroll(page);
    await health(page).getByRole("button", { name: "Check workspace" }).click();
    await check(page, "Leftovers").getByText("Recommendation").waitFor();
    await check(page, "Database").getByText("OK", { exact: true }).waitFor();
    // Files that were not compared with their hashes have no verdict.
    await check(page, "Stored files").getByText("Not checked", { exact: true }).waitFor();
    await check(other, "Leftovers").getByText("Recommendation").waitFor();

    await health(page).getByRole("button", { name: "Repair…" }).click();
    const dialog = page.getByRole("dialog", { name: "Repair workspace" });
    await dialog.getByText(/ectopy\.sqlite\.partial was left by an interrupted process\.$/).waitFor();
    await dialog.getByText("The repair deletes it.").waitFor();
    await dialog.getByRole("button", { name: "Repair" }).click();
    await check(page, "Leftovers").getByText("OK", { exact: true }).waitFor();
    await check(other, "Leftovers").getByText("OK", { exact: true }).waitFor();
    expect(await health(page).getByRole("button", { name: "Repair…" }).count()).toBe(0);
    expect(pageErrors).toEqual([]);
  });

  it("fails a training whose preparation is damaged, offers to prepare it again, and then trains", async () => {
    flipByte("preparations", "1", "train.u32");
    const run = await train();
    const { page, pageErrors } = await visit(`/training/${run}`);
    const failed = page.getByRole("main").getByRole("alert");
    await failed.getByText(/The files of the preparation in .* have changed since they were stored\./).waitFor();
    const { page: result } = await visit(`/runs/${run}`);
    await result.getByRole("main").getByRole("alert").getByRole("button", { name: "Prepare again" }).waitFor();
    await failed.getByRole("button", { name: "Prepare again" }).click();
    await page.getByText("Preparation 1 was prepared again.", { exact: true }).waitFor();
    await expect.poll(() => result.getByRole("button", { name: "Prepare again" }).count()).toBe(0);
    await result.getByText("Preparation 1 was prepared again. Resume the run.").waitFor();
    await page.getByRole("button", { name: "Resume", exact: true }).click();
    await page.getByRole("link", { name: "View results" }).waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("finds a damaged preparation by its hashes, and offers to prepare it again on its page", async () => {
    flipByte("preparations", "1", "test.u32");
    const { page, pageErrors } = await visit("/settings");
    await health(page).getByRole("checkbox", { name: "Compare every file with its hash" }).check();
    await health(page).getByRole("button", { name: "Check workspace" }).click();
    const files = check(page, "Stored files");
    await files.getByText("Problem", { exact: true }).waitFor();
    await files.getByText("Preparation 1 is damaged: test.u32.").waitFor();
    await health(page)
      .getByText(/^Checked .*: \d+ problems?\b/)
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await expectNoSidewaysScroll(page);
    const { page: preparation } = await visit("/preparation/set/1");
    const note = preparation.getByRole("main").getByRole("alert");
    await note.getByText("Preparation 1 is damaged: test.u32.").waitFor();
    await note.getByRole("button", { name: "Prepare again" }).click();
    await expect.poll(() => note.count()).toBe(0);
    // The problem disappears everywhere.
    await files.getByText("OK", { exact: true }).waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("shows the log by level, and the report for support before it is saved", async () => {
    const { page, pageErrors } = await visit("/settings");
    const log = page.getByRole("region", { name: "Log" });
    await log.getByRole("button", { name: "Show log" }).click();
    await log.getByRole("listitem").filter({ hasText: "Opened by Ectopy" }).first().waitFor();
    await log.getByText("Error", { exact: true }).click();
    await log.getByText("No entries at this level.").waitFor();
    await log.getByText("Info", { exact: true }).click();
    await log.getByRole("listitem").filter({ hasText: "Job 1" }).first().waitFor();
    await log.getByRole("button", { name: "Save a report for support…" }).click();
    const dialog = page.getByRole("dialog", { name: "Report for support" });
    await dialog.getByText(/Holds no signals/).waitFor();
    expect(await dialog.locator("pre").textContent()).not.toContain(session.folder);
    expect(await accessibilityFaults(page)).toEqual([]);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      dialog.getByRole("button", { name: "Save" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^ectopy-support-.*\.txt$/);
    await expectNoSidewaysScroll(page);
    expect(pageErrors).toEqual([]);
  });

  it("restores and deletes removed items, in every tab", async () => {
    await expect.poll(async () => (await session.client.call("training.queue", {})).current).toBe(null);
    const run = await train();
    await expect.poll(async () => (await session.client.call("runs.overview", { run }))?.status).toBe("completed");
    const { page, pageErrors } = await visit("/settings");
    const { page: other } = await visit("/settings");
    await bin(page).getByText("The bin is empty.").waitFor();
    await bin(page).getByText("Removed items are deleted after 30 days, or when the disk is full.").waitFor();
    await session.client.call("runs.remove", { run });

    const item = bin(page).getByRole("row", { name: new RegExp(`^Run ${run}: ANN`) });
    await item.getByRole("cell", { name: /^[\d.]+ [kM]B$/ }).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await bin(other)
      .getByRole("button", { name: new RegExp(`^Restore Run ${run}: ANN`) })
      .click();
    await other.getByText(`Run ${run}: ANN was restored.`).waitFor();
    await bin(page).getByText("The bin is empty.").waitFor();
    expect((await session.client.call("runs.overview", { run }))?.id).toBe(run);

    await session.client.call("runs.remove", { run });
    await bin(page).getByRole("button", { name: "Empty bin…" }).click();
    const dialog = page.getByRole("dialog", { name: "Empty bin" });
    await dialog.getByText(`Run ${run}: ANN`).waitFor();
    await dialog.getByText(/1 item will be deleted, and [\d.]+ [kM]B become free\. This can't be undone\./).waitFor();
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await item.waitFor();
    await bin(page).getByRole("button", { name: "Empty bin…" }).click();
    await dialog.getByRole("button", { name: "Delete permanently" }).click();
    await bin(page).getByText("The bin is empty.").waitFor();
    await bin(other).getByText("The bin is empty.").waitFor();
    await expect(session.client.call("runs.get", { run })).rejects.toThrow(/There is no run/);
    expect(pageErrors).toEqual([]);
  });
});
