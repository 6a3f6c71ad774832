/** Test beats of a run that was trained on the sample, in a real browser: from the matrix to the recording and back. */
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { defaultPreparation, defaultTraining } from "../../src/contract/settings/defaults.ts";
import type { ConfusionMatrix } from "../../src/contract/domain/evaluation.ts";
import type { Protocol } from "../../src/contract/domain/preparation.ts";
import { noBrowser } from "../support/app.ts";
import { browserSession } from "../support/browser-session.ts";
import { makeWorkspace, SAMPLE } from "../support/shared-workspaces.ts";

describe.skipIf(noBrowser !== "")(`test beats in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession((folder) => makeWorkspace(join(folder, "workspace"), [SAMPLE]));
  let labels: string[];
  let confusion: ConfusionMatrix;
  const { visit } = session;
  const job = async (started: Promise<{ job: { id: number } }>): Promise<void> => {
    const { id } = (await started).job;
    const ended = await session.client.until("job.changed", (job) => job.id === id && job.state !== "running");
    expect(ended.state).toBe("done");
  };
  /** Trains a run for a few steps only, so that it makes errors. */
  const trained = async (preparation: number): Promise<number> => {
    // A given number of threads is not measured before the training.
    const settings = { ...defaultTraining("ann"), epochs: 1, stepsPerEpoch: 30, threads: 1 };
    const { run } = await session.client.call("training.start", { preparation, settings });
    await vi.waitFor(
      async () => expect((await session.client.call("runs.overview", { run }))?.status).toBe("completed"),
      {
        timeout: 200_000,
        interval: 200,
      },
    );
    return run;
  };
  const prepare = (protocol: Protocol, change: object) =>
    job(
      session.client.call("preparations.prepare", {
        dataset: 1,
        settings: { ...defaultPreparation(protocol), denoising: "none", classMap: "aami", ...change },
      }),
    );

  beforeAll(async () => {
    await prepare("intra-patient", { balancing: "none" });
    await prepare("reference", { normalisation: "z-score" });
    expect([await trained(1), await trained(2)]).toEqual([1, 2]);
    const { run, preparation } = await session.client.call("runs.get", { run: 1 });
    labels = preparation.summary.labels;
    confusion = run.result!.test.confusion;
  });

  it("links from a cell to its beats, opens a recording by keyboard, and returns to the same beat", async () => {
    const { page, pageErrors } = await visit("/runs/1");
    const n = labels.indexOf("N");
    const matrix = page.getByRole("table", { name: /^Confusion matrix, test/ });
    await matrix.getByRole("link", { name: /of class N were predicted as N$/ }).click();
    await page.waitForURL(/\/runs\/1\/beats\?truth=N&predicted=N$/);
    await page.getByRole("heading", { name: "Beats of class N predicted as N" }).waitFor();
    // The text of the protocol.
    await page.getByText("intra-patient").waitFor();
    const list = page.getByRole("grid", { name: "Beats" });
    await list.waitFor();
    expect(await list.getAttribute("aria-rowcount")).toBe(String(confusion[n][n] + 1));
    await page.getByRole("img", { name: /^Beats of class N predicted as N, overlay: / }).waitFor();
    await page.getByRole("img", { name: "Selected beat: mean N, selected beat" }).waitFor();
    await list.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const row = list.getByRole("row", { selected: true });
    expect(await row.getAttribute("aria-rowindex")).toBe("4");
    const [record, time] = await row.getByRole("gridcell").allTextContents();
    await page.getByText(`recording ${record} at ${time}`).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: `Recording ${record}` }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/recordings/1/${record}`);
    await page.goBack();
    await expect.poll(() => row.getAttribute("aria-rowindex")).toBe("4");
    expect(await row.getByRole("gridcell").allTextContents()).toContain(time);
    expect(pageErrors).toEqual([]);
  });

  it("sorts by confidence in both directions and by recording, and filters by class", async () => {
    const { page, pageErrors } = await visit("/runs/1/beats");
    await page.getByRole("heading", { name: "All test beats" }).waitFor();
    const list = page.getByRole("grid", { name: "Beats" });
    const row = list.getByRole("row", { selected: true });
    const confidence = async () => parseFloat((await row.getByRole("gridcell").nth(4).innerText()).replace(">", ""));
    const surest = await confidence();
    const all = confusion.flat().reduce((a, b) => a + b, 0);
    await list.focus();
    await page.keyboard.press("End");
    await expect.poll(() => row.getAttribute("aria-rowindex")).toBe(String(all + 1));
    expect(await confidence()).toBeLessThan(surest);
    const leastSure = await row.innerText();
    await list.getByRole("button", { name: "Confidence" }).click();
    await page.waitForURL(/order=least-confident/);
    await expect.poll(() => row.innerText()).toBe(leastSure);
    await list.getByRole("button", { name: "Recording" }).click();
    await page.waitForURL(/order=record/);
    await page.getByLabel("True class").selectOption("V");
    await page.getByRole("heading", { name: "Beats of class V", exact: true }).waitFor();
    await page.getByLabel("Predicted class").selectOption("N");
    await page.waitForURL(/truth=V&predicted=N/);
    const missed = confusion[labels.indexOf("V")][labels.indexOf("N")];
    await page.getByText(new RegExp(`^${missed} of \\d+ test beats of class V`)).waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("explains a prediction: contributions of all samples sum up to the change of the log odds", async () => {
    const { page, pageErrors } = await visit("/runs/1/beats?truth=V");
    await page.getByText(/^Why \S+\?$/).click();
    const drawing = page.getByRole("img", { name: /^The beat as the network gets it/ });
    await drawing.waitFor();
    await page.getByLabel("Class", { exact: true }).selectOption("V");
    await page.getByText("Why V?").waitFor();
    await expect.poll(() => drawing.getAttribute("aria-label")).toContain("Log odds of V: ");
    // An ANN has no convolution.
    await page.getByText("Grad-CAM does not apply").waitFor();
    const { beat, logOdds, features } = await session.client.call("runs.explainBeat", {
      run: 1,
      number: 0,
      label: labels.indexOf("V"),
    });
    const sum = beat!.contributions.reduce((all, value) => all + value, 0);
    expect(Math.abs(sum - (logOdds.beat - logOdds.baseline))).toBeLessThan(0.05);
    expect([features, beat!.guided]).toEqual([null, null]);
    expect(pageErrors).toEqual([]);
  });

  it("reports an empty cell and an unknown run", async () => {
    const { page } = await visit("/runs/1/beats");
    const empty = confusion.flatMap((row, i) =>
      row.flatMap((beats, j) => (beats === 0 ? [[labels[i], labels[j]]] : [])),
    );
    // Not every pair of classes is confused after so short a training.
    const [truth, predicted] = empty[0];
    await page.getByLabel("True class").selectOption(truth);
    await page.getByLabel("Predicted class").selectOption(predicted);
    await page.getByText(`No test beat of class ${truth} was predicted as ${predicted}.`).waitFor();
    await page.getByRole("link", { name: `All of class ${truth}` }).click();
    await page.getByRole("grid", { name: "Beats" }).waitFor();
    await page.goto(`http://127.0.0.1:${session.app.port}/runs/99/beats`);
    await page.getByRole("alert").getByText("There is no run 99.").waitFor();
  });

  it("marks a synthetic beat and links to the beats it was interpolated from", async () => {
    const { page, pageErrors } = await visit("/runs/2/beats?order=record");
    await page.getByText(/test beats are synthetic/).waitFor();
    const list = page.getByRole("grid", { name: "Beats" });
    await list.focus();
    // By recording, the synthetic ones come last.
    await page.keyboard.press("End");
    const chosen = page.getByText(/^Synthetic beat, interpolated by SMOTE: \d+ % of the way from/);
    await chosen.waitFor();
    expect(await chosen.getByRole("link", { name: /^recording \S+ at \d+:\d\d\.\d{3}$/ }).count()).toBe(2);
    await list.getByRole("row", { selected: true }).getByText("synthetic", { exact: true }).waitFor();
    await page.getByText("SD", { exact: true }).first().waitFor();
    expect(pageErrors).toEqual([]);
  });
});
