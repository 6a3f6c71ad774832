/** The preparation screen in a real browser: previews the result of its settings, and continues to a model. */
import { describe, expect, it } from "vitest";
import { noBrowser } from "../support/app.ts";
import { browserSession } from "../support/browser-session.ts";

describe.skipIf(noBrowser !== "")(`preparing a dataset in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession();
  const { visit } = session;

  it("links to the import where there are no recordings", async () => {
    const { page, pageErrors } = await visit("/preparation");
    await page.getByText("There are no recordings yet.").waitFor();
    await page.getByRole("link", { name: "Add recordings" }).click();
    await page.getByRole("button", { name: "Create sample" }).click();
    await page.getByRole("button", { name: "Next: prepare the beats" }).click();
    await page.waitForURL(/\/preparation\/1$/);
    expect(pageErrors).toEqual([]);
  });

  it("previews a raw and a filtered beat, and steps to the next beat and to a class by keyboard", async () => {
    const { page, pageErrors } = await visit("/preparation");
    await page.waitForURL(/\/preparation\/1$/);
    const plot = page.getByRole("img", { name: /^Beat of class/ });
    await plot.waitFor();
    expect(await plot.getAttribute("aria-label")).toMatch(/raw and filtered$/);
    const seen = page.getByText(/· beat \d+ of/);
    expect(await seen.innerText()).toContain("beat 1 of");
    await page.keyboard.press("n");
    await expect.poll(() => seen.innerText()).toContain("beat 2 of");
    await page.keyboard.press("p");
    await expect.poll(() => seen.innerText()).toContain("beat 1 of");
    await page.getByLabel("Beats of").selectOption({ value: "V" });
    await expect.poll(() => plot.getAttribute("aria-label")).toMatch(/^Beat of class V/);
    await page.getByLabel("Normalisation").selectOption("z-score");
    await page.getByRole("img", { name: "The same beat, normalised" }).waitFor();
    await page.getByLabel("Wavelet denoising").selectOption("none");
    await expect.poll(() => plot.getAttribute("aria-label")).toMatch(/: raw$/);
    expect(pageErrors).toEqual([]);
  });

  it("updates the class distribution with the settings, and shows limitations and the record assignment", async () => {
    const { page, pageErrors } = await visit("/preparation/1");
    const counts = page.getByRole("table", { name: /Class distribution/ });
    await counts.getByRole("row", { name: /^V / }).waitFor();
    await page.getByText(/patients? appears? in more than one set/).waitFor();
    await page.getByRole("radio", { name: /^Inter-patient/ }).check();
    await page.getByText("No patient appears in more than one set.").waitFor();
    await page.getByText(/estimate performance on unseen patients/).waitFor();
    await page.getByText("Record assignment (training, validation, test)").click();
    await page.getByText(/^Test, \d+$/).waitFor();
    // The protocol selects the AAMI classes; a custom class map starts as a copy of them.
    expect(await page.getByRole("radio", { name: /^AAMI classes/ }).isChecked()).toBe(true);
    await page.getByRole("radio", { name: "Custom class map" }).check();
    await page.getByLabel("Name of class 3").fill("PVC");
    await counts.getByRole("row", { name: /^PVC / }).waitFor();
    await page.getByLabel("Symbols of class 3").fill("VN");
    await page.getByText("Not applied yet: a symbol is in two classes.").waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("shows the error of invalid settings in the class distribution", async () => {
    const { page } = await visit("/preparation/1");
    await page.getByLabel("Minimum beats per class").fill("1000000");
    await page.keyboard.press("Enter");
    await page.getByText("No class has enough beats to be used.").waitFor();
    expect(await page.getByRole("button", { name: "Prepare", exact: true }).isDisabled()).toBe(true);
  });

  it("keeps changed settings on other screens and across reloads", async () => {
    const { page } = await visit("/preparation/1");
    const seed = page.getByLabel("Seed");
    await page.getByText("Advanced").click();
    await seed.fill("7");
    await seed.press("Enter");
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    await page.goBack();
    await page.getByText("Advanced").click();
    expect(await seed.inputValue()).toBe("7");
    await page.reload();
    await page.getByText("Advanced").click();
    expect(await seed.inputValue()).toBe("7");
    await page.getByRole("button", { name: "Reset to defaults" }).click();
    await expect.poll(() => seed.inputValue()).toBe("42");
  });

  it("cancels a preparation, and stores nothing", async () => {
    const { page } = await visit("/preparation/1");
    await page.getByRole("radio", { name: /^Reference/ }).check();
    await page.getByRole("button", { name: "Prepare", exact: true }).click();
    await page.getByRole("button", { name: "Cancel: Preparation of Sample (seed 42)" }).first().click();
    await expect.poll(() => page.getByRole("button", { name: "Prepare", exact: true }).isEnabled()).toBe(true);
    expect(await page.getByText("Preparations of this dataset").count()).toBe(0);
    expect(page.url()).toMatch(/\/preparation\/1$/);
  });

  it("prepares with the keyboard alone, continues to the model, and finds a preparation with the same settings", async () => {
    const { page, pageErrors } = await visit("/preparation/1");
    await page.getByRole("img", { name: /^Beat of class/ }).waitFor();
    await page.getByRole("button", { name: "Prepare", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Preparation 1" }).waitFor();
    await page.waitForURL(/\/preparation\/set\/1$/);
    await page.getByText("Each beat: db4, 7 levels, soft universal threshold").waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Choose a model" }).click();
    await page.waitForURL(/\/model\?preparation=1$/);
    await page.goto(`http://127.0.0.1:${session.app.port}/preparation/1`);
    await page.getByText("A preparation with these settings exists:").waitFor();
    expect(await page.getByRole("button", { name: "Prepare", exact: true }).count()).toBe(0);
    await page.getByRole("button", { name: "Choose a model" }).waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("removes a preparation, undoes it, and edits a copy of its settings", async () => {
    const { page } = await visit("/preparation/1");
    await page.getByRole("button", { name: "Remove preparation 1" }).click();
    await expect.poll(() => page.getByText("Preparations of this dataset").count()).toBe(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("link", { name: "Preparation 1", exact: true }).click();
    await page.getByRole("button", { name: "Edit a copy" }).click();
    await page.getByText("A preparation with these settings exists:").waitFor();
  });

  it("names a preparation by keyboard, shows the name where a preparation is chosen, and undoes it", async () => {
    const { page, pageErrors } = await visit("/preparation/set/1");
    await page.getByRole("button", { name: "Rename preparation 1" }).focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Name of preparation 1").fill("Thrown away");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Enter");
    await page.getByLabel("Name of preparation 1").fill("Each beat filtered");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Preparation 1: Each beat filtered" }).waitFor();
    const other = await visit("/model?preparation=1");
    await other.page
      .getByText(/^Preparation 1: Each beat filtered \(Sample/)
      .first()
      .waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("heading", { name: "Preparation 1", exact: true }).waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("reports an unknown dataset or preparation", async () => {
    const { page } = await visit("/preparation/99");
    await page.getByText("There is no dataset 99.").waitFor();
    await page.goto(`http://127.0.0.1:${session.app.port}/preparation/set/99`);
    await page.getByText("There is no preparation 99.").waitFor();
  });
});
