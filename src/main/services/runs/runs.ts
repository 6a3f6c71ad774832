/** Runs as windows list, open and annotate them. */
import type { Evaluation } from "../../../contract/domain/evaluation.ts";
import type { ClassMetricTable, RunLogEntry, RunOverview, RunRemarks } from "../../../contract/domain/runs.ts";
import type { TestLook } from "../../../contract/domain/test-looks.ts";
import type { EpochMetrics, ThinnedSteps } from "../../../contract/domain/training.ts";
import { thinSteps } from "../../../pipeline/evaluation/thin-steps.ts";
import { withoutUndefined } from "../../base/without-undefined.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { ResultService } from "./results.ts";
import { testLooks } from "./test-looks.ts";

/** New notes, new tags or both; what is absent or undefined stays as stored. */
type RemarkChange = { [Key in keyof RunRemarks]?: RunRemarks[Key] | undefined };

export class RunService {
  readonly #workspace: Workspace;
  readonly #results: ResultService;

  constructor(workspace: Workspace, results: ResultService) {
    this.#workspace = workspace;
    this.#results = results;
  }

  /** Returns all runs outside the bin, newest first. */
  list(): RunOverview[] {
    return this.#workspace.runOverviews.list();
  }

  /** Returns one line of {@link list}; null where there is no such run, or it is in the bin. */
  overview(id: number): RunOverview | null {
    return this.#workspace.runOverviews.find(id) ?? null;
  }

  /** Returns the metrics of each class on the test set, of the runs of {@link list}. */
  classMetrics(): ClassMetricTable {
    return this.#workspace.runOverviews.classMetrics();
  }

  /** Returns the metrics of each epoch so far. @throws EctopyError `not-found` */
  epochs(id: number): EpochMetrics[] {
    return this.#workspace.runs.epochs(this.#results.known(id));
  }

  /** Returns loss and accuracy by step, thinned to at most `points` values. @throws EctopyError `not-found` */
  steps(id: number, points: number): ThinnedSteps {
    return thinSteps(this.#workspace.runs.steps(this.#results.known(id)), points);
  }

  /** Returns the evaluation on one set; null before the run has ended. @throws EctopyError `not-found` */
  evaluation(id: number, set: "validation" | "test"): Evaluation | null {
    return this.#workspace.runs.evaluation(this.#results.known(id), set);
  }

  /** Returns the run's log, oldest entry first. @throws EctopyError `not-found` */
  log(id: number): RunLogEntry[] {
    return this.#workspace.runLog.ofRun(this.#results.known(id));
  }

  /** Returns the looks at the run's test set, oldest first. @throws EctopyError `not-found` */
  looks(id: number): TestLook[] {
    return testLooks(this.#workspace.testLooks.ofRun(this.#results.known(id)));
  }

  /** Stores a user's notes and tags of a run. @throws EctopyError `not-found` */
  setRemarks(id: number, change: RemarkChange): void {
    const { remarks } = this.#workspace;
    remarks.set(this.#results.known(id), { ...remarks.find(id), ...withoutUndefined(change) });
  }

  /** Adds and removes tags of several runs, or of none. @throws EctopyError `not-found` */
  tag(ids: readonly number[], { add, remove }: { add: readonly string[]; remove: readonly string[] }): void {
    const gone = new Set(remove);
    this.#workspace.transaction(() => {
      for (const id of ids) {
        const { tags } = this.#workspace.remarks.find(this.#results.known(id));
        this.setRemarks(id, { tags: [...new Set([...tags.filter((tag) => !gone.has(tag)), ...add])] });
      }
    });
  }
}
