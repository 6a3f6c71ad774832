/** The model screen in a real browser: layers edited, models kept, time measured, trainings begun. */
import type { Locator, Page } from "@playwright/test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunOverview } from "../../src/contract/domain/runs.ts";
import { presets } from "../../src/contract/settings/network-presets.ts";
import { noBrowser } from "../support/app.ts";
import { browserSession, seriousFaults } from "../support/browser-session.ts";
import { prepareSmallSample } from "../support/small-preparation.ts";

describe.skipIf(noBrowser !== "")(`a model in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession(prepareSmallSample);
  const { visit } = session;
  const layers = (page: Page): Locator => page.getByRole("list", { name: "Layers" }).getByRole("listitem");
  const ids = (page: Page): Promise<string[]> =>
    layers(page)
      .getByRole("textbox", { name: /^Name of layer/ })
      .evaluateAll((inputs) => inputs.map((input) => (input as unknown as { value: string }).value));
  const described = (page: Page): Promise<void> => page.getByText("parameters are trained").waitFor();

  it("shows each layer's output, parameters and memory, of each of the study's networks", async () => {
    const { page, complaints } = await visit("/model");
    await described(page);
    await layers(page).filter({ hasText: "Convolution" }).first().getByText("360 × 64").waitFor();
    await page.getByRole("link", { name: "ANN" }).click();
    await page.waitForURL(/\/model\/ann$/);
    const first = layers(page).first();
    await first.getByText("92,416").waitFor();
    await first.getByText("1.0 kB").waitFor();
    expect(await ids(page)).toEqual(presets.ann.layers.map(({ id }) => id));
    await page.getByRole("link", { name: "LSTM" }).click();
    await expect.poll(() => page.getByLabel("Batch", { exact: true }).inputValue()).toBe("128");
    expect(complaints).toEqual([]);
  });

  it("adds, moves, renames and removes layers by keyboard, takes all of it back, and says what is wrong where", async () => {
    const { page, complaints } = await visit("/model/ann");
    await described(page);
    const before = await ids(page);
    await page.getByLabel("Another layer").selectOption("flatten");
    await page.getByLabel("Place").selectOption({ label: "after dense-1" });
    await page.getByRole("button", { name: "Add", exact: true }).focus();
    await page.keyboard.press("Enter");
    const wrong = page.getByRole("listitem", { name: /^Layer flatten-1/ });
    await wrong.getByText("It takes a sequence; what comes in is a row already.").waitFor();
    expect(await page.getByRole("button", { name: "Train", exact: true }).isDisabled()).toBe(true);
    await page.getByText("A layer is wrong: see the list.").waitFor();
    // A changed preset is the study's no more.
    expect(await page.getByLabel("Name of the model").inputValue()).toBe("ANN, changed");

    const up = page.getByRole("button", { name: "Move flatten-1 up" });
    await up.focus();
    await page.keyboard.press("Alt+ArrowDown");
    await expect.poll(() => ids(page)).toEqual([...before.slice(0, 2), "flatten-1", ...before.slice(2)]);
    // What was moved keeps the focus.
    await page.keyboard.press("Alt+ArrowUp");
    await expect.poll(() => ids(page)).toEqual([before[0], "flatten-1", ...before.slice(1)]);
    await page.getByRole("button", { name: "Remove layer flatten-1" }).focus();
    await page.keyboard.press("Enter");
    await described(page);
    expect(await ids(page)).toEqual(before);
    await page.getByText("The study's ANN.").waitFor();

    await page.getByLabel("Name of layer dense-1").fill("wide");
    await page.keyboard.press("Tab");
    await expect.poll(() => ids(page)).toEqual(["wide", ...before.slice(1)]);
    const units = page.getByRole("listitem", { name: /^Layer wide/ }).getByLabel("units");
    await units.fill("512");
    await page.keyboard.press("Enter");
    await layers(page).first().getByText("184,832").waitFor();
    await page.getByRole("heading", { name: "Model" }).click();
    await page.keyboard.press("Control+z");
    await layers(page).first().getByText("92,416").waitFor();
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await expect.poll(() => ids(page)).toEqual(before);
    expect(complaints).toEqual([]);
  });

  it("moves a layer by dragging it", async () => {
    const { page } = await visit("/model/lstm");
    await described(page);
    const [one, two, ...rest] = await ids(page);
    await layers(page).nth(1).locator("[draggable]").dragTo(layers(page).nth(0));
    await expect.poll(() => ids(page)).toEqual([two, one, ...rest]);
  });

  it("keeps what was changed while one looks elsewhere, and on loading anew", async () => {
    const { page } = await visit("/model/cnn");
    await described(page);
    await page.getByRole("button", { name: "Remove layer dropout-1" }).click();
    await page.getByLabel("Epochs, at most").fill("3");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    await page.goBack();
    await described(page);
    expect(await ids(page)).not.toContain("dropout-1");
    await page.reload();
    await described(page);
    expect(await ids(page)).not.toContain("dropout-1");
    expect(await page.getByLabel("Epochs, at most").inputValue()).toBe("3");
    await page.getByRole("button", { name: "Drop changes" }).click();
    await expect.poll(() => ids(page)).toContain("dropout-1");
    await page.getByRole("button", { name: "Undo" }).last().click();
    await expect.poll(() => ids(page)).not.toContain("dropout-1");
  });

  it("saves, copies, exports, imports and removes models, with a way back", async () => {
    const { page, complaints } = await visit("/model/cnn");
    await described(page);
    await page.getByRole("button", { name: "Remove layer dropout-1" }).click();
    await page.getByLabel("Name of the model").fill("Short CNN");
    await page.getByRole("button", { name: "Save as your own" }).click();
    await page.getByText("Short CNN is saved.").waitFor();
    await page.waitForURL(/\/model\/1$/);
    await page.getByRole("button", { name: "Copy" }).click();
    await page.waitForURL(/\/model\/2$/);
    await page.getByRole("link", { name: "Short CNN copy" }).waitFor();

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("Short-CNN-copy.json");
    const file = join(session.folder, "exported.json");
    await download.saveAs(file);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ name: "Short CNN copy" });
    await page.locator("input[type=file]").setInputFiles(file);
    await page.waitForURL(/\/model\/3$/);
    await page.getByRole("link", { name: "Short CNN copy 2" }).waitFor();
    const broken = join(session.folder, "broken.json");
    writeFileSync(broken, '{"name": "Broken", "layers": [{"id": "a", "kind": "dense"}]}');
    await page.locator("input[type=file]").setInputFiles(broken);
    await page.getByText(/broken\.json: layer 1 \(“a”\), units: missing/).waitFor();

    await page.getByRole("button", { name: "Delete" }).click();
    await page.waitForURL(/\/model$/);
    await expect.poll(() => page.getByRole("link", { name: "Short CNN copy 2" }).count()).toBe(0);
    await page.getByRole("button", { name: "Undo" }).last().click();
    await page.waitForURL(/\/model\/3$/);
    await page.reload();
    await described(page);
    expect(complaints).toEqual([]);
  });

  it("says that the time is not known, measures it, and reckons with it", async () => {
    const { page, complaints } = await visit("/model/ann");
    await page.getByText("Not measured yet on this machine").waitFor();
    await page.getByRole("button", { name: "Measure it" }).click();
    await page.getByText(/Measured on this machine: .* a step of 64 beats/).waitFor();
    await page.getByText(/an epoch of \d+ steps,/).waitFor();
    await page.getByLabel("Batch", { exact: true }).fill("32");
    await page.keyboard.press("Enter");
    await page.getByText("Not measured yet on this machine").waitFor();
    expect(complaints).toEqual([]);
  });

  it("queues runs that differ by their seed, and fills in a run's settings again", async () => {
    const { page, complaints } = await visit("/model/ann?preparation=1");
    await described(page);
    const set = async (label: string, value: string): Promise<void> => {
      await page.getByLabel(label, { exact: true }).fill(value);
      await page.keyboard.press("Enter");
    };
    await set("Epochs, at most", "2");
    await set("Runs", "2");
    await page.getByText("Advanced").click();
    await page.getByLabel("Optimizer").selectOption("sgd");
    await set("Momentum", "5e-1");
    await page.getByLabel("The rate goes on").selectOption("cosine");
    await page.getByLabel("Gradients clipped").selectOption("global-norm");
    await set("Steps an epoch", "2");
    await set("Seed", "5");
    await page.getByRole("button", { name: "Train 2 runs" }).click();
    await page.waitForURL(/\/training/);
    const runs = async (): Promise<RunOverview[]> => session.client.call("runs.list", {});
    await expect
      .poll(async () => (await runs()).map(({ status }) => status), { timeout: 100_000 })
      .toEqual(["completed", "completed"]);
    const [second, first] = await runs();
    expect(first?.settings).toMatchObject({
      network: "ann",
      epochs: 2,
      seed: 5,
      optimizer: { kind: "sgd", momentum: 0.5 },
      schedule: { kind: "cosine" },
      clipping: { kind: "global-norm", limit: 1 },
    });
    expect(second?.settings).toMatchObject({ seed: 6 });

    const other = await visit("/model?run=2");
    await other.page.waitForURL(/\/model\/ann\?preparation=1$/);
    await expect.poll(() => other.page.getByLabel("Epochs, at most").inputValue()).toBe("2");
    await other.page.getByText("Advanced").click();
    expect(await other.page.getByLabel("Seed").inputValue()).toBe("6");
    expect(await other.page.getByLabel("Optimizer").inputValue()).toBe("sgd");
    expect([...complaints, ...other.complaints]).toEqual([]);
  });

  it("fills in a network that is not saved, and says so where there is no such run or model", async () => {
    const network = { name: "Once", layers: [{ id: "only", kind: "dense", units: 3, activation: "tanh" }] } as const;
    const [run] = await session.client.call("runs.list", {});
    const { run: made } = await session.client.call("training.start", {
      preparation: 1,
      settings: { ...run.settings, network: { ...network, layers: [...network.layers] } },
    });
    const { page } = await visit(`/model?run=${made}`);
    await page.waitForURL(/\/model\/new\?/);
    expect(await page.getByLabel("Name of the model").inputValue()).toBe("Once");
    expect(await ids(page)).toEqual(["only"]);
    await page.goto(`http://127.0.0.1:${session.app.port}/model?run=999`);
    await page.getByText("There is no run 999.").waitFor();
    await page.goto(`http://127.0.0.1:${session.app.port}/model/999`);
    await page.getByText("There is no such model any more.").waitFor();
  });

  it.each(["light", "dark"] as const)("has no serious fault of accessibility, %s", async (theme) => {
    const { page } = await visit("/model/cnn", theme);
    await described(page);
    await page.getByText("Advanced").click();
    await page.getByLabel("Optimizer").selectOption("rmsprop");
    await page.getByLabel("Another layer").selectOption("add");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("The network can't be trained").waitFor();
    await layers(page).last().locator("summary").click();
    expect(await seriousFaults(page)).toEqual([]);
  });
});
