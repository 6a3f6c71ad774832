/** The operations that are killed: commands that write, and how each is repeated. */
import type { KeptKind, WorkspaceState } from "../workspace-state.ts";
import { exportedFolder } from "./exported-folder.ts";
import { experimentOf, trackedRuns } from "./tracked-runs.ts";
import type { TemplateWorkspace, RoundPlace } from "./template-workspace.ts";
import type { Operation, Target } from "./operation.ts";
import type { TrackingServer } from "./tracking-server.ts";

/** A power failure ends all processes; out of memory or a user ends one. */
const ANYBODY: readonly Target[] = ["all", "all", "all", "parent"];
const ANY_OF_TRAINING: readonly Target[] = ["all", "all", "parent", "training"];

const PREPARE = ["prepare", "1", "--seed", "7", "--majority-cap", "300"];
const TRAIN = [
  ...["train", "1", "--model", "ann", "--seed", "7", "--epochs", "60", "--steps-per-epoch", "20"],
  ...["--checkpoint-every", "0.1"],
  ...["--threads", "1"],
];

/** @param server null: no export to a server */
export function operations(template: TemplateWorkspace, server: TrackingServer | null): Operation[] {
  const toFolder = (name: string, folder: string, ...args: string[]): Operation => {
    const all: Operation["args"] = ({ out }) => ["export", ...args, "1", "--to", out];
    const outside = exportedFolder(template, name, folder);
    return { name, targets: ANYBODY, args: all, again: all, makes: null, outside };
  };
  const found = [
    storing("import", "datasets", ["import", template.recordings]),
    storing("import-zip", "datasets", ["import", template.zip]),
    storing("prepare", "preparations", PREPARE),
    { ...storing("train", "runs", TRAIN), targets: ANY_OF_TRAINING, again: trainAgain },
    toFolder("export-keras", "ectopy-run-1-keras", "keras"),
    toFolder("export-onnx", "ectopy-run-1-onnx", "onnx"),
    toFolder("export-report", "ectopy-run-1-report", "report", "--pdf"),
    toFolder("mlflow-folder", "mlruns/*/*", "mlflow"),
  ];
  return server === null ? found : [...found, handingOver(server)];
}

function storing(name: string, makes: KeptKind, args: string[]): Operation {
  return { name, targets: ANYBODY, args: () => args, again: () => args, makes, outside: null };
}

/** Resumes a run that the killed process added. */
function trainAgain(_place: RoundPlace, _attempt: number, state: WorkspaceState): string[] | null {
  const run = state.get("runs/2");
  if (run === undefined) return TRAIN;
  return run.row["status"] === "completed" ? null : ["resume", "2"];
}

function handingOver(server: TrackingServer): Operation {
  const args = (_place: RoundPlace, attempt: number): string[] => [
    ...["export", "mlflow", "1", "--to", server.url, "--experiment", experimentOf(attempt)],
  ];
  return { name: "mlflow-server", targets: ANYBODY, args, again: args, makes: null, outside: trackedRuns(server) };
}
