import { expect, it } from "vitest";
import type { ClusterExperimentState, ClusterRunProgress } from "../../../contract/domain/cluster.ts";
import { clusterText, machineText, openRunText } from "./cluster-text.ts";

const run: ClusterRunProgress = {
  run: 4,
  state: "waiting",
  host: "",
  job: "",
  attempt: 0,
  progress: null,
  checkpointEpochs: null,
  failure: "",
};
const state: ClusterExperimentState = {
  experiment: 2,
  executor: "cluster1",
  kind: "slurm",
  folder: "/shared/e",
  folderExists: true,
  cancelled: false,
  open: 12,
  running: 2,
  workers: { waiting: 3, running: ["node1", "node1"], reason: "Resources" },
  problem: "",
  runs: [],
  collectedAt: null,
};

it("says how many runs are open and why workers wait", () => {
  expect(clusterText(state)).toBe("On cluster1 (Slurm): 12 runs open, 2 training. 3 workers wait (Resources).");
  expect(clusterText({ ...state, workers: null, open: 1, cancelled: true })).toBe(
    "Cancelling on cluster1 (Slurm): 1 run open, 2 training.",
  );
  expect(clusterText({ ...state, open: 0 })).toBe("All runs on cluster1 (Slurm) have ended.");
});

it("says where a run is, and why it does not train", () => {
  expect(machineText({ host: "node1", job: "12_4" })).toBe("node1, job 12_4");
  expect(machineText(null)).toBe("");
  expect(openRunText(run)).toBe("Waits for a worker");
  const requeued = { ...run, state: "requeued" as const, attempt: 1 };
  expect(openRunText({ ...requeued, checkpointEpochs: 5 })).toBe("Requeued; continues after 5 epochs");
  expect(openRunText(requeued)).toBe("Attempt 1 ended without a checkpoint; the run begins again");
  expect(openRunText({ ...run, state: "failed-once", failure: "No memory." })).toContain("another machine: No memory.");
});
