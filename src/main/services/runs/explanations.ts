/** Explains predictions of runs on their test beats, in a thread that ends some time after the last question. */
import type { BeatExplanation, ExplanationQuery } from "../../../contract/domain/explanations.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { networksOf } from "../../../contract/settings/network-presets.ts";
import type { Workspace } from "../../store/workspace.ts";
import { entryPoint } from "../../entry-points.ts";
import type { ExplanationTasks } from "../../workers/explanation-tasks.ts";
import { WorkerPool } from "../../workers/worker-pool.ts";
import { finishedRun, type ResultService } from "./results.ts";
import type { TestBeatService } from "./test-beats.ts";

/** The thread holds a preparation in memory, hundreds of megabytes of a large one. */
const IDLE_MS = 60_000;

export class ExplanationService {
  readonly #workspace: Workspace;
  readonly #results: ResultService;
  readonly #beats: TestBeatService;
  #pool: WorkerPool<ExplanationTasks> | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(workspace: Workspace, results: ResultService, beats: TestBeatService) {
    this.#workspace = workspace;
    this.#results = results;
    this.#beats = beats;
  }

  /**
   * Explains the prediction of a test beat.
   * @throws EctopyError `not-found`; `nothing-usable` where the run has no result; `invalid-settings` where the beat or
   *   the class does not exist; `damaged-file`
   */
  async explain(id: number, { number, label: chosen }: ExplanationQuery): Promise<BeatExplanation> {
    const details = finishedRun(this.#results.run(id), "Choose a run that has been trained and tested.");
    const { run, preparation } = details;
    const { labels, totals } = preparation.summary;
    const isMissing = number >= totals.test;
    if (isMissing || (chosen ?? 0) >= labels.length) {
      const missing = isMissing ? `beat ${number + 1} in its test set` : `class ${chosen! + 1}`;
      const limits = `It has ${totals.test} test beats and ${labels.length} classes.`;
      throw new EctopyError("invalid-settings", `Run ${id} has no ${missing}.`, limits);
    }
    const label = chosen ?? this.#beats.predictions(details).predicted[number];
    clearTimeout(this.#idle);
    const pool = (this.#pool ??= new WorkerPool<ExplanationTasks>(entryPoint("explanation-worker"), 1));
    try {
      const explanation = await pool.run("explain", {
        networks: networksOf(run.settings),
        modelFolder: this.#workspace.path("runs", run.id),
        preparationFolder: this.#workspace.path("preparations", preparation.id),
        number,
        label,
      });
      return { label, ...explanation };
    } finally {
      clearTimeout(this.#idle);
      this.#idle = setTimeout(() => void this.#end(), IDLE_MS).unref();
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#end();
  }

  async #end(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.close();
  }
}
