import { flushPromises } from "@vue/test-utils";
import { expect, it, vi } from "vitest";
import type { ClusterExperimentState } from "../../../contract/domain/cluster.ts";
import type { ExperimentOverview, ExperimentResults } from "../../../contract/domain/experiments.ts";
import { evaluationOf, intervalsOf } from "../../testing/examples.ts";
import { mountComponent, type Mounted } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import ExperimentPage from "./experiment-page.vue";

// A simulated DOM has no canvas.
vi.mock("vue-echarts", () => ({ default: { render: () => null } }));

const folds: ExperimentOverview = {
  id: 4,
  name: "ANN, folds",
  plan: { kind: "cross-validation", folds: 3 },
  metric: "validation-macro-f1",
  createdAt: "2026-03-02T09:15:00.000Z",
  runs: [0.9, 0.8, 0.7].map((accuracy, i) => ({
    run: 11 + i,
    label: `fold ${i + 1} of 3`,
    status: "completed",
    value: 0.6,
    machine: null,
    failure: null,
    test: { accuracy, macroF1: accuracy - 0.2, weightedF1: accuracy - 0.1 },
  })),
  ended: 3,
  secondsLeft: 0,
  winner: null,
  looks: null,
  test: {
    accuracy: { n: 3, mean: 0.8, deviation: 0.1 },
    macroF1: { n: 3, mean: 0.6, deviation: 0.1 },
    weightedF1: { n: 3, mean: 0.7, deviation: 0.1 },
  },
};
const pooled = evaluationOf(
  [
    [90, 10],
    [4, 16],
  ],
  ["N", "V"],
);
const spread = { n: 3, mean: 0.81, deviation: 0.05 };
const results: ExperimentResults = {
  classes: ["N", "V"].map((label) => ({ label, sensitivity: spread, ppv: spread, f1: { ...spread, deviation: null } })),
  pooled: { runs: [11, 12, 13], folds: 3, evaluation: pooled, intervals: intervalsOf(pooled) },
  search: null,
  gap: null,
};

async function mountPage(
  overview: ExperimentOverview,
  of: ExperimentResults,
  cluster: ClusterExperimentState | null = null,
): Promise<Mounted> {
  shell.answer({
    "experiments.get": () => overview,
    "cluster.state": () => cluster,
    "cluster.cancelRun": () => null,
    "experiments.results": () => of,
    "runs.pooledByPatient": () => new Promise(() => {}),
    // The protocol's limitations are not part of this test.
    "runs.get": () => new Promise(() => {}),
  });
  const mounted = await mountComponent(ExperimentPage);
  await mounted.router.push("/experiments/4");
  await flushPromises();
  return mounted;
}

it("shows the test metrics of each fold, their mean and SD said once, and one pooled matrix", async () => {
  const { wrapper } = await mountPage(folds, results);
  const text = wrapper.text().replaceAll(/\s+/g, " ");
  expect(text.match(/Mean ± SD of 3 folds/g)).toHaveLength(1);
  expect(text).toContain("80.00 ± 10.00 %");
  const first = wrapper.get("tbody tr").findAll("td");
  expect(first.slice(-3).map((cell) => cell.text())).toEqual(["90.00 %", "70.00 %", "80.00 %"]);
  expect(text).toContain("Pooled test sets of 3 folds");
  expect(text).toContain("90");
  expect(text).toContain("81.00 ± 5.00 %");
});

it("says why the ETA of a grid over the backend is unknown", async () => {
  const runs = folds.runs.map((each, i) => (i === 2 ? { ...each, status: "queued" as const, test: null } : each));
  const { wrapper } = await mountPage({ ...folds, runs, ended: 2, secondsLeft: null }, results);
  expect(wrapper.text()).toContain(
    "2 of 3 runs finished. The ETA is unknown: the settings of the runs change their duration.",
  );
});

it("shows the importance of a search's settings, most important first, with their means and limits", async () => {
  const grid: ExperimentOverview = {
    ...folds,
    plan: {
      kind: "grid",
      settings: ["batch", "learningRate"].map((setting) => ({ setting, values: [1, 2] })),
    },
    test: null,
    winner: 11,
  };
  const group = (label: string, mean: number): { label: string; runs: number; mean: number } => ({
    label,
    runs: 2,
    mean,
  });
  const { wrapper } = await mountPage(grid, {
    classes: null,
    pooled: null,
    gap: null,
    search: {
      runs: [11, 12, 13, 14],
      values: [0.5, 0.6, 0.8, 0.9],
      settings: [
        { setting: "batch", groups: [group("8", 0.65), group("64", 0.75)], group: [0, 1, 0, 1], importance: null },
        {
          setting: "learningRate",
          groups: [group("0.1", 0.55), group("0.01", 0.85)],
          group: [0, 0, 1, 1],
          importance: 0.8,
        },
      ],
    },
  });
  const rows = wrapper.findAll('[aria-label="Importance of the settings"] tbody tr');
  expect(rows.map((row) => row.text().replaceAll(/\s+/g, " "))).toEqual([
    "Learning rate80.00 %0.1: 55.00 %0.01: 85.00 %",
    "Batch size–8: 65.00 %64: 75.00 %",
  ]);
  expect(wrapper.text()).toContain("Effects of combinations, seeds and noise are in no share.");
  expect(wrapper.get('[role="img"]').attributes("aria-label")).toContain("Learning rate 0.1, Batch size 8: 50.00 %");
});

