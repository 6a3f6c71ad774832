/** Privacy in the app's window: imports without header comments, and warnings about the location of the workspace. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noBrowser } from "../support/app.ts";
import { importInspected } from "../support/guided-path.ts";
import { accessibilityFaults, browserSession } from "../support/browser-session.ts";
import { writeSampleRecords } from "../support/sample-records.ts";

describe.skipIf(noBrowser !== "")(`header comments in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession();

  it("are excluded on request, and the choice is stored", async () => {
    const source = join(session.folder, "clinic");
    writeSampleRecords(source, ["s01"]);
    appendFileSync(join(source, "s01.hea"), "# Jane Doe\n");
    const { page, pageErrors } = await session.visit("/");
    const choice = page.getByRole("checkbox", { name: "Leave out header comments (may hold patients' names)" });
    await choice.click();
    await expect.poll(async () => (await session.client.call("settings.get", {})).withoutComments).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.locator("input[webkitdirectory]").setInputFiles(source);
    await importInspected(page, "clinic");
    await page.getByText("clinic: 1 recording").waitFor();

    const { records } = await session.client.call("datasets.get", { dataset: 1 });
    expect(records.map(({ comments }) => comments)).toEqual([[]]);
    const stored = join(session.folder, "workspace", "datasets", "1");
    for (const name of readdirSync(stored)) expect(readFileSync(join(stored, name)).includes("Jane Doe")).toBe(false);

    const later = await session.visit("/");
    await expect
      .poll(() => later.page.getByRole("checkbox", { name: /^Leave out header comments/ }).isChecked())
      .toBe(true);
    expect(pageErrors).toEqual([]);
  });
});

describe.skipIf(noBrowser !== "")(`a workspace in a synchronised folder${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession((folder) => writeFileSync(join(folder, ".stfolder"), ""));

  it("causes a warning above every screen until it is dismissed, and in the settings", async () => {
    const { page, pageErrors } = await session.visit("/");
    const words = /is in a folder that Syncthing synchronises: patients' data is copied/;
    const above = page.getByRole("region", { name: "Warnings about the workspace" });
    await above.getByText(words).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await above.getByRole("button", { name: /^Dismiss: / }).click();
    await expect.poll(() => above.count()).toBe(0);
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByText(words).waitFor();
    await expect.poll(() => above.count()).toBe(0);
    expect(pageErrors).toEqual([]);
    expect(readdirSync(join(session.folder, "workspace")).filter((name) => /-(wal|shm)$/.test(name))).toEqual([]);
  });
});
