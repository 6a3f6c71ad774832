/**
 * Experiments on other machines in a real browser: an executor is added and tested, trains an experiment, and a run of another
 * one is cancelled. The other machine is this one, by a launcher.
 */
import type { Locator, Page } from "@playwright/test";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noBrowser } from "../support/app.ts";
import { browserSession } from "../support/browser-session.ts";
import { EXECUTOR_COMMAND } from "../support/cluster-workspace.ts";
import { prepareSmallSample } from "../support/small-preparation.ts";

/** Workers in the background, with a log each. */
const LAUNCHER =
  'for i in $(seq {workers}); do nohup sh -c "exec {worker}" >>{logs}/worker-$i.log 2>&1 </dev/null & done';
const SLOWLY = { timeout: 100_000 };

describe.skipIf(noBrowser !== "")(`experiments on other machines in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession(async (folder) => {
    mkdirSync(join(folder, "shared"));
    await prepareSmallSample(folder);
  });
  const { visit } = session;
  const shared = (): string[] => readdirSync(join(session.folder, "shared"));
  const fill = async (within: Page | Locator, label: string, value: string): Promise<void> => {
    const field = within.getByLabel(label, { exact: true });
    await field.fill(value);
    await field.blur();
  };
  const button = (within: Page | Locator, name: string) => within.getByRole("button", { name, exact: true });
  /** Sends repeats of the ANN to the executor. @returns their page */
  const sendRepeats = async (epochs: string, repeats: string): Promise<Page> => {
    const { page } = await visit("/model/ann?preparation=1");
    await page.getByText("trainable parameters").waitFor();
    await fill(page, "Max. epochs", epochs);
    await page.getByText("Advanced").click();
    await fill(page, "Steps per epoch", "2");
    await button(page, "New experiment…").click();
    const dialog = page.getByRole("dialog", { name: "New experiment" });
    await fill(dialog, "Repeats", repeats);
    await dialog.getByLabel("Run on").selectOption("here");
    await dialog
      .getByRole("note")
      .getByText(/^Sent to here, into a folder in .+header notes and patient labels/)
      .waitFor();
    await button(dialog, `Send ${repeats} runs`).click();
    await page.waitForURL(/\/experiments\/\d+$/, SLOWLY);
    return page;
  };
  const row = (page: Page, run: number): Locator =>
    page.getByRole("row").filter({ has: page.getByRole("link", { name: `Run ${run}`, exact: true }) });

  it("adds an executor, says what is missing, and tests it by one step", async () => {
    const { page, pageErrors } = await visit("/settings");
    await button(page, "Add executor…").click();
    const dialog = page.getByRole("dialog", { name: "Add executor" });
    await dialog.getByLabel("Kind").selectOption({ label: "Launcher" });
    await fill(dialog, "Name", "here");
    await button(dialog, "Save").click();
    await dialog.getByRole("alert").first().waitFor();
    await fill(dialog, "Shared folder, as this machine sees it", join(session.folder, "shared"));
    await fill(dialog, "Command that starts Ectopy there", EXECUTOR_COMMAND);
    await fill(dialog, "Command line that starts workers", LAUNCHER);
    await button(dialog, "Save").click();
    await dialog.waitFor({ state: "detached" });
    await button(page, "Test here").click();
    await page.getByText(/^One step was trained on .+ after the start\.$/).waitFor(SLOWLY);
    expect(shared()).toEqual([]);
    expect(pageErrors).toEqual([]);
  });

  it("sends an experiment, and shows its runs with their machine once they are collected", async () => {
    const page = await sendRepeats("1", "3");
    await page.getByText("3 of 3 runs finished.").waitFor(SLOWLY);
    const { runs } = await session.client.call("experiments.get", { experiment: 1 });
    expect(runs.map(({ status }) => status)).toEqual(["completed", "completed", "completed"]);
    for (const { run, machine } of runs) await row(page, run).getByText(machine!.host).waitFor();
    await expect.poll(shared, SLOWLY).toEqual([]);
  });

  it("shows what each run does and the workers' logs, cancels one run, then stops all", async () => {
    const page = await sendRepeats("100000", "3");
    const [first, second] = (await session.client.call("experiments.get", { experiment: 2 })).runs.map(
      ({ run }) => run,
    );
    await row(page, first)
      .getByText(/Epoch [\d,]+ of 100,000/)
      .waitFor(SLOWLY);
    await row(page, second).getByText("Waits for a worker").waitFor(SLOWLY);
    await button(page, "Logs…").click();
    const logs = page.getByRole("dialog", { name: "Logs of the workers" });
    await logs
      .getByLabel("End of the log")
      .getByText(/Run 1: Training, epoch/)
      .waitFor();
    await page.keyboard.press("Escape");
    await button(page, `Cancel run ${second}`).click();
    await row(page, second)
      .getByText(/^cancelled$/i)
      .waitFor(SLOWLY);
    await button(page, "Stop").click();
    await button(page, "Stop training").click();
    await page.getByText("3 of 3 runs finished.").waitFor(SLOWLY);
    // It had trained: its best epoch is kept.
    await row(page, first)
      .getByText(/^stopped$/i)
      .waitFor();
    await expect.poll(shared, SLOWLY).toEqual([]);
  });
});
