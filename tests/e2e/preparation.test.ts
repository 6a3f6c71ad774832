/** The preparation screen in a real browser: what its settings give is seen before it is made, and leads on to a model. */
import type { Page } from "@playwright/test";
import { describe, expect, it } from "vitest";
import { noBrowser } from "../support/app.ts";
import { browserSession, seriousFaults } from "../support/browser-session.ts";

describe.skipIf(noBrowser !== "")(`preparing beats in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession();
  const { visit } = session;
  const expectNoSeriousFault = async (page: Page): Promise<void> => {
    expect(await seriousFaults(page)).toEqual([]);
  };

  it("says what to do where there are no recordings, and leads there", async () => {
    const { page, complaints } = await visit("/preparation");
    await page.getByText("There are no recordings yet.").waitFor();
    await page.getByRole("link", { name: "To the recordings" }).click();
    await page.getByRole("button", { name: "Create sample" }).click();
    await page.getByRole("button", { name: "Next: prepare the beats" }).click();
    await page.waitForURL(/\/preparation\/1$/);
    expect(complaints).toEqual([]);
  });

  it("shows a beat before and after, and goes on to the next and to a class by keyboard", async () => {
    const { page, complaints } = await visit("/preparation");
    await page.waitForURL(/\/preparation\/1$/);
    const plot = page.getByRole("img", { name: /^Beat of class/ });
    await plot.waitFor();
    expect(await plot.getAttribute("aria-label")).toMatch(/raw and denoised$/);
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
    expect(complaints).toEqual([]);
  });

  it("counts the classes as the settings change, and says what the protocol shows and who stands where", async () => {
    const { page, complaints } = await visit("/preparation/1");
    const counts = page.getByRole("table", { name: /Beats of each class/ });
    await counts.getByRole("row", { name: /^V / }).waitFor();
    await page.getByText(/patients? stands? on more than one side of the split/).waitFor();
    await page.getByRole("radio", { name: /^Inter-patient/ }).check();
    await page.getByText("No patient stands on more than one side of the split.").waitFor();
    await page.getByText(/how well new patients are read/).waitFor();
    await page.getByText("Who stands where").click();
    await page.getByText(/^Test, \d+$/).waitFor();
    // The protocol brings AAMI's classes; one's own begin as a copy of them.
    expect(await page.getByLabel("AAMI EC57: N S V F Q").isChecked()).toBe(true);
    await page.getByRole("radio", { name: "Your own" }).check();
    await page.getByLabel("Name of class 3").fill("PVC");
    await counts.getByRole("row", { name: /^PVC / }).waitFor();
    await page.getByLabel("Symbols of class 3").fill("VN");
    await page.getByText("Not taken over yet: a symbol stands twice.").waitFor();
    expect(complaints).toEqual([]);
  });

  it("says what is wrong with settings that can't be, where they are", async () => {
    const { page } = await visit("/preparation/1");
    await page.getByLabel("Smallest class").fill("1000000");
    await page.keyboard.press("Enter");
    await page.getByText("No class has enough beats to be used.").waitFor();
    expect(await page.getByRole("button", { name: "Prepare", exact: true }).isDisabled()).toBe(true);
  });

  it("keeps what was typed while one looks elsewhere, and on loading anew", async () => {
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
    await page.getByRole("button", { name: "The study's settings" }).click();
    await expect.poll(() => seed.inputValue()).toBe("42");
  });

  it("stops a preparation, and stores nothing of it", async () => {
    const { page } = await visit("/preparation/1");
    await page.getByRole("radio", { name: /^Reference/ }).check();
    await page.getByRole("button", { name: "Prepare", exact: true }).click();
    await page.getByRole("button", { name: "Cancel: Preparation of Sample (seed 42)" }).first().click();
    await expect.poll(() => page.getByRole("button", { name: "Prepare", exact: true }).isEnabled()).toBe(true);
    expect(await page.getByText("Prepared from these recordings").count()).toBe(0);
    expect(page.url()).toMatch(/\/preparation\/1$/);
  });

  it("prepares by keyboard alone, and leads on to the model; the same settings need not be prepared again", async () => {
    const { page, complaints } = await visit("/preparation/1");
    await page.getByRole("img", { name: /^Beat of class/ }).waitFor();
    await page.getByRole("button", { name: "Prepare", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Preparation 1" }).waitFor();
    await page.waitForURL(/\/preparation\/set\/1$/);
    await page.getByText("db4, 7 levels, soft threshold, each beat").waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Choose a model" }).click();
    await page.waitForURL(/\/model\?preparation=1$/);
    await page.goto(`http://127.0.0.1:${session.app.port}/preparation/1`);
    await page.getByText("These settings were prepared before:").waitFor();
    expect(await page.getByRole("button", { name: "Prepare", exact: true }).count()).toBe(0);
    await page.getByRole("button", { name: "Choose a model" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("removes a preparation with a way back, and takes its settings up again", async () => {
    const { page } = await visit("/preparation/1");
    await page.getByRole("button", { name: "Remove preparation 1" }).click();
    await expect.poll(() => page.getByText("Prepared from these recordings").count()).toBe(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("link", { name: "Set 1", exact: true }).click();
    await page.getByRole("button", { name: "Change its settings" }).click();
    await page.getByText("These settings were prepared before:").waitFor();
  });

  it("says so at an address that leads to nothing", async () => {
    const { page } = await visit("/preparation/99");
    await page.getByText("There is no dataset 99.").waitFor();
    await page.goto(`http://127.0.0.1:${session.app.port}/preparation/set/99`);
    await page.getByText("There is no preparation 99.").waitFor();
  });

  it.each(["light", "dark"] as const)("has no serious fault of accessibility, %s", async (theme) => {
    const { page } = await visit("/preparation/1", theme);
    await page.getByRole("img", { name: /^Beat of class/ }).waitFor();
    await page.getByText("Advanced").click();
    await page.getByRole("radio", { name: "Your own" }).check();
    await page.getByText(/real beats are used/).waitFor();
    await expect.poll(() => page.getByText("Counting…").count()).toBe(0);
    await expectNoSeriousFault(page);
    await page.goto(`http://127.0.0.1:${session.app.port}/preparation/set/1`);
    await page.getByRole("heading", { name: "Preparation 1" }).waitFor();
    await expectNoSeriousFault(page);
  });
});
