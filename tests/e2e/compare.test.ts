/** The comparison page in a real browser, on runs that the test trains. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { askEctopy } from "../support/command-line.ts";
import { noBrowser } from "../support/app.ts";
import { browserSession } from "../support/browser-session.ts";
import { makeMeasuredWorkspace, SAMPLE } from "../support/shared-workspaces.ts";

describe.skipIf(noBrowser !== "")(`a comparison in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession(async (folder) => {
    const options = { workspace: join(folder, "workspace") };
    await makeMeasuredWorkspace(options.workspace, [SAMPLE, ["prepare", "1"]]);
    const small = ["--model", "ann", "--epochs", "2", "--steps-per-epoch", "40"];
    // Runs 1 and 2 differ in their seed, run 3 in its learning rate; run 4 was tested on other beats.
    await askEctopy(["search", "1", ...small, "--repeat", "2"], options);
    await askEctopy(["train", "1", ...small, "--lr", "0.0001"], options);
    await askEctopy(["prepare", "1", "--protocol", "inter-patient"], options);
    await askEctopy(["train", "2", ...small], options);
  });
  const { visit } = session;

  it("shows differing settings first, uses the first run as baseline, and pairs runs tested on the same beats", async () => {
    const { page, pageErrors } = await visit("/compare?runs=1,3,4");
    const settings = page.getByRole("table", { name: "Settings that differ" });
    await settings.waitFor();
    expect(await settings.getByRole("row", { name: /^Learning rate/ }).textContent()).toContain("0.0001");
    await page.getByText("These runs were tested on different beats").waitFor();
    const paired = page.getByRole("table", { name: "McNemar's test against run 1" });
    await paired.waitFor();
    expect(await paired.getByRole("row").count()).toBe(2);
    expect(await page.getByRole("radio", { name: "Use run 1 as baseline" }).isChecked()).toBe(true);
    await page.getByRole("radio", { name: "Use run 3 as baseline" }).check();
    await page.getByRole("table", { name: "McNemar's test against run 3" }).waitFor();
    expect(new URL(page.url()).searchParams.get("against")).toBe("3");
    expect(pageErrors).toEqual([]);
  });

  it("shows repeats as mean and SD, smooths on request, and shows shared settings", async () => {
    const { page, pageErrors } = await visit("/compare?runs=1,2");
    await page.getByLabel("Repeats as mean ± SD").check();
    await page.getByText("n = 2").waitFor();
    await page.getByRole("img", { name: /^Validation loss\. Run 1/ }).waitFor();
    await page.getByLabel("Smoothing").fill("50");
    await page.getByRole("img", { name: /^Validation loss, smoothed by 50 %\. Run 1/ }).waitFor();
    await page.getByLabel("X axis").selectOption("Training time (s)");
    await page.getByRole("button", { name: /shared settings/ }).click();
    await page.getByText("Window before R-peak (ms)").waitFor();
    await page.getByRole("region", { name: "Difference (run 2 − run 1)" }).waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("links from a cell of either matrix to its beats", async () => {
    const { page, pageErrors } = await visit("/compare?runs=1,2");
    const matrices = page.getByRole("region", { name: "Confusion matrix" });
    await matrices.nth(1).waitFor();
    for (const run of [1, 2]) {
      await page.goto(`http://127.0.0.1:${session.app.port}/compare?runs=1,2`);
      const cell = matrices.nth(run - 1).getByRole("link", { name: /beats of class N were predicted as N/ });
      // `68.6, 24 of 35 beats of class N were predicted as N`
      const [, found, all] = /([\d,]+) of ([\d,]+) beats/.exec((await cell.textContent())!)!;
      await cell.click();
      await page.getByText(`${found} of ${all} test beats of class N`).waitFor();
      expect(new URL(page.url()).pathname).toBe(`/runs/${run}/beats`);
    }
    expect(pageErrors).toEqual([]);
  });

  it("explains how to select runs, and reports an unknown run", async () => {
    const { page } = await visit("/compare");
    await page.getByText("No runs selected.").waitFor();
    const { page: other } = await visit("/compare?runs=1,99");
    await other.getByText("There is no run 99.").waitFor();
  });
});
