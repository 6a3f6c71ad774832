/** Header comments left out by the window: the choice is made once, and every import after it follows. */
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noBrowser } from "../support/app.ts";
import { browserSession, seriousFaults } from "../support/browser-session.ts";
import { writeSampleRecords } from "../support/sample-records.ts";

describe.skipIf(noBrowser !== "")(`header comments in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession();

  it("are left out where that is chosen, and the choice is kept", async () => {
    const source = join(session.folder, "clinic");
    writeSampleRecords(source, ["s01"]);
    appendFileSync(join(source, "s01.hea"), "# Jane Doe\n");
    const { page, complaints } = await session.visit("/");
    const choice = page.getByRole("checkbox", { name: "Leave out header comments (may hold patients' names)" });
    await choice.click();
    await expect.poll(async () => (await session.client.call("settings.get", {})).withoutComments).toBe(true);
    expect(await seriousFaults(page)).toEqual([]);
    await page.locator("input[webkitdirectory]").setInputFiles(source);
    await page.getByText("clinic: 1 recording").waitFor();

    const { records } = await session.client.call("datasets.get", { dataset: 1 });
    expect(records.map(({ comments }) => comments)).toEqual([[]]);
    const stored = join(session.folder, "workspace", "datasets", "1");
    for (const name of readdirSync(stored)) expect(readFileSync(join(stored, name)).includes("Jane Doe")).toBe(false);

    const later = await session.visit("/");
    await expect
      .poll(() => later.page.getByRole("checkbox", { name: /^Leave out header comments/ }).isChecked())
      .toBe(true);
    expect(complaints).toEqual([]);
  });
});
