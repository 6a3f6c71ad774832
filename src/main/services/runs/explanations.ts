/** Explains predictions of runs on their test beats, in a thread that ends some time after the last question. */
import type { ClassShapes } from "../../../contract/domain/class-shapes.ts";
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
    const explanation = await this.#run("explain", {
      networks: networksOf(run.settings),
      modelFolder: this.#workspace.path("runs", run.id),
      preparationFolder: this.#workspace.path("preparations", preparation.id),
      number,
      label,
    });
    return { label, ...explanation };
  }

  /**
   * Returns the mean beat of each class of a run's test set, and the beats that it confused.
   * @throws EctopyError `not-found`; `nothing-usable` where the run has no result; `damaged-file`
   */
  async classShapes(id: number): Promise<ClassShapes> {
    const details = finishedRun(this.#results.run(id), "Choose a run that has been trained and tested.");
    const { truth, predicted, probabilities, classes } = this.#beats.predictions(details);
    const { confusions, ...found } = await this.#run("classShapes", {
      preparationFolder: this.#workspace.path("preparations", details.preparation.id),
      truth,
      predicted,
    });
    const origins = this.#beats.origins(details);
    return {
      ...found,
      rate: details.preparation.settings.rate ?? origins[0].rate,
      confusions: confusions.map((confusion) => ({
        ...confusion,
        closest: confusion.closest.map((beat) => {
          const { record, sample, rate } = origins[beat.number];
          const confidence = probabilities[beat.number * classes + confusion.predicted];
          return { ...beat, record, sample, rate, confidence };
        }),
      })),
    };
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#end();
  }

  async #run<Name extends keyof ExplanationTasks>(
    name: Name,
    input: ExplanationTasks[Name]["input"],
  ): Promise<ExplanationTasks[Name]["output"]> {
    clearTimeout(this.#idle);
    const pool = (this.#pool ??= new WorkerPool<ExplanationTasks>(entryPoint("explanation-worker"), 1));
    try {
      return await pool.run(name, input);
    } finally {
      clearTimeout(this.#idle);
      this.#idle = setTimeout(() => void this.#end(), IDLE_MS).unref();
    }
  }

  async #end(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.close();
  }
}
