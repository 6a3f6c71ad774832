import { afterAll, beforeAll, expect, it } from "vitest";
import { addFinishedRun, addPreparation } from "../../../tests/support/finished-runs.ts";
import { temporaryFolder } from "../../../tests/support/command-line.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

const { path, remove } = temporaryFolder();
let workspace: Workspace;
beforeAll(() => {
  workspace = openWorkspace(path, "write", () => {});
});
afterAll(() => {
  workspace.close();
  remove();
});

it("returns the first best epoch and the test metrics of each run, without removed runs", async () => {
  addPreparation(workspace);
  const { experiments, runs } = workspace;
  const plan = { kind: "repeats" as const, times: 4 };
  const id = experiments.add({ name: "Seeds", plan, metric: "validation-loss", createdAt: "2026-01-01T10:00:00.000Z" });
  const finished = await addFinishedRun(workspace, { epochs: 3 });
  const { settings, createdAt, result } = runs.find(finished)!;
  const { test, seconds, epochs } = result!;
  const training = runs.add({ preparationId: 1, settings, createdAt });
  // Two epochs are equally good: the first one counts.
  for (const [i, validationLoss] of [0.5, 0.2, 0.2].entries()) {
    runs.addEpoch(training, { ...epochs[0], epoch: i + 1, validationLoss, validationAccuracy: 0.7 + 0.1 * i });
  }
  const waiting = runs.add({ preparationId: 1, settings, createdAt });
  const machine = { executor: "room", host: "ws1", job: "", attempt: 2 };
  const gone = await addFinishedRun(workspace);
  for (const run of [finished, training, waiting, gone]) experiments.addRun(id, run, `run ${run}`);
  workspace.removed.add("runs", gone, createdAt);

  const nothing = { seconds: null, accuracy: null, macroF1: null, weightedF1: null, machine: null, failure: null };
  workspace.runMachines.set(finished, machine);
  const { validationLoss, validationAccuracy, validationMacroF1 } = epochs[2];
  expect(experiments.members(id)).toEqual([
    {
      run: finished,
      label: `run ${finished}`,
      status: "completed",
      seconds,
      validationLoss,
      validationAccuracy,
      validationMacroF1,
      accuracy: test.accuracy,
      macroF1: test.macroF1,
      weightedF1: test.weightedF1,
      machine,
      failure: null,
    },
    {
      ...nothing,
      run: training,
      label: `run ${training}`,
      status: "queued",
      validationLoss: 0.2,
      validationAccuracy: 0.7 + 0.1,
      validationMacroF1: epochs[0].validationMacroF1,
    },
    {
      ...nothing,
      run: waiting,
      label: `run ${waiting}`,
      status: "queued",
      validationLoss: null,
      validationAccuracy: null,
      validationMacroF1: null,
    },
  ]);
});
