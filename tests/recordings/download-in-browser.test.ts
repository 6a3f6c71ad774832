/** Databases of PhysioNet on the home screen: download, cancel, resume, and errors without a network. */
import type { Page } from "@playwright/test";
import { afterAll, describe, expect, it } from "vitest";
import { citationsOf, physioNetDatabases } from "../../src/contract/domain/physionet.ts";
import { noBrowser } from "../support/app.ts";
import { accessibilityFaults, browserSession } from "../support/browser-session.ts";
import { startPhysioNet, type PhysioNetStub } from "../support/physionet-stub.ts";
import { sampleFiles } from "../support/sample-records.ts";

const { mitdb, svdb } = physioNetDatabases;

describe.skipIf(noBrowser !== "")(`databases of PhysioNet${noBrowser && `: ${noBrowser}`}`, () => {
  let stub: PhysioNetStub;
  const session = browserSession(async () => {
    stub = await startPhysioNet(["s01", "s02"]);
    process.env["ECTOPY_PHYSIONET"] = stub.url;
  });
  afterAll(async () => {
    delete process.env["ECTOPY_PHYSIONET"];
    await stub.close();
  });

  const card = (page: Page) => page.locator("section", { has: page.getByRole("heading", { name: "From PhysioNet" }) });

  it("are listed with records, size and licence, and show their citation before the download", async () => {
    const { page, context, pageErrors } = await session.visit("/");
    for (const { title } of Object.values(physioNetDatabases)) {
      await card(page).getByRole("heading", { name: title }).waitFor();
    }
    await card(page).getByText("48 recordings · 360 Hz · 94 MB · ODC-By 1.0").waitFor();
    await page.getByRole("button", { name: `Download ${mitdb.title}` }).click();
    const dialog = page.getByRole("dialog", { name: mitdb.title });
    await dialog.getByText("Open Data Commons Attribution License v1.0").waitFor();
    for (const citation of citationsOf(mitdb)) await dialog.getByText(citation).waitFor();
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await dialog.getByRole("button", { name: "Copy" }).click();
    await page.getByText("Citation copied.").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(citationsOf(mitdb).join("\n"));
    await page.keyboard.press("Escape");
    await expect.poll(() => dialog.count()).toBe(0);
    expect(stub.requests).toEqual([]);
    expect(pageErrors).toEqual([]);
  });

  it("are discarded with their partial files", async () => {
    const { page } = await session.visit("/");
    stub.fault = (file) => (file === "s02.dat" ? { kind: "hang", after: 100_000 } : undefined);
    await page.getByRole("button", { name: `Download ${mitdb.title}` }).click();
    await page.getByRole("button", { name: "Download 94 MB" }).click();
    await card(page)
      .getByText(/^Downloading: 5 of 6 files/)
      .waitFor();
    await card(page)
      .getByRole("button", { name: `Cancel: Download of ${mitdb.title}` })
      .click();
    await page.getByRole("button", { name: `Resume ${mitdb.title}` }).click();
    await page.getByRole("button", { name: "Discard partial download" }).click();
    await page.getByRole("button", { name: "Download 94 MB" }).waitFor();
    expect(await session.client.call("downloads.list", {})).toContainEqual({ name: "mitdb", records: [], bytes: 0 });
  });

  it("are cancelled and resumed, in another window too, until the dataset is imported", async () => {
    const { page, pageErrors } = await session.visit("/");
    stub.fault = (file) => (file === "s01.dat" ? { kind: "slow", bytes: 4096, pause: 100 } : undefined);
    await page.getByRole("button", { name: `Download ${mitdb.title}` }).click();
    await page.getByRole("button", { name: "Download 94 MB" }).click();
    // One file is slow: all others are complete.
    await card(page)
      .getByText(/^Downloading: 5 of 6 files, \d of \d MB, \d+\.\d MB\/s$/)
      .waitFor();
    const other = await session.visit("/");
    await card(other.page)
      .getByText(/^Downloading: 5 of 6 files/)
      .waitFor();
    await card(other.page)
      .getByRole("button", { name: `Cancel: Download of ${mitdb.title}` })
      .click();
    await card(page).getByText("are downloaded. Resume to download the rest.").waitFor();
    stub.fault = () => undefined;
    stub.requests.length = 0;
    await page.reload();
    await page.getByRole("button", { name: `Resume ${mitdb.title}` }).click();
    await page.getByRole("button", { name: "Resume download" }).click();
    await card(page).getByText("Imported.").waitFor();
    expect(stub.requests.map(({ file }) => file)).toEqual(["SHA256SUMS.txt", "RECORDS", "", "s01.dat"]);
    const [, , , rest] = stub.requests;
    expect(rest.range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(rest.sent).toBeLessThan(sampleFiles("s01").get("s01.dat")!.length);
    await page.getByText(`${mitdb.title}: 2 recordings, 619 beats.`).waitFor();
    await card(page).getByRole("link", { name: "View recordings" }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.getByRole("link", { name: "s02" }).first().waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("are found by name, with what the server says of them, and downloaded in part", async () => {
    const { page, pageErrors } = await session.visit("/");
    await card(page).getByRole("button", { name: "Look up…" }).click();
    const dialog = page.getByRole("dialog", { name: "Another database of PhysioNet" });
    await dialog.getByLabel("Name or address").fill("nosuchdb");
    await dialog.getByRole("button", { name: "Look up" }).click();
    await dialog.getByText("PhysioNet has no database named nosuchdb.").waitFor();
    await dialog.getByLabel("Name or address").fill("https://physionet.org/content/mitdb/1.0.0/");
    await dialog.getByRole("button", { name: "Look up" }).click();
    await dialog.getByRole("heading", { name: mitdb.title }).waitFor();
    await dialog.getByLabel("Recordings").fill("s01, x*");
    await dialog.getByText("No recording is named x*.").waitFor();
    await dialog.getByLabel("Recordings").fill("*1");
    await dialog.getByText(/^1 recording, /).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole("button", { name: /^Download \d/ }).click();
    await page.getByText(`${mitdb.title}: 1 recording, `).waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("report a missing network, with an alternative", async () => {
    await stub.close();
    const { page, pageErrors } = await session.visit("/");
    await page.getByRole("button", { name: `Download ${svdb.title}` }).click();
    await page.getByRole("button", { name: "Download 54 MB" }).click();
    const alert = card(page).getByRole("alert");
    await alert
      .getByText(/^PhysioNet \(127\.0\.0\.1:\d+\) could not be reached: the connection was refused\.$/)
      .waitFor();
    await alert
      .getByText(/download the ZIP file from https:\/\/physionet\.org\/content\/svdb\/1\.0\.0\/ with a browser/)
      .waitFor();
    await page.getByRole("button", { name: `Download ${svdb.title}` }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(pageErrors).toEqual([]);
  });
});