it("offers to make the seeds of an experiment one model", async () => {
  const seeds: ExperimentOverview = { ...folds, plan: { kind: "repeats", times: 3 } };
  const { wrapper } = await mountPage(seeds, { ...results, pooled: null });
  const section = wrapper.get('[aria-labelledby="ensemble"]');
  expect(section.text()).toContain("The 3 runs can become one model");
  const asked: unknown[] = [];
  shell.answer({
    "runs.makeEnsemble": (input) => {
      asked.push(input);
      return { run: 14, alreadyThere: false };
    },
  });
  await section.get("button").trigger("click");
  const form = document.querySelector<HTMLFormElement>("[role=dialog] form")!;
  form.dispatchEvent(new Event("submit", { cancelable: true }));
  await vi.waitFor(() => expect(asked).toEqual([{ runs: [11, 12, 13], name: "" }]));
});

it("shows the gap between two protocols instead of a mean over them", async () => {
  const side = (run: number, accuracy: number) => ({ run, accuracy, macroF1: accuracy, weightedF1: accuracy });
  const pair: ExperimentOverview = {
    ...folds,
    plan: { kind: "protocol-pair" },
    runs: folds.runs.slice(0, 2).map((run) => ({ ...run, test: null })),
    test: null,
  };
  const gap = { reference: side(11, 0.997), interPatient: side(12, 0.72), classes: [] };
  const { wrapper } = await mountPage(pair, { classes: null, pooled: null, search: null, gap });
  expect(wrapper.get("[aria-label='Gap between the protocols'] tbody tr").text()).toMatch(
    /Accuracy\s*99\.70 %\s*72\.00 %\s*−27\.70/,
  );
  expect(wrapper.text()).toContain("only the protocol differs");
  expect(wrapper.text()).not.toContain("Mean");
});

it("shows where each run is trained, local and remote ones in one table, and cancels one", async () => {
  const [first, second, third] = folds.runs;
  const machine = { executor: "cluster1", host: "node7", job: "12_1", attempt: 1 };
  const runs = [
    first,
    { ...second, status: "running" as const, test: null, machine },
    { ...third, status: "queued" as const, test: null, value: null },
    { ...third, run: 14, status: "running" as const, test: null, value: null, machine },
    { ...third, run: 15, status: "failed" as const, test: null, value: null, machine, failure: "No memory is left." },
  ];
  const open = { host: "", job: "", attempt: 0, progress: null, checkpointEpochs: null, failure: "" };
  const progress = { epoch: 2, epochs: 5, step: 3, steps: 9, loss: 1, accuracy: 0.5, samplesPerSecond: 100 };
  const { wrapper } = await mountPage({ ...folds, runs, ended: 1, secondsLeft: null }, results, {
    experiment: 4,
    executor: "cluster1",
    kind: "slurm",
    folder: "/shared/e4",
    folderExists: true,
    cancelled: false,
    open: 2,
    running: 1,
    workers: { waiting: 1, running: ["node7"], reason: "Resources" },
    problem: "Slurm's squeue failed.",
    runs: [
      { ...open, run: 12, state: "running", host: "node7", job: "12_1", attempt: 1, progress },
      { ...open, run: 13, state: "waiting" },
      { ...open, run: 14, state: "requeued", host: "node7", attempt: 1, checkpointEpochs: 4 },
    ],
    collectedAt: null,
  });
  const text = wrapper.text().replaceAll(/\s+/g, " ");
  expect(text).toContain("On cluster1 (Slurm): 2 runs open, 1 training. 1 worker waits (Resources).");
  expect(text).toContain("Slurm's squeue failed.");
  expect(text).toContain("Beats of patients are in /shared/e4");
  const rows = wrapper.findAll('[aria-label="Runs of the experiment"] tbody tr').map((row) => row.text());
  expect(rows[0]).toContain("This machine");
  expect(rows[1]).toContain("node7, job 12_1");
  expect(rows[1]).toContain("Epoch 2 of 5, step 3 of 9");
  expect(rows[2]).toContain("Waits for a worker");
  expect(rows[3]).toContain("queued");
  expect(rows[3]).toContain("Requeued; continues after 4 epochs");
  expect(rows[4]).toContain("No memory is left.");
  await wrapper.get('[aria-label="Cancel run 13"]').trigger("click");
  await flushPromises();
  expect(shell.calls).toContainEqual({ name: "cluster.cancelRun", args: { run: 13 } });
});
