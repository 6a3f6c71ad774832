/** Every screen and dialog of the app, over one workspace that nothing trains: for walks that look at all of them. */
import type { Page } from "@playwright/test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { physioNetDatabases } from "../../src/contract/domain/physionet.ts";
import { createServices } from "../../src/main/services/compose.ts";
import { openWorkspace } from "../../src/main/store/workspace.ts";
import { addClusterExperiment } from "./cluster-experiment.ts";
import { addFinishedRun, FINISHED, STARTED } from "./finished-runs.ts";
import { makeWorkspace, SAMPLE } from "./shared-workspaces.ts";

export interface Scene {
  name: string;
  path: string;
  /** Opens what the address does not: a dialog, or another mode of the screen. */
  open?: (page: Page) => Promise<void>;
}

/**
 * The sample with a preparation, runs 1 and 2, an interrupted run 3, a failed run 6, experiments 1 (repeats) and 2 (a
 * search), run 7 in the bin, run 8, the ensemble of runs 1 and 2, three executors, and experiment 3 on other machines.
 */
export async function makeWalkedWorkspace(path: string): Promise<void> {
  await makeWorkspace(path, [SAMPLE, ["prepare", "1"]]);
  const workspace = openWorkspace(path, "write", () => {});
  const createdAt = STARTED;
  const { experiments, runs } = workspace;
  const repeats = experiments.add({
    name: "ANN, repeats",
    plan: { kind: "repeats", times: 2 },
    metric: "validation-loss",
    createdAt,
  });
  const search = experiments.add({
    name: "ANN, grid",
    plan: { kind: "grid", settings: [{ setting: "seed", values: [1, 2] }] },
    metric: "validation-macro-f1",
    createdAt,
  });
  for (const seed of [1, 2]) {
    const run = await addFinishedRun(workspace, { seed });
    experiments.addRun(repeats, run, `seed ${seed}`);
  }
  const { settings } = runs.find(1)!;
  // The next start of the app marks it as interrupted.
  runs.start(runs.add({ preparationId: 1, settings, createdAt }), STARTED);
  for (const seed of [1, 2]) {
    experiments.addRun(search, await addFinishedRun(workspace, { seed }), `seed ${seed}`);
  }
  const failed = runs.add({ preparationId: 1, settings, createdAt });
  runs.start(failed, STARTED);
  const error = { code: "training-failed", message: "The training process ended.", fix: "Train again." } as const;
  runs.end(failed, "failed", error, FINISHED);
  workspace.removed.add("runs", await addFinishedRun(workspace, { seed: 3 }), new Date().toISOString());
  const { comparison, ensembles } = createServices(workspace, () => {});
  await ensembles.make([1, 2], "Two seeds");
  await comparison.close();
  await addClusterExperiment(workspace);
  workspace.close();
}

/** Writes a file that a repair deletes. Call it after the start of the app, which deletes such a file too. */
export function writeLeftover(workspace: string): void {
  writeFileSync(join(workspace, "ectopy.sqlite.partial"), "");
}

const button = (page: Page, name: string | RegExp, exact = true) => page.getByRole("button", { name, exact });

async function openDialog(page: Page, buttonName: string, dialogName: string | RegExp = buttonName): Promise<void> {
  await button(page, buttonName).click();
  await page.getByRole("dialog", { name: dialogName }).waitFor();
}

