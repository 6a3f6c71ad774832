/** The model screen in a real browser: edits layers, saves networks, runs the benchmark and starts training. */
import type { Locator, Page } from "@playwright/test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunOverview } from "../../src/contract/domain/runs.ts";
import { presets } from "../../src/contract/settings/network-presets.ts";
import { noBrowser } from "../support/app.ts";
import { browserSession } from "../support/browser-session.ts";
import { prepareSmallSample } from "../support/small-preparation.ts";

describe.skipIf(noBrowser !== "")(`a model in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession(prepareSmallSample);
  const { visit } = session;
  const layers = (page: Page): Locator => page.getByRole("list", { name: "Layers" }).getByRole("listitem");
  const ids = (page: Page): Promise<string[]> =>
    layers(page)
      .getByRole("textbox", { name: /^Name of layer/ })
      .evaluateAll((inputs) => inputs.map((input) => (input as unknown as { value: string }).value));
  const described = (page: Page): Promise<void> => page.getByText("trainable parameters").waitFor();

  it("shows output shape, parameters and memory of each layer of the presets", async () => {
    const { page, pageErrors } = await visit("/model");
    await described(page);
    const first = layers(page).first();
    await first.getByText("92,416").waitFor();
    await first.getByText("1.0 kB").waitFor();
    expect(await ids(page)).toEqual(presets.ann.layers.map(({ id }) => id));
    await page.getByRole("link", { name: "1D-CNN" }).click();
    await page.waitForURL(/\/model\/cnn$/);
    await layers(page).filter({ hasText: "Conv1D" }).first().getByText("360 × 64").waitFor();
    await page.getByRole("link", { name: "LSTM" }).click();
    await expect.poll(() => page.getByLabel("Batch size", { exact: true }).inputValue()).toBe("128");
    expect(pageErrors).toEqual([]);
  });

  it("adds, moves, renames and removes layers by keyboard, undoes it, and shows errors at the layer", async () => {
    const { page, pageErrors } = await visit("/model/ann");
    await described(page);
    const before = await ids(page);
    await page.getByLabel("Add layer").selectOption("flatten");
    await page.getByLabel("Position").selectOption({ label: "after dense-1" });
    await page.getByRole("button", { name: "Add", exact: true }).focus();
    await page.keyboard.press("Enter");
    const wrong = page.getByRole("listitem", { name: /^Layer flatten-1/ });
    await wrong.getByText("It expects a sequence (samples × channels); its input is already a row.").waitFor();
    expect(await page.getByRole("button", { name: "Train", exact: true }).isDisabled()).toBe(true);
    await page.getByText("Model is invalid: fix the highlighted layers.").waitFor();
    // A changed preset gets another name.
    expect(await page.getByLabel("Name of the network").inputValue()).toBe("ANN, changed");

    const up = page.getByRole("button", { name: "Move flatten-1 up" });
    await up.focus();
    await page.keyboard.press("Alt+ArrowDown");
    await expect.poll(() => ids(page)).toEqual([...before.slice(0, 2), "flatten-1", ...before.slice(2)]);
    // The moved layer keeps the focus.
    await page.keyboard.press("Alt+ArrowUp");
    await expect.poll(() => ids(page)).toEqual([before[0], "flatten-1", ...before.slice(1)]);
    await page.getByRole("button", { name: "Remove layer flatten-1" }).focus();
    await page.keyboard.press("Enter");
    await described(page);
    expect(await ids(page)).toEqual(before);
    await page.getByText("Preset ANN (read-only).").waitFor();

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
    expect(pageErrors).toEqual([]);
  });

  it("moves a layer by dragging it", async () => {
    const { page } = await visit("/model/lstm");
    await described(page);
    const [one, two, ...rest] = await ids(page);
    await layers(page).nth(1).locator("[draggable]").dragTo(layers(page).nth(0));
    await expect.poll(() => ids(page)).toEqual([two, one, ...rest]);
  });

  it("keeps changes on other screens and across reloads", async () => {
    const { page } = await visit("/model/cnn");
    await described(page);
    await page.getByRole("button", { name: "Remove layer dropout-1" }).click();
    await page.getByLabel("Max. epochs").fill("3");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    await page.goBack();
    await described(page);
    expect(await ids(page)).not.toContain("dropout-1");
    await page.reload();
    await described(page);
    expect(await ids(page)).not.toContain("dropout-1");
    expect(await page.getByLabel("Max. epochs").inputValue()).toBe("3");
    await page.getByRole("button", { name: "Discard changes" }).click();
    await expect.poll(() => ids(page)).toContain("dropout-1");
    await page.getByRole("button", { name: "Undo" }).last().click();
    await expect.poll(() => ids(page)).not.toContain("dropout-1");
  });

  it("saves, copies, exports, imports and removes networks, and undoes it", async () => {
    const { page, pageErrors } = await visit("/model/cnn");
    await described(page);
    await page.getByRole("button", { name: "Remove layer dropout-1" }).click();
    await page.getByLabel("Name of the network").fill("Short CNN");
    await page.getByRole("button", { name: "Save as custom network" }).click();
    await page.getByText("Short CNN was saved.").waitFor();
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

    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await page.waitForURL(/\/model$/);
    await expect.poll(() => page.getByRole("link", { name: "Short CNN copy 2" }).count()).toBe(0);
    await page.getByRole("button", { name: "Undo" }).last().click();
    await page.waitForURL(/\/model\/3$/);
    await page.reload();
    await described(page);
    expect(pageErrors).toEqual([]);
  });

  it("runs the benchmark and estimates the training time", async () => {
    const { page, pageErrors } = await visit("/model/ann");
    await page.getByText("No benchmark yet for these layers").waitFor();
    await page.getByRole("button", { name: "Run benchmark" }).click();
    await page.getByText(/Benchmark: .* per step at batch size 64/).waitFor();
    await page.getByText(/per epoch \(\d+\s+steps and the validation\)/).waitFor();
    await page.getByLabel("Batch size", { exact: true }).fill("32");
    await page.keyboard.press("Enter");
    await page.getByText("No benchmark yet for these layers").waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("queues runs with different seeds, and copies the settings of a run", async () => {
    const { page, pageErrors } = await visit("/model/ann?preparation=1");
    await described(page);
    const set = async (label: string, value: string): Promise<void> => {
      await page.getByLabel(label, { exact: true }).fill(value);
      await page.keyboard.press("Enter");
    };
    await set("Max. epochs", "2");
    await set("Repeats (seeds)", "2");
    await page.getByText("Advanced").click();
    await page.getByLabel("Optimizer").selectOption("sgd");
    await set("Momentum", "5e-1");
    await page.getByLabel("Learning-rate schedule").selectOption("cosine");
    await page.getByLabel("Gradient clipping").selectOption("global-norm");
    await set("Steps per epoch", "2");
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
    await expect.poll(() => other.page.getByLabel("Max. epochs").inputValue()).toBe("2");
    await other.page.getByText("Advanced").click();
    expect(await other.page.getByLabel("Seed", { exact: true }).inputValue()).toBe("6");
    expect(await other.page.getByLabel("Optimizer").inputValue()).toBe("sgd");
    expect([...pageErrors, ...other.pageErrors]).toEqual([]);
  });

  it("opens the unsaved network of a run, and reports an unknown run or network", async () => {
    const network = { name: "Once", layers: [{ id: "only", kind: "dense", units: 3, activation: "tanh" }] } as const;
    const [run] = await session.client.call("runs.list", {});
    const { run: made } = await session.client.call("training.start", {
      preparation: 1,
      settings: { ...run.settings, network: { ...network, layers: [...network.layers] } },
    });
    const { page } = await visit(`/model?run=${made}`);
    await page.waitForURL(/\/model\/new\?/);
    expect(await page.getByLabel("Name of the network").inputValue()).toBe("Once");
    expect(await ids(page)).toEqual(["only"]);
    await page.goto(`http://127.0.0.1:${session.app.port}/model?run=999`);
    await page.getByText("There is no run 999.").waitFor();
    await page.goto(`http://127.0.0.1:${session.app.port}/model/999`);
    await page.getByText("This network does not exist.").waitFor();
  });
});
