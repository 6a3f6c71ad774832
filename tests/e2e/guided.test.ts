/**
 * The guided path of a new user: from recordings to a trained network by the highlighted buttons, and from the network to a
 * classified, corrected and reported recording.
 */
import { describe, expect, it } from "vitest";
import { REVIEWED_FLAG, unpackLabels, type Label } from "../../src/contract/domain/labels.ts";
import { DEFAULT_REPORT_SETTINGS } from "../../src/contract/domain/recording-report.ts";
import type { RunOverview } from "../../src/contract/domain/runs.ts";
import { beginReview } from "../support/begin-review.ts";
import { noBrowser, type WatchedPage } from "../support/app.ts";
import { browserSession } from "../support/browser-session.ts";
import { importInspected, trainOnSample } from "../support/guided-path.ts";
import { mitdb, NO_MITDB } from "../support/real-data.ts";

describe.skipIf(noBrowser !== "")(`the guided path${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession();
  const visit = async (): Promise<WatchedPage> => {
    const visited = await session.visit("/");
    // The polls wait for work, such as importing and preparing recordings, on a machine that may be busy.
    visited.page.setDefaultTimeout(180_000);
    return visited;
  };
  const latest = async (): Promise<RunOverview | undefined> => (await session.client.call("runs.list", {}))[0];

  it("leads from the sample to a trained ANN", { timeout: 300_000 }, async () => {
    const { page, pageErrors } = await visit();
    await trainOnSample(page);
    await expect.poll(async () => (await latest())?.status, { timeout: 180_000 }).toBe("completed");
    expect(await latest()).toMatchObject({
      settings: { network: "ann", epochs: 50 },
      preparation: { protocol: "intra-patient" },
      dataset: { synthetic: true },
      test: { accuracy: expect.any(Number) as number },
    });
    await page.goto(`http://127.0.0.1:${session.app.port}/runs`);
    await page.getByText("completed").first().waitFor();
    await page.getByText("ANN").first().waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("leads from the trained ANN to a classified, corrected and reported recording", { timeout: 300_000 }, async () => {
    const { page, pageErrors } = await visit();
    await page.goto(`http://127.0.0.1:${session.app.port}/runs/${(await latest())!.id}`);
    await page.getByRole("button", { name: "Classify…" }).click();
    const dialog = page.getByRole("dialog", { name: "Classify recordings" });
    await dialog.getByText(/^12 recordings will be classified/).waitFor();
    // The test metrics of this run are those of patients that trained it.
    await dialog
      .getByText(/intra-patient|trained/i)
      .first()
      .waitFor();
    await dialog.getByText("What a threshold costs on the test set").click();
    await dialog.getByRole("columnheader", { name: "Accuracy of the rest" }).waitFor();
    await dialog.getByRole("button", { name: "Classify", exact: true }).click();
    await dialog.getByText(/^12 recordings classified, as the annotation set run1\.$/).waitFor();
    const all = dialog.getByRole("row", { name: /^All / });
    const beats = (await all.getByRole("cell").allTextContents()).map((text) => Number(text.replaceAll(",", "")));
    expect(beats.reduce((a, b) => a + b, 0)).toBeGreaterThan(4000);
    await dialog.getByRole("link", { name: "s01" }).click();
    await page.getByRole("heading", { level: 1, name: "Recording s01" }).waitFor();
    expect(new URL(page.url()).searchParams.get("set")).toBe("run1");
    const review = await beginReview(page, "A. Reviewer");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("F");
    await review.getByText("Edits (1)").waitFor();
    const { corrections, models, set } = await session.client.call("recordings.report", {
      dataset: 1,
      record: "s01",
      set: "run1-reviewed",
      settings: DEFAULT_REPORT_SETTINGS,
    });
    expect(corrections).toMatchObject([{ reviewer: "A. Reviewer", to: "F", beats: 1 }]);
    expect([set.origin, models.map(({ run }) => run)]).toEqual(["reviewed", [1]]);
    await page.getByRole("button", { name: "Report", exact: true }).click();
    await page.getByRole("heading", { name: "Hours" }).waitFor();
    // The sample's recordings last five minutes: they are compared from their start.
    await page.goto(`http://127.0.0.1:${session.app.port}/annotation-sets/1/compare?set=atr&with=run1`);
    await page.getByRole("heading", { name: "Agreement" }).waitFor();
    const agreed = page.locator("dt", { hasText: "Beats that both have" }).locator("+ dd");
    expect(Number((await agreed.innerText()).replaceAll(",", ""))).toBeGreaterThan(4000);
    expect(pageErrors).toEqual([]);
  });

  it("learns from the corrections, and takes the new labels back", { timeout: 300_000 }, async () => {
    const { page, pageErrors } = await visit();
    const place = { dataset: 1, record: "s01", set: "run1-reviewed" };
    const labels = async (): Promise<Label[]> =>
      unpackLabels((await session.client.call("reviews.open", place)).labels);
    const reviewed = (of: readonly Label[]): Label[] => of.filter(({ flags }) => (flags & REVIEWED_FLAG) !== 0);
    await page.goto(`http://127.0.0.1:${session.app.port}/recordings/1/s01?set=run1-reviewed`);
    await page.getByRole("button", { name: "Review", exact: true }).click();
    const review = page.getByRole("group", { name: "Review" });
    const learn = review.getByRole("button", { name: "Learn from corrections" });
    await learn.waitFor();
    expect(await learn.isDisabled()).toBe(true);
    await page.keyboard.press("ArrowRight");
    // A key that is pressed before the answer to the last one confirms the same beat again.
    const confirmOne = async (): Promise<number> => {
      await page.keyboard.press(".");
      return (await session.client.call("reviews.open", place)).progress.reviewedBeats;
    };
    await expect.poll(confirmOne, { timeout: 60_000 }).toBeGreaterThanOrEqual(12);
    await review.getByText("Every edit is stored.").waitFor();
    const before = await labels();
    await learn.click();
    await review.getByRole("button", { name: "Take back" }).waitFor();
    const after = await labels();
    expect(reviewed(after)).toEqual(reviewed(before));
    expect(after).not.toEqual(before);
    const [tuned] = await session.client.call("runs.list", {});
    expect(tuned.preparation.protocol).toBe("patient-specific");
    await page.keyboard.press("Control+z");
    await review.getByRole("button", { name: "Take back" }).waitFor({ state: "detached" });
    expect(await labels()).toEqual(before);
    await page.keyboard.press("Control+Shift+Z");
    await review.getByRole("button", { name: "Take back" }).click();
    await review.getByText(/^Edits/).click();
    await review.getByText(/Take back the labels of/).waitFor();
    expect(await labels()).toEqual(before);
    await page.goto(`http://127.0.0.1:${session.app.port}/runs/${tuned.id}`);
    await page.getByText("Patient-specific").first().waitFor();
    expect(pageErrors).toEqual([]);
  });

  it(
    "leads from the MIT-BIH folder by the reference preparation to an ANN in training",
    { timeout: 600_000 },
    async (ctx) => {
      if (mitdb === undefined) ctx.skip(NO_MITDB);
      const { page, pageErrors } = await visit();
      await page.getByRole("button", { name: "enter a path" }).click();
      await page.getByRole("button", { name: "Parent folder" }).waitFor();
      await page.getByLabel("Folder or file").fill(mitdb!);
      await page.keyboard.press("Enter");
      await importInspected(page, "mitdb");
      await page
        .getByRole("row", { name: /^mitdb .*\b48 / })
        .getByRole("link", { name: "Prepare" })
        .click();
      await page.getByRole("radio", { name: /^Reference/ }).check();
      // The reference study's numbers: 14 classes, SMOTE up to the largest, N sampled down to 50,000.
      await page.getByText("102,606 real beats used.").waitFor();
      await page.getByText("because balancing precedes the split").waitFor();
      await page.getByRole("button", { name: "Prepare", exact: true }).click();
      await page.getByText("615,085 training, 205,029 validation and 205,029 test beats").waitFor();
      await page.getByText("48 patients").waitFor();
      await page.getByRole("button", { name: "Choose a model" }).click();
      await page.getByRole("link", { name: "ANN" }).click();
      await page.getByRole("button", { name: "Train", exact: true }).click();
      await page.waitForURL(/\/training/);
      await expect.poll(async () => (await latest())?.status, { timeout: 180_000 }).toBe("running");
      const run = (await latest())!;
      expect(run).toMatchObject({ settings: { network: "ann", epochs: 50 }, preparation: { protocol: "reference" } });
      await session.client.until("run.progress", ({ run: id, progress }) => id === run.id && progress.step > 0);
      await session.client.call("training.stop", { run: run.id });
      await expect.poll(async () => (await latest())?.status, { timeout: 180_000 }).not.toBe("running");
      expect(pageErrors).toEqual([]);
    },
  );
});
