/** The app in a real browser: sign-in, the frame around the screens, imports, and a lost connection. */
import type { Page } from "@playwright/test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importInspected } from "../support/guided-path.ts";
import { screenList } from "../../src/contract/api/screens.ts";
import { noBrowser } from "../support/app.ts";
import { browserSession, expectAccessible } from "../support/browser-session.ts";
import { expectSoundLayout } from "../support/expect-sound-layout.ts";
import { sampleFiles, writeSampleRecords } from "../support/sample-records.ts";
import { zipOf } from "../support/zip.ts";

/** Where files are chosen. */
const fileInput = "input[type='file']:not([webkitdirectory])";

describe.skipIf(noBrowser !== "")(`the app in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession();

  it("admits by the printed address alone, and removes the token from it", async () => {
    const { page, pageErrors } = await session.visitByAddress();
    expect(page.url()).toBe(`http://127.0.0.1:${session.app.port}/`);
    expect(await page.evaluate("document.cookie")).toBe("");
    expect(pageErrors).toEqual([]);
    const stranger = await session.browser.newContext();
    const other = await stranger.newPage();
    expect((await other.goto(`http://127.0.0.1:${session.app.port}/`))?.status()).toBe(401);
    await stranger.close();
  });

  it("cuts and overlaps nothing on Home of an empty workspace, scrolls not sideways, and is accessible", async () => {
    const { page, pageErrors } = await session.visit("/");
    await page.getByText("No datasets yet.").waitFor();
    await page.getByRole("button", { name: "Start tour" }).waitFor();
    await expectSoundLayout(page);
    expect(pageErrors).toEqual([]);
  });

  it("offers a tour once, which goes through the screens by Enter", async () => {
    const { page, pageErrors } = await session.visit("/");
    await page.getByRole("button", { name: "Start tour" }).click();
    const tour = page.getByRole("region", { name: "Home" });
    await tour.getByText("Tour, step 1 of 6").waitFor();
    for (const title of ["Recordings", "Preparation", "Model", "Runs"]) {
      await page.keyboard.press("Enter");
      await page.getByRole("region", { name: title, exact: true }).getByText("Tour, step").waitFor();
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
    }
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByText("Tour, step").waitFor({ state: "detached" });
    await page.goto(`http://127.0.0.1:${session.app.port}/`);
    await page.getByText("No datasets yet.").waitFor();
    expect(await page.getByRole("button", { name: "Start tour" }).count()).toBe(0);
    expect(pageErrors).toEqual([]);
  });

  it("creates the sample in one click, and shows the progress", async () => {
    const { page, pageErrors } = await session.visit("/");
    await page.getByText("No datasets yet. Create the sample dataset").waitFor();
    await page.getByRole("button", { name: "Create sample" }).click();
    await page
      .getByText(/Making sample recordings/)
      .first()
      .waitFor();
    await page.getByText("Sample (seed 42): 12 recordings, 4,453 beats.").waitFor();
    await page.getByRole("link", { name: "Sample (seed 42)", exact: true }).waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("cancels a job without reporting a failure", async () => {
    const { page } = await session.visit("/");
    await page.getByRole("button", { name: "Run benchmark" }).click();
    await page.getByRole("button", { name: "Cancel: Benchmark" }).first().click();
    await page.getByRole("button", { name: "Run benchmark" }).waitFor();
    expect(await page.getByText("failed").count()).toBe(0);
  });

  it("imports a folder, a ZIP file and single files that the browser uploads", async () => {
    const { page, pageErrors } = await session.visit("/");
    const source = join(session.folder, "cohort");
    writeSampleRecords(source, ["s01", "s02"]);
    await page.locator("input[webkitdirectory]").setInputFiles(source);
    await importInspected(page, "cohort");
    await page.getByText("cohort: 2 recordings").waitFor();
    const files = [...sampleFiles("s03")].map(([name, bytes]) => ({ name, bytes, deflate: true }));
    await page
      .locator(fileInput)
      .setInputFiles({ name: "single.zip", mimeType: "application/zip", buffer: zipOf(files) });
    await importInspected(page, "single");
    await page.getByText("single: 1 recording,").waitFor();
    await page
      .locator(fileInput)
      .setInputFiles(
        [...sampleFiles("s05")].map(([name, bytes]) => ({ name, mimeType: "", buffer: Buffer.from(bytes) })),
      );
    await importInspected(page, "s05");
    await page.getByText("s05: 1 recording,").waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("imports a folder by path, with the keyboard alone", async () => {
    const { page } = await session.visit("/");
    const source = join(session.folder, "by path");
    mkdirSync(source);
    writeSampleRecords(source, ["s04"]);
    await page.getByRole("button", { name: "enter a path" }).focus();
    await page.keyboard.press("Enter");
    const field = page.getByLabel("Folder or file");
    await field.waitFor();
    await page.getByRole("button", { name: "Parent folder" }).waitFor();
    await field.fill(source);
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Import by path" });
    await dialog.getByText(/^1 recording · 5 min 00 s · WFDB · 360 Hz$/).waitFor();
    await dialog.getByRole("row", { name: /MLII\s+1\s+1\s+mV/ }).waitFor();
    await expectAccessible(page);
    await dialog.getByLabel("Name of the dataset").focus();
    await page.keyboard.press("Enter");
    await page.getByText("by path: 1 recording,").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => page.getByRole("link", { name: "by path", exact: true }).count()).toBe(0);
  });

  it("shows the error of a damaged file with its fix until dismissed", async () => {
    const { page } = await session.visit("/");
    await page
      .locator(fileInput)
      .setInputFiles({ name: "broken.zip", mimeType: "application/zip", buffer: Buffer.from("PK nonsense") });
    const tray = page.getByRole("region", { name: "Jobs" });
    await tray.getByText(/cannot be unpacked/).waitFor();
    await tray.getByText(/Copy it again from its source/).waitFor();
    await tray.getByRole("button", { name: /Dismiss Inspection of .*/ }).click();
    await expect.poll(() => tray.count()).toBe(0);
  });

  it("removes a dataset and undoes it", async () => {
    const { page } = await session.visit("/");
    const row = page.getByRole("link", { name: "single", exact: true });
    await row.waitFor();
    await page.getByRole("button", { name: "Remove single" }).click();
    await expect.poll(() => row.count()).toBe(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await row.waitFor();
  });

  const expectCurrent = (page: Page, title: string): Promise<void> =>
    page.getByRole("link", { name: title }).and(page.locator("[aria-current=page]")).waitFor();

  it("opens each screen by keyboard", async () => {
    const { page, pageErrors } = await session.visit("/");
    for (const [i, { title, path }] of screenList.entries()) {
      // Pressed again where a busy browser has lost it: before the page listens, and while it changes.
      const press = async (): Promise<string> => {
        await page.keyboard.press(`Alt+${i + 1}`);
        return new URL(page.url()).pathname;
      };
      // A screen may add the number of what it shows.
      await expect.poll(press, { interval: 500 }).toMatch(new RegExp(`^${path}(/\\d+)?$`));
      await expectCurrent(page, title);
    }
    expect(pageErrors).toEqual([]);
  });

  it("opens each screen by its address", { timeout: 300_000 }, async () => {
    const { page, pageErrors } = await session.visit("/");
    for (const { title, path } of screenList) {
      await page.goto(`http://127.0.0.1:${session.app.port}${path}`);
      await expectCurrent(page, title);
    }
    await page.goto(`http://127.0.0.1:${session.app.port}/no/such/screen`);
    await page.getByRole("heading", { name: "Page not found" }).waitFor();
    await page.keyboard.press("?");
    await page.getByText("Show the keyboard shortcuts").waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("shows in one tab a choice that was made in another", async () => {
    const [first, second] = [await session.visit("/"), await session.visit("/")];
    const theme = (): Promise<unknown> =>
      second.page.evaluate("getComputedStyle(document.documentElement).colorScheme");
    await first.page.goto(`http://127.0.0.1:${session.app.port}/settings`);
    await first.page.getByText("Dark", { exact: true }).click();
    await expect.poll(theme, { timeout: 30_000 }).toBe("dark");
    await first.page.getByText("System", { exact: true }).click();
    await expect.poll(theme, { timeout: 30_000 }).toBe("light");
  });

  it("begins in the theme of the system", async () => {
    const { page } = await session.visit("/");
    await page.emulateMedia({ colorScheme: "dark" });
    await page.reload();
    const theme = (): Promise<unknown> => page.evaluate("getComputedStyle(document.documentElement).colorScheme");
    await expect.poll(theme).toBe("dark");
  });

  it("reports a lost server, and reconnects when it is back", async () => {
    const { page } = await session.visit("/");
    await session.app.kill();
    // At the top of the page, and in a section that was still loading.
    await page.getByText("Ectopy can't be reached.").first().waitFor();
    await session.restart();
    await expect.poll(() => page.getByText("Ectopy can't be reached.").count(), { timeout: 20_000 }).toBe(0);
    await page.getByRole("button", { name: "Remove single" }).waitFor();
    writeFileSync(join(session.folder, "sessions.json"), "{}");
    await session.app.stop();
    await session.restart();
    await page.getByText("Ectopy was restarted and does not recognise this browser.").waitFor();
  });
});