export const scenes: readonly Scene[] = [
  { name: "Home", path: "/" },
  { name: "a path", path: "/", open: (page) => openDialog(page, "enter a path", "Recordings on this machine") },
  {
    name: "a database to download",
    path: "/",
    open: (page) => openDialog(page, `Download ${physioNetDatabases.mitdb.title}`, physioNetDatabases.mitdb.title),
  },
  { name: "Recordings", path: "/recordings" },
  {
    name: "a recording",
    path: "/recordings/1/s02?t=60",
    open: async (page) => {
      await page.getByRole("slider").first().waitFor();
      await page.keyboard.press("d");
      await page.keyboard.press("m");
      await button(page, /^Leads/).click();
    },
  },
  {
    name: "full disclosure",
    path: "/recordings/1/s02?t=60",
    open: (page) => button(page, "Full disclosure").click(),
  },
  {
    name: "the report of a recording",
    path: "/recordings/1/s02?t=60",
    open: async (page) => {
      await button(page, "Report").click();
      await page.getByRole("img", { name: "Highest heart rate, 10 s of ECG" }).waitFor();
    },
  },
  {
    name: "an extreme to overrule",
    path: "/recordings/1/s02?t=60",
    open: async (page) => {
      await button(page, "Report").click();
      await page.getByRole("button", { name: "Overrule Highest heart rate" }).click();
      await page.getByRole("dialog", { name: "Overrule: Highest heart rate" }).waitFor();
    },
  },
  { name: "events", path: "/recordings/1/s02?t=60", open: (page) => button(page, "Events").click() },
  {
    name: "beats of a review",
    path: "/recordings/1/s03?view=beats",
    open: async (page) => {
      await button(page, "Review").click();
      const families = page.getByRole("listbox", { name: "Families" }).getByRole("option").first();
      const name = page.getByLabel("Your name");
      await families.or(name).first().waitFor();
      // The first time, Ectopy asks who reviews.
      if (await name.isVisible()) {
        await name.fill("A. Reviewer");
        await button(page, "Save name").click();
      }
      await families.click();
    },
  },
  {
    name: "Preparation",
    path: "/preparation/1",
    open: async (page) => {
      await page.getByRole("img", { name: /^Beat of class/ }).waitFor();
      await page.getByRole("radio", { name: "Custom class map" }).check();
      await page.getByText("Counting…").waitFor({ state: "detached" });
    },
  },
  { name: "a preparation", path: "/preparation/set/1" },
  { name: "Model", path: "/model" },
  {
    name: "an invalid model",
    path: "/model/cnn",
    open: async (page) => {
      await page.getByText("trainable parameters").waitFor();
      await page.getByLabel("Add layer").selectOption("add");
      await button(page, "Add").click();
      await page.getByText("The network can't be trained").waitFor();
    },
  },
  {
    name: "an experiment to start",
    path: "/model/cnn",
    open: async (page) => {
      await page.getByText("trainable parameters").waitFor();
      await openDialog(page, "New experiment…", "New experiment");
      await page.getByRole("radio", { name: /^Random search/ }).check();
      await button(page, "Add parameter").click();
      await page.getByText("10 runs").first().waitFor();
    },
  },
  { name: "Training", path: "/training/1" },
  { name: "Training, interrupted", path: "/training/3" },
  {
    name: "Runs",
    path: "/runs",
    open: async (page) => {
      await page.getByRole("checkbox", { name: /run 1\b/i }).check();
    },
  },
  {
    name: "tags of a run",
    path: "/runs",
    open: async (page) => {
      await page.getByRole("checkbox", { name: /run 1\b/i }).check();
      await openDialog(page, "Tag…", /^Tag/);
    },
  },
  {
    name: "an ensemble to make",
    path: "/runs",
    open: async (page) => {
      for (const run of [/run 1\b/i, /run 2\b/i]) await page.getByRole("checkbox", { name: run }).check();
      await openDialog(page, "Make ensemble…", "Make an ensemble");
    },
  },
  {
    name: "an ensemble",
    path: "/runs/8",
    open: (page) => page.getByRole("table").first().waitFor(),
  },
  {
    name: "a scatter plot and the choice of columns",
    path: "/runs",
    open: async (page) => {
      await button(page, "Scatter").click();
      await page.getByRole("img", { name: /One point for each/ }).waitFor();
      await button(page, "Columns").click();
      await page.getByRole("checkbox", { name: "Network" }).waitFor();
    },
  },
  {
    name: "saved views",
    path: "/runs?q=ann",
    open: async (page) => {
      await button(page, "Views").click();
      await page.getByRole("textbox").last().waitFor();
    },
  },
  {
    name: "a model to evaluate",
    path: "/runs",
    open: (page) => openDialog(page, "Evaluate external model…", "Evaluate external model"),
  },
  {
    name: "a run",
    path: "/runs/1",
    open: (page) => page.getByRole("img", { name: /^F1 by class/ }).waitFor(),
  },
  {
    name: "the meaning of a metric",
    path: "/runs/1",
    open: async (page) => {
      await page.getByText("Macro F1, test").focus();
      await page.getByText(/^F1/).last().waitFor();
    },
  },
  {
    name: "a fine-tuning",
    path: "/runs/1",
    open: (page) => openDialog(page, "Fine-tune…", "Fine-tune for a patient"),
  },
  { name: "a classification", path: "/runs/1", open: (page) => openDialog(page, "Classify…", "Classify recordings") },
  {
    name: "annotation sets",
    path: "/annotation-sets/1",
    open: (page) => page.getByRole("table").first().waitFor(),
  },
  {
    name: "a detection",
    path: "/annotation-sets/1",
    open: (page) => openDialog(page, "Detect beats…", "Detect beats"),
  },
  { name: "a failed run", path: "/runs/6" },
  { name: "an export", path: "/runs/1", open: (page) => openDialog(page, "Export…", /^Export/) },
  {
    name: "an export to MLflow",
    path: "/runs/1",
    open: async (page) => {
      await openDialog(page, "Export…", /^Export/);
      await page.getByText("MLflow server").click();
      await page.getByLabel("Authentication").selectOption({ label: "User and password" });
      await button(page, "Export").click();
      await page.getByRole("alert").first().waitFor();
    },
  },
  {
    name: "test beats",
    path: "/runs/1/beats?truth=V",
    open: (page) => page.getByRole("img", { name: /^Selected beat: mean V/ }).waitFor(),
  },
  {
    name: "an explanation",
    path: "/runs/1/beats?truth=V",
    open: async (page) => {
      await page.getByText(/^Why \S+\?$/).click();
      await page.getByRole("img", { name: /^The beat as the network gets it/ }).waitFor();
    },
  },
  {
    name: "mean beats and confusions",
    path: "/runs/1",
    open: async (page) => {
      await page.getByText("Mean beats and nearest confusions").click();
      await page
        .getByRole("img", { name: /^Mean beats/ })
        .first()
        .waitFor();
    },
  },
  {
    name: "a comparison",
    path: "/compare?runs=1,2,4",
    open: (page) => page.getByRole("table", { name: "Areas under the curves, test set" }).waitFor(),
  },
  { name: "Experiments", path: "/experiments" },
  { name: "repeats", path: "/experiments/1" },
  { name: "a search", path: "/experiments/2" },
  {
    name: "an experiment on other machines",
    path: "/experiments/3",
    open: (page) => page.getByText("Requeued; continues after 5 epochs").waitFor(),
  },
  { name: "logs of workers", path: "/experiments/3", open: (page) => openDialog(page, "Logs…", "Logs of the workers") },
  { name: "Help", path: "/help" },
  {
    name: "the tour",
    path: "/help",
    open: async (page) => {
      await button(page, "Start the tour").click();
      await page.getByText(/^Tour, step 1 of/).waitFor();
    },
  },
  { name: "Settings", path: "/settings" },
  {
    name: "an executor to add",
    path: "/settings",
    open: (page) => openDialog(page, "Add executor…", "Add executor"),
  },
  {
    name: "an executor by Slurm",
    path: "/settings",
    open: (page) => openDialog(page, "Edit cluster1", "Edit cluster1"),
  },
  {
    name: "a support report",
    path: "/settings",
    open: (page) => openDialog(page, "Save a report for support…", "Report for support"),
  },
  {
    name: "the bin to empty",
    path: "/settings",
    open: (page) => openDialog(page, "Empty bin…", "Empty bin"),
  },
  {
    name: "a workspace to repair",
    path: "/settings",
    open: async (page) => {
      await button(page, "Check workspace").click();
      await openDialog(page, "Repair…", "Repair workspace");
    },
  },
  { name: "an unknown address", path: "/no/such/screen" },
  {
    name: "the command palette",
    path: "/help",
    open: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.type("set");
    },
  },
  {
    name: "keyboard shortcuts",
    path: "/help",
    open: async (page) => {
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
  { name: "notices", path: "/help", open: (page) => openDialog(page, "Notices") },
];

/** Waits until the page of a scene is drawn, opens what the scene shows, and unfolds every section. */
export async function openScene(page: Page, { open }: Scene): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  // The data come over the socket, which no load state of a page waits for.
  await page
    .getByLabel(/^Loading/)
    .first()
    .waitFor({ state: "detached" });
  await open?.(page);
  await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
}
