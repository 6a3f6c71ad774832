/** Stores the events of a run, each with its log entry, and passes them on. */
import type { RunLogEntry } from "../../../contract/domain/runs.ts";
import type { DeviceInfo, EpochMetrics, StepCurves } from "../../../contract/domain/training.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { Workspace } from "../../store/workspace.ts";
import { bestSoFar, trainsOn } from "./run-log-messages.ts";

/** What is notified of the stored events of a run. */
export interface RecorderWatch {
  onSteps: (curves: StepCurves) => void;
  onEpoch: (metrics: EpochMetrics) => void;
  /** An entry was added to the run's log. */
  onLogged: (entry: RunLogEntry) => void;
  warn: (message: string) => void;
}

export class RunRecorder {
  readonly #workspace: Workspace;
  readonly #id: number;
  readonly #watch: RecorderWatch;
  /** Device of the steps before a checkpoint that the run resumes from. */
  readonly #earlierDevice: DeviceInfo | null;
  /** Lowest validation loss of the epochs so far. */
  #lowestLoss: number;

  constructor(workspace: Workspace, id: number, earlierDevice: DeviceInfo | null, watch: RecorderWatch) {
    this.#workspace = workspace;
    this.#id = id;
    this.#earlierDevice = earlierDevice;
    this.#watch = watch;
    this.#lowestLoss = workspace.runs
      .epochs(id)
      .reduce((lowest, { validationLoss }) => Math.min(lowest, validationLoss), Infinity);
  }

  storeDevice(device: DeviceInfo): void {
    this.storeWithEntry(logLine("note", trainsOn(device)), () => this.#workspace.runs.setDevice(this.#id, device));
    const { resumedElsewhere } = device;
    if (resumedElsewhere === undefined || resumedElsewhere === this.#earlierDevice?.resumedElsewhere) return;
    this.storeWithEntry(logLine("warning", resumedElsewhere), () => {});
    this.#watch.warn(resumedElsewhere);
  }

  storeSteps(curves: StepCurves): void {
    this.#workspace.runs.addSteps(this.#id, curves);
    this.#watch.onSteps(curves);
  }

  storeEpoch(metrics: EpochMetrics): void {
    const add = (): void => this.#workspace.runs.addEpoch(this.#id, metrics);
    if (metrics.validationLoss >= this.#lowestLoss) add();
    else {
      this.storeWithEntry(logLine("note", bestSoFar(metrics)), add);
      this.#lowestLoss = metrics.validationLoss;
    }
    this.#watch.onEpoch(metrics);
  }

  /** Stores a change and its log entry, both or neither; a failure is tried again. */
  storeWithEntry(entry: RunLogEntry, write: () => void): void {
    this.#workspace.transaction(() => {
      write();
      this.#workspace.runLog.add(this.#id, entry);
    });
    this.#watch.onLogged(entry);
  }
}

/** Returns an entry of a run's log with the current time. */
export function logLine(kind: RunLogEntry["kind"], message: string): RunLogEntry {
  return { at: timestamp(), kind, message };
}
