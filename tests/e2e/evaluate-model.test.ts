/** Evaluation of external models in a real browser: a model that Ectopy exported, and files that are no model. */
import type { Locator, Page } from "@playwright/test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeKerasH5 } from "../../src/engine/exchange/keras-h5.ts";
import { readKerasModel } from "../../src/engine/exchange/keras-model.ts";
import type { RunDetails } from "../../src/contract/domain/runs.ts";
import { noBrowser } from "../support/app.ts";
import { browserSession } from "../support/browser-session.ts";
import { askEctopy } from "../support/command-line.ts";
import { makeMeasuredWorkspace, SAMPLE } from "../support/shared-workspaces.ts";

describe.skipIf(noBrowser !== "")(`evaluation of a model in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  let trained: RunDetails;
  const session = browserSession(async (folder) => {
    const options = { workspace: join(folder, "workspace") };
    const models = join(folder, "models");
    mkdirSync(models);
    await makeMeasuredWorkspace(options.workspace, [SAMPLE, ["prepare", "1"]]);
    trained = await askEctopy(["train", "1", "--model", "ann", "--epochs", "1", "--steps-per-epoch", "40"], options);
    await askEctopy(["export", "keras", "1", "--to", models], options);
    await askEctopy(["prepare", "1", "--before", "250", "--after", "250"], options);
    const whole = readFileSync(join(models, "ectopy-run-1-keras", "model.h5"));
    writeFileSync(join(models, "cut.h5"), whole.subarray(0, 3000));
    writeFileSync(join(models, "words.h5"), "This is no model.");
    // As another program writes it: no names of classes, no recipe.
    const { model } = await readKerasModel(join(models, "ectopy-run-1-keras", "model.h5"));
    await writeKerasH5(join(models, "foreign.h5"), [model], {});
  });
  const { visit } = session;
  const dialogOf = async (page: Page): Promise<Locator> => {
    await page.getByRole("button", { name: "Evaluate external model…" }).click();
    const dialog = page.getByRole("dialog", { name: "Evaluate external model" });
    await dialog.waitFor();
    return dialog;
  };
  const evaluate = (dialog: Locator): Promise<void> =>
    dialog.getByRole("button", { name: "Evaluate", exact: true }).click();

  it("reproduces the metrics of the exported run, and marks the model as trained elsewhere", async () => {
    const { page, pageErrors } = await visit("/runs");
    const dialog = await dialogOf(page);
    await dialog.getByRole("button", { name: "Choose…" }).click();
    const files = page.getByRole("dialog", { name: "Choose a model file" });
    await files.getByLabel("Model file").fill(join(session.folder, "models"));
    await files.getByRole("button", { name: "Open folder" }).click();
    await files.getByRole("button", { name: "cut.h5" }).waitFor();
    expect(await files.getByRole("button", { name: "Use this model" }).isDisabled()).toBe(true);
    await files.getByRole("button", { name: "ectopy-run-1-keras" }).click();
    await files.getByRole("button", { name: "model.h5" }).click();
    await files.getByRole("button", { name: "Use this model" }).click();
    await dialog.getByLabel("Preparation").selectOption({ value: "1" });
    await evaluate(dialog);
    // Beats of each recording are in training and test set: that is said before the evaluation.
    await dialog.getByText(/of the test set, or other recordings of their patients, trained the model/).waitFor();
    await evaluate(dialog);
    await page.getByRole("heading", { name: /^Run 2: / }).waitFor();
    await page.getByText(/Read from model\.h5\. The model was trained elsewhere and is only tested here/).waitFor();
    const accuracy = `${(100 * trained.run.result!.test.accuracy).toFixed(2)} %`;
    await page.getByRole("definition").filter({ hasText: accuracy }).first().waitFor();
    const tested = await session.client.call("runs.get", { run: 2 });
    expect(tested.run.result!.test.confusion).toEqual(trained.run.result!.test.confusion);
    await page.getByRole("table", { name: /^Confusion matrix, test/ }).waitFor();
    expect(await page.getByRole("heading", { name: "Training curves" }).count()).toBe(0);
    expect(await page.getByText("not used for training").count()).toBe(0);
    expect(pageErrors).toEqual([]);
  });

  it("asks for the order of the classes where the file does not name them, and invents no training settings", async () => {
    const { page, pageErrors } = await visit("/runs");
    const dialog = await dialogOf(page);
    await dialog.getByLabel("Model file").fill(join(session.folder, "models", "foreign.h5"));
    await dialog.getByLabel("Preparation").selectOption({ value: "1" });
    await evaluate(dialog);
    await dialog.getByText(/The file does not name them\. Check their order/).waitFor();
    const order = dialog.getByLabel("Classes of the outputs");
    const labels = (await order.inputValue()).split(", ");
    await order.fill([...labels.slice(1), "x"].join(", "));
    await dialog.getByText("The order does not name each class once.").waitFor();
    await order.fill([...labels].reverse().join(", "));
    await evaluate(dialog);
    await page.getByRole("heading", { name: /^Run \d+: / }).waitFor();
    await page.getByText("trained elsewhere, read from foreign.h5").waitFor();
    expect(await page.getByText("Learning rate").count()).toBe(0);
    const run = Number(/\/runs\/(\d+)/.exec(page.url())![1]);
    const tested = await session.client.call("runs.get", { run });
    const columns = (confusion: number[][]): number[][] => confusion.map((row) => [...row].reverse());
    const { confusion } = trained.run.result!.test;
    expect(tested.run.result!.test.confusion).toEqual(columns(confusion));
    expect(pageErrors).toEqual([]);
  });

  it.each([
    ["is no model", "words.h5", "1", /is not a model that Keras or Ectopy saved/],
    ["was cut short", "cut.h5", "1", /is not a model that Keras or Ectopy saved/],
    ["does not exist", "none.h5", "1", /none\.h5 does not exist\./],
    ["takes other beats", "ectopy-run-1-keras/model.h5", "2", /its window has 360 samples, not 180/],
  ])("says of a file that %s what is wrong, and adds no run", async (_, file, preparation, words) => {
    const { page, pageErrors } = await visit("/runs");
    const before = (await session.client.call("runs.list", {})).length;
    const dialog = await dialogOf(page);
    await dialog.getByLabel("Model file").fill(join(session.folder, "models", file));
    await dialog.getByLabel("Preparation").selectOption({ value: preparation });
    await evaluate(dialog);
    await dialog.getByRole("alert").getByText(words).waitFor();
    expect(await dialog.getByLabel("Model file").getAttribute("aria-invalid")).toBe("true");
    expect(await session.client.call("runs.list", {})).toHaveLength(before);
    expect(pageErrors).toEqual([]);
  });
});
