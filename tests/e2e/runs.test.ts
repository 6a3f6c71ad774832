/** The table of runs and the page of a run, in a real browser, on a workspace with more runs than a screen shows. */
import type { Page } from "@playwright/test";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noBrowser } from "../support/app.ts";
import { browserSession } from "../support/browser-session.ts";
import { fillWithRuns } from "../support/many-runs.ts";

const RUNS = 300;

describe.skipIf(noBrowser !== "")(`runs in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession((folder) => {
    fillWithRuns(join(folder, "workspace"), RUNS);
  });
  const { visit } = session;
  const search = (page: Page) => page.getByLabel("Search runs");
  /** Returns the cells of a column in the rows that the page has. */
  const column = async (page: Page, title: string): Promise<string[]> => {
    const titles = await page.getByRole("columnheader").allTextContents();
    const place = titles.findIndex((each) => each.trim().startsWith(title));
    // As a string: TypeScript for Node has no types of the page.
    const cells = await page.evaluate<{ row: number; text: string }[]>(
      `[...document.querySelectorAll("[data-row]")].map((row) => ({ row: Number(row.dataset.row), text: row.children[${place}].textContent.trim() }))`,
    );
    return cells.sort((a, b) => a.row - b.row).map(({ text }) => text);
  };
  const focused = (page: Page) => page.evaluate<string>("document.activeElement.getAttribute('aria-label') ?? ''");

  it("lists all runs, draws the visible ones, and sorts in both directions and back", async () => {
    const { page, pageErrors } = await visit("/runs");
    await page.getByText(`${RUNS} runs`, { exact: true }).waitFor();
    expect((await column(page, "Run")).slice(0, 3)).toEqual(["300", "299", "298"]);
    expect(await page.locator("[data-row]").count()).toBeLessThan(60);
    const header = page.getByRole("columnheader", { name: "Macro F1" });
    await header.getByRole("button").click();
    expect(await header.getAttribute("aria-sort")).toBe("descending");
    const falling = (await column(page, "Macro F1")).map(parseFloat);
    expect(falling).toEqual(falling.toSorted((a, b) => b - a));
    expect(falling[0]).toBeGreaterThan(90);
    await header.getByRole("button").click();
    const rising = (await column(page, "Macro F1")).map(parseFloat);
    expect(rising).toEqual(rising.toSorted((a, b) => a - b));
    await header.getByRole("button").click();
    expect((await column(page, "Run"))[0]).toBe("300");
    expect(pageErrors).toEqual([]);
  });

  it("finds runs by text, a column or a number, and reports invalid terms", async () => {
    const { page } = await visit("/runs");
    await search(page).fill("cnn tag:final macrof1>70");
    await page.getByText(new RegExp(`^\\d+ of ${RUNS} runs$`)).waitFor();
    expect(new Set(await column(page, "Network"))).toEqual(new Set(["1D-CNN"]));
    expect((await column(page, "Macro F1")).every((text) => parseFloat(text) > 70)).toBe(true);
    await search(page).fill("colour:red");
    await page.getByRole("alert").getByText("There is no column").first().waitFor();
    await search(page).fill("no run has this text");
    await page.getByText("No matching runs.").waitFor();
    await page.getByRole("button", { name: "Clear search" }).click();
    await page.getByText(`${RUNS} runs`, { exact: true }).waitFor();
  });

  it("moves through the rows by keyboard, to the last row and into a run", async () => {
    const { page } = await visit("/runs");
    await page.getByRole("link", { name: "Run 300", exact: true }).focus();
    await page.keyboard.press("ArrowDown");
    expect(await focused(page)).toBe("Run 299");
    await page.keyboard.press("End");
    await expect.poll(() => focused(page)).toBe("Run 1");
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => focused(page)).toBe("Run 2");
    await page.keyboard.press("Enter");
    await page.waitForURL(`http://127.0.0.1:${session.app.port}/runs/2`);
    await page.getByRole("heading", { level: 1, name: "Run 2: 1D-CNN on Drawn at random" }).waitFor();
  });

  it("selects runs by Space, by mouse and all at once, and links to their comparison", async () => {
    const { page, pageErrors } = await visit("/runs");
    await page.getByRole("link", { name: "Run 300", exact: true }).focus();
    await page.keyboard.press("Space");
    const bar = page.getByRole("group", { name: "Selected runs" });
    await bar.getByText("1 selected").waitFor();
    expect(await bar.getByRole("button", { name: "Compare" }).isDisabled()).toBe(true);
    await page.keyboard.press("ArrowDown");
    expect(await focused(page)).toBe("Run 299");
    await page.keyboard.press("Space");
    await page.getByRole("checkbox", { name: "Select run 298", exact: true }).click();
    await page.getByRole("checkbox", { name: "Select run 300", exact: true }).click();
    await bar.getByText("2 selected").waitFor();
    await search(page).fill("seed<10");
    await bar.getByText("2 not matching the search").waitFor();
    const all = page.getByRole("checkbox", { name: "Select all" });
    await all.click();
    await bar.getByText("12 selected").waitFor();
    await all.click();
    await bar.getByText("2 selected").waitFor();
    await bar.getByRole("button", { name: "Compare" }).click();
    await page.waitForURL(/\/compare\?runs=298,299/);
    expect(pageErrors).toEqual([]);
  });

  it("links from a run to the table with that run selected", async () => {
    const { page } = await visit("/runs/298");
    await page.getByRole("link", { name: "Compare with…" }).click();
    await page.waitForURL(`http://127.0.0.1:${session.app.port}/runs`);
    const bar = page.getByRole("group", { name: "Selected runs" });
    await bar.getByText("1 selected").waitFor();
    expect(await page.getByRole("checkbox", { name: "Select run 298", exact: true }).isChecked()).toBe(true);
    await bar.getByRole("button", { name: "Clear" }).click();
    await bar.waitFor({ state: "detached" });
  });

  it("moves through a matrix by arrow keys to the beats of a cell, and reports missing predictions", async () => {
    const { page, pageErrors } = await visit("/runs/298");
    const matrix = page.getByRole("table", { name: /^Confusion matrix, test/ });
    const cells = matrix.getByRole("link");
    await cells.first().focus();
    expect(await matrix.locator("a[tabindex='0']").count()).toBe(1);
    await page.keyboard.press("ArrowRight");
    const words = await page.evaluate<string>("document.activeElement.textContent");
    expect(words).toMatch(/^\d+, \d+ of 400 beats of class N were predicted as [SVFQ]$/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /^Beats of class N predicted as [SVFQ]$/ }).waitFor();
    await page.getByRole("alert").getByRole("button", { name: "Try again" }).waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("remembers columns and order, in every tab", async () => {
    const [{ page }, { page: other }] = [await visit("/runs"), await visit("/runs")];
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Seed" }).click();
    await page.getByRole("checkbox", { name: "Dataset" }).click();
    await page.keyboard.press("Escape");
    await other.getByRole("columnheader", { name: "Seed" }).waitFor();
    await other.getByRole("columnheader", { name: "Epochs" }).getByRole("button").click();
    await page.reload();
    await page.getByRole("columnheader", { name: "Seed" }).waitFor();
    expect(await page.getByRole("columnheader", { name: "Dataset" }).count()).toBe(0);
    expect(await page.getByRole("columnheader", { name: "Epochs" }).getAttribute("aria-sort")).toBe("descending");
  });

  it("removes a run with an Undo, from the table and from the run's page", async () => {
    const { page } = await visit("/runs");
    await search(page).fill("seed=299");
    await page.getByRole("button", { name: "Remove run 300" }).click();
    await page.getByText("No matching runs.").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("link", { name: "Run 300", exact: true }).click();
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await page.waitForURL(`http://127.0.0.1:${session.app.port}/runs`);
    await page.getByText(`${RUNS - 1} runs`, { exact: true }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText(`${RUNS} runs`, { exact: true }).waitFor();
  });

  it("shows matrix, metrics, curves and settings of a run, with their limitations", async () => {
    const { page, pageErrors } = await visit("/runs/298");
    await page.getByText("The metrics were drawn at random: they show nothing.").waitFor();
    const matrix = page.getByRole("table", { name: /^Confusion matrix, test/ });
    await matrix.getByRole("row", { name: /^N / }).getByRole("cell").last().getByText("400").waitFor();
    await page.getByText("Normalised by row (sensitivity)", { exact: true }).click();
    const shares = await matrix.getByRole("row", { name: /^N / }).getByRole("cell").allTextContents();
    const sum = shares
      .slice(0, -1)
      .map((text) => parseFloat(text.replace("·", "0")))
      .reduce((a, b) => a + b, 0);
    // Five shares, each rounded to a tenth.
    expect(Math.abs(sum - 100)).toBeLessThanOrEqual(0.25);
    const figures = page.getByRole("table", { name: /^Per-class metrics, test/ });
    await figures.getByRole("columnheader", { name: "PPV" }).waitFor();
    expect(await figures.getByRole("row").count()).toBe(1 + 5 + 2);
    const { intervals } = await session.client.call("runs.get", { run: 298 });
    const { low, high } = intervals!.test.perClass[0].sensitivityInterval!;
    const bounds = `(${(100 * low).toFixed(2)}–${(100 * high).toFixed(2)})`;
    const [sensitivity] = await figures.getByRole("row", { name: /^N / }).getByRole("cell").allTextContents();
    expect(sensitivity.trim()).toMatch(/^\d\d\.\d\d % \(/);
    expect(sensitivity).toContain(bounds);
    await page.getByText(/95 % intervals \(Wilson's score\)\..* Beats of one patient are dependent/).waitFor();
    await page.getByText(/95 % interval \d/).waitFor();
    await page.getByText("Validation", { exact: true }).click();
    await page.getByRole("table", { name: /^Confusion matrix, validation/ }).waitFor();
    await page.getByText("these metrics are optimistic").waitFor();
    await page.getByRole("img", { name: /^Loss\. After epoch 5: training 0\.\d{4}, validation 0\.\d{4}/ }).waitFor();
    await page
      .getByRole("definition")
      .filter({ hasText: /^\d+ epochs?$/ })
      .or(page.getByText("off", { exact: true }))
      .first()
      .waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("compares more runs than one request may contain", async () => {
    const { page } = await visit(`/compare?runs=${Array.from({ length: 150 }, (_, i) => i + 1).join()}`);
    await page.getByRole("radio", { name: "Use run 150 as baseline" }).waitFor();
    await page.getByRole("img", { name: /^Validation loss\. Run 1 ends/ }).waitFor();
    expect(await page.getByText("Ectopy can't be reached.").count()).toBe(0);
  });

  it("shows why a run failed, and links to where it can be resumed", async () => {
    const { page } = await visit("/runs/290");
    await page.getByRole("alert").getByText("The training process ended.").waitFor();
    await page.getByRole("alert").getByText("Train again.").waitFor();
    await page.getByRole("link", { name: "Resume in Training" }).click();
    await page.waitForURL(`http://127.0.0.1:${session.app.port}/training/290`);
    await page.getByText("No checkpoint is stored: training restarts at epoch 1.").waitFor();
  });

  it("saves notes and tags while the user types, and shows them in the table of another tab", async () => {
    const [{ page }, { page: other }] = [await visit("/runs/299"), await visit("/runs")];
    await page.getByRole("textbox", { name: "Notes" }).fill("A second look");
    await page.getByLabel("Tags (comma-separated)").fill("odd one, , odd one,final");
    await search(other).fill('tag:"odd one"');
    await other.getByText(`1 of ${RUNS} runs`).waitFor();
    await search(other).fill('"second look"');
    await other.getByRole("link", { name: "Run 299", exact: true }).waitFor();
    await page.reload();
    await expect.poll(() => page.getByRole("textbox", { name: "Notes" }).inputValue()).toBe("A second look");
    expect(await page.getByLabel("Tags (comma-separated)").inputValue()).toBe("odd one, final");
  });

  it("reports an unknown run", async () => {
    const { page } = await visit("/runs/9999");
    await page.getByRole("alert").getByText("There is no run 9999.").waitFor();
  });
});
