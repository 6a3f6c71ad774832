/** The process that classifies, as a promise for each recording. */
import { fileURLToPath } from "node:url";
import { EctopyError, errorFromReport } from "../../../contract/domain/errors.ts";
import {
  classificationEventSchema,
  type ClassificationCommand,
  type ClassificationEvent,
  type ClassifyingModel,
} from "../../../engine/processes/classification-messages.ts";
import { trainingEnvironment } from "../../../engine/processes/process-environment.ts";
import { logger } from "../../base/logger.ts";
import { entryPoint } from "../../entry-points.ts";
import { describeEnd, type RunningProcess, type StartProcess } from "../../workers/processes/start-process.ts";

const log = logger("classification");

type Classified = Extract<ClassificationEvent, { type: "classified" }>;
type Ready = Extract<ClassificationEvent, { type: "ready" }>;
export type Rows = Extract<ClassificationCommand, { type: "classify" }>["rows"];

interface Waiting {
  left: number;
  results: Classified[];
  onProgress: (done: number) => void;
  resolve: (results: Classified[]) => void;
}

export class ClassifyingProcess {
  /** What the process answers once its models are loaded. */
  readonly ready: Promise<Ready>;
  readonly #child: RunningProcess;
  readonly #waiting = new Map<number, Waiting>();
  /** Settles where the process ends, or fails. */
  readonly #failed = Promise.withResolvers<never>();
  #settleReady!: (ready: Ready) => void;
  #errorOutput = "";
  #next = 0;

  constructor(startProcess: StartProcess, models: readonly ClassifyingModel[]) {
    const program = fileURLToPath(entryPoint("classification-process"));
    const environment = trainingEnvironment({ threads: 0, gpu: false });
    // A failure is reported by whichever promise waits; without one, the process was closed.
    this.#failed.promise.catch(() => {});
    this.ready = this.#orFailed(new Promise((resolve) => (this.#settleReady = resolve)));
    this.#child = startProcess(
      { program, environment, ownGroup: true },
      {
        onMessage: (message) => this.#receive(classificationEventSchema.parse(message)),
        onErrorOutput: (text) => (this.#errorOutput = (this.#errorOutput + text).slice(-4000)),
        onEnd: (end) => {
          log.debug(`The classifying process ended ${describeEnd(end)}\n${this.#errorOutput}`);
          const why = this.#errorOutput.trim().split("\n").at(-1) ?? "";
          this.#failed.reject(
            end.error ??
              new EctopyError(
                "training-failed",
                `The classifying process ended ${describeEnd(end)}${why === "" ? "." : `: ${why}`}`,
                "Classify again: recordings that are done are not repeated.",
              ),
          );
        },
      },
    );
    this.#send({ type: "load", models: [...models] });
  }

  /**
   * Classifies a recording by some models.
   * @param models numbers of the models
   * @param onProgress called with the number of classified beats
   * @throws EctopyError where the process fails
   */
  classify(models: readonly number[], rows: Rows, onProgress: (done: number) => void): Promise<Classified[]> {
    const recording = this.#next++;
    const results = new Promise<Classified[]>((resolve) => {
      this.#waiting.set(recording, { left: models.length, results: [], onProgress, resolve });
    });
    this.#send({ type: "classify", recording, models: [...models], rows });
    return this.#orFailed(results);
  }

  /** Ends the process. */
  close(): void {
    this.#child.kill();
  }

  #send(command: ClassificationCommand): void {
    this.#child.send(command);
  }

  #orFailed<T>(result: Promise<T>): Promise<T> {
    return Promise.race([result, this.#failed.promise]);
  }

  #receive(event: ClassificationEvent): void {
    switch (event.type) {
      case "ready":
        this.#settleReady(event);
        break;
      case "progress":
        this.#waiting.get(event.recording)?.onProgress(event.done);
        break;
      case "classified": {
        const waiting = this.#waiting.get(event.recording);
        if (waiting === undefined) break;
        waiting.results.push(event);
        if (--waiting.left > 0) break;
        this.#waiting.delete(event.recording);
        waiting.resolve(waiting.results);
        break;
      }
      case "failed":
        this.#failed.reject(errorFromReport(event.error));
        break;
    }
  }
}
