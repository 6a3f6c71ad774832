/** Experiments in a real browser: planned on the model's page, followed live on their page, and stopped. */
import type { Locator, Page } from "@playwright/test";
import { describe, expect, it } from "vitest";
import { noBrowser } from "../support/app.ts";
import { browserSession, waitForNotice } from "../support/browser-session.ts";
import { prepareSmallSample } from "../support/small-preparation.ts";

describe.skipIf(noBrowser !== "")(`experiments in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession(prepareSmallSample);
  const { visit } = session;
  const fill = async (within: Page | Locator, label: string, value: string): Promise<void> => {
    const field = within.getByLabel(label, { exact: true });
    await field.fill(value);
    await field.blur();
  };
  /** Opens the dialog for the ANN, with a training of a few steps. */
  const dialogOver = async (page: Page, epochs: string): Promise<Locator> => {
    await page.getByText("trainable parameters").waitFor();
    await fill(page, "Max. epochs", epochs);
    await page.getByText("Advanced").click();
    await fill(page, "Steps per epoch", "2");
    await page.getByRole("button", { name: "New experiment…" }).click();
    const dialog = page.getByRole("dialog", { name: "New experiment" });
    await dialog.waitFor();
    return dialog;
  };
  const labels = async (page: Page): Promise<string[]> => {
    const rows = page.getByRole("row").filter({ has: page.getByRole("link", { name: /^Run \d+$/ }) });
    const texts = await Promise.all((await rows.all()).map((row) => row.getByRole("cell").nth(1).textContent()));
    return texts.map((text) => text?.trim() ?? "").sort();
  };

  it("explains experiments in an empty workspace, and reports an unknown experiment", async () => {
    const { page, pageErrors } = await visit("/experiments");
    await page.getByText("No experiments yet.").waitFor();
    await page.getByRole("link", { name: "Choose a network" }).click();
    await page.waitForURL(/\/model$/);
    await page.goto(`http://127.0.0.1:${session.app.port}/experiments/99`);
    await page.getByRole("alert").getByText("There is no experiment 99.").waitFor();
    expect(
      await page.getByRole("link", { name: "Experiments", exact: true }).first().getAttribute("aria-current"),
    ).toBe("page");
    expect(pageErrors).toEqual([]);
  });

  it("follows repeats over seeds and shows mean and SD", async () => {
    const { page, pageErrors } = await visit("/model/ann?preparation=1");
    const dialog = await dialogOver(page, "1");
    await fill(dialog, "Repeats", "2");
    await dialog.getByText(/^2 runs\. The training time is unknown: one combination/).waitFor();
    await dialog.getByText("Seed 42; Seed 43").waitFor();
    await dialog.getByRole("button", { name: "Start 2 runs" }).click();
    await page.waitForURL(/\/experiments\/1$/);
    await page.getByRole("heading", { level: 1, name: "ANN, repeats" }).waitFor();
    await page.getByText("2 repeats with different seeds.").waitFor();
    await page.getByText("2 of 2 runs finished.").waitFor({ timeout: 100_000 });
    await page.getByRole("heading", { name: "Mean ± SD of 2 runs" }).waitFor();
    expect(await labels(page)).toEqual(["Seed 42", "Seed 43"]);
    const { test } = await session.client.call("experiments.get", { experiment: 1 });
    const mean = (100 * (test?.accuracy.mean ?? NaN)).toFixed(2);
    await page
      .getByRole("definition")
      .filter({ hasText: `${mean} ±` })
      .first()
      .waitFor();
    expect(await page.getByRole("link", { name: "Compare runs" }).getAttribute("href")).toBe("/compare?runs=1,2");
    await page.getByRole("main").getByRole("link", { name: "Experiments" }).click();
    await page.getByRole("row").filter({ hasText: "ANN, repeats" }).getByText("2 of 2").waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("exports a report, figures and tables of all its runs", async () => {
    const { page, pageErrors } = await visit("/experiments/1");
    const exporting = page.getByRole("dialog", { name: "Export 2 runs" });
    for (const [kind, hint] of [
      [/^Report/, "Open report.html in any browser."],
      [/^Figures/, "Figures as SVG and PNG (300 dpi)."],
      [/^Tables/, "CSV tables"],
    ] as const) {
      await page.getByRole("button", { name: "Export…" }).click();
      await exporting.getByRole("radio", { name: kind }).check();
      await exporting
        .getByLabel("Destination", { exact: true })
        .selectOption({ label: "Write into a folder where Ectopy runs" });
      await exporting.getByLabel("Destination folder").fill(session.folder);
      await exporting.getByRole("button", { name: "Export", exact: true }).click();
      await waitForNotice(page, hint);
      await exporting.waitFor({ state: "detached" });
    }
    expect(pageErrors).toEqual([]);
  });

  it("starts a grid search, shows errors at the parameter, and selects the best run with its caveat", async () => {
    const { page, pageErrors } = await visit("/model/ann?preparation=1");
    const dialog = await dialogOver(page, "1");
    await dialog.getByRole("radio", { name: /^Grid/ }).check();
    await dialog.getByText("3 runs").first().waitFor();
    await dialog.getByText("The best run is selected on the validation set").waitFor();
    await fill(dialog, "Values", "0.01, x");
    await dialog.getByRole("alert").getByText("“x” is not a number.").waitFor();
    expect(await dialog.getByRole("button", { name: "Start", exact: true }).isDisabled()).toBe(true);
    await fill(dialog, "Values", "0.01 0.001");
    await dialog.getByRole("button", { name: "Add parameter" }).click();
    const second = dialog.getByRole("group", { name: "Parameter 2" });
    await second.getByLabel("Setting").selectOption({ label: "Dropout rate (all layers)" });
    await fill(second, "Values", "0.2");
    await fill(dialog, "Name", "Rates");
    await dialog.getByLabel("Optimise metric").selectOption({ label: "Validation macro F1" });
    await dialog.getByRole("button", { name: "Start 2 runs" }).click();
    await page.getByRole("heading", { level: 1, name: "Rates" }).waitFor();
    await page.getByText("2 of 2 runs finished.").waitFor({ timeout: 100_000 });
    expect(await labels(page)).toEqual([
      "Learning rate 0.001, dropout rate (all layers) 0.2",
      "Learning rate 0.01, dropout rate (all layers) 0.2",
    ]);
    await page.getByText(/^Highest validation macro F1 of 2 runs: .*optimistically biased/).waitFor();
    const { winner } = await session.client.call("experiments.get", { experiment: 2 });
    const winners = page.getByRole("row").filter({ has: page.locator("strong") });
    await winners.getByRole("link", { name: `Run ${winner}`, exact: true }).waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("keeps the form while the dialog is closed, runs a random search, and stops all runs", async () => {
    const { page, pageErrors } = await visit("/model/ann?preparation=1");
    const dialog = await dialogOver(page, "50000");
    await dialog.getByRole("radio", { name: /^Random search/ }).check();
    await fill(dialog, "Trials", "3");
    await fill(dialog, "From", "0.001");
    await fill(dialog, "To", "0.0001");
    await dialog.getByRole("alert").getByText("“To” must be greater than “From”.").waitFor();
    await fill(dialog, "To", "0.1");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "New experiment…" }).click();
    expect(await dialog.getByLabel("To", { exact: true }).inputValue()).toBe("0.1");
    await dialog.getByRole("button", { name: "Start 3 runs" }).click();
    await page.getByText("0 of 3 runs finished. The ETA is estimated after the first run.").waitFor();
    await page
      .getByText(/Epoch [\d,]+ of 50,000/)
      .first()
      .waitFor({ timeout: 100_000 });
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.getByRole("button", { name: "Stop training" }).click();
    await page.getByText("3 of 3 runs finished.").waitFor({ timeout: 100_000 });
    expect(await page.getByRole("button", { name: "Stop", exact: true }).count()).toBe(0);
    expect(pageErrors).toEqual([]);
  });
});
