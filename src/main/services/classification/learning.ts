/** Learns from a review while it continues: fine-tunes the run that labelled the beats, and labels those that nobody reviewed. */
import { UNLIKE_FLAG, UNSURE_FLAG } from "../../../contract/domain/annotation-sets.ts";
import { DEFAULT_THRESHOLD } from "../../../contract/domain/classification.ts";
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import { DEFAULT_REPLAY } from "../../../contract/domain/patient-choice.ts";
import type { EditAnswer } from "../../../contract/domain/reviews.ts";
import { classSymbols } from "../../../pipeline/beats/class-symbols.ts";
import type { NetworkLabel } from "../../../pipeline/review/learn-labels.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";
import type { AnnotatorService } from "../datasets/annotators.ts";
import type { FindWatch } from "../datasets/find-all.ts";
import type { ReviewPlace, ReviewService } from "../reviews/reviews.ts";
import type { ResultService } from "../runs/results.ts";
import type { TrainingService } from "../training/training.ts";
import { classifyRecordings } from "./classify-recordings.ts";
import type { FineTuningService } from "./fine-tuning.ts";
import { runModel } from "./models.ts";

interface Parts {
  results: ResultService;
  annotators: AnnotatorService;
  reviews: ReviewService;
  training: TrainingService;
  fineTuning: FineTuningService;
  startProcess: StartProcess;
}

export interface LearningWatch extends FindWatch {
  /** Called when the run is added, and when it changes. */
  onRun: (run: number) => void;
}

export interface LearningChoice extends ReviewPlace {
  /** Run to fine-tune; absent: the one that labelled the set. */
  run?: number | undefined;
  reviewer: string;
}

export interface Learned {
  run: number;
  answer: EditAnswer;
}

export class LearningService {
  readonly #workspace: Workspace;
  readonly #parts: Parts;

  constructor(workspace: Workspace, parts: Parts) {
    this.#workspace = workspace;
    this.#parts = parts;
  }

  /**
   * Fine-tunes a run on all reviewed beats of a recording, and stores its labels of the other beats as one entry of the log.
   * @throws EctopyError `not-found`; `invalid-settings`: no run labelled the set; `nothing-usable`: too few reviewed
   *   beats; CancelledError: no label was changed
   */
  async learn({ run: chosen, reviewer, ...place }: LearningChoice, watch: LearningWatch): Promise<Learned> {
    const { dataset, record, set: annotations } = place;
    const base = chosen ?? this.#labellingRun(dataset, annotations);
    const choice = { run: base, dataset, record, annotations, minutes: null, replay: DEFAULT_REPLAY };
    const { id } = await this.#parts.fineTuning.add(choice, watch);
    const changed = (): void => watch.onRun(id);
    changed();
    try {
      await this.#parts.training.train(id, {
        signal: watch.signal,
        onBegun: changed,
        onEpoch: changed,
        onProgress: ({ epoch, epochs, step, steps }) =>
          watch.progress({ stage: `Training, epoch ${epoch} of ${epochs}`, done: step, total: steps, unit: "batches" }),
      });
    } finally {
      changed();
    }
    // A training that was stopped after an epoch has a result: its labels are not what was asked for.
    throwIfCancelled(watch.signal);
    const beats = await this.#classify(place, id, watch);
    throwIfCancelled(watch.signal);
    return { run: id, answer: this.#parts.reviews.learned(place, { run: id, beats, reviewer }) };
  }

  /**
   * Returns the run that labelled a set: of an ensemble the first one, and of a patient-specific run the one that it was fine-tuned
   * from.
   * @throws EctopyError `not-found`, `invalid-settings`: no run labelled the set
   */
  #labellingRun(dataset: number, name: string): number {
    const [run] = this.#parts.annotators.storedSet(dataset, name).runs;
    if (run === undefined) {
      throw new EctopyError(
        "invalid-settings",
        `No run labelled the annotation set ${name}: there is none to learn.`,
        "Classify the recording, and review the classified set.",
      );
    }
    return this.#parts.results.run(run).preparation.settings.patient?.run ?? run;
  }

  async #classify(place: ReviewPlace, run: number, watch: FindWatch): Promise<Map<number, NetworkLabel>> {
    const { dataset, record: name, set } = place;
    const record = this.#workspace.datasets.records(dataset).find((each) => each.name === name)!;
    const model = runModel(this.#workspace, this.#parts.results, run);
    const { recordings, skipped } = await classifyRecordings(this.#workspace, {
      ...{ dataset, model, watch },
      annotators: this.#parts.annotators,
      startProcess: this.#parts.startProcess,
      recordings: [{ record, peaks: set }],
    });
    this.#workspace.classifications.removeDrafts(dataset);
    const [classified] = recordings;
    if (classified === undefined) {
      throw new EctopyError("nothing-usable", `Recording ${name} was not classified. ${skipped[0]?.reason ?? ""}`, "");
    }
    const { beats } = classified;
    const symbols = classSymbols(model.details.preparation.settings.classMap, model.labels);
    const threshold = this.#threshold(dataset, set);
    return new Map(
      Array.from(beats.samples, (sample, i): [number, NetworkLabel] => {
        const probability = beats.probabilities[i];
        const flags = (probability < threshold ? UNSURE_FLAG : 0) | (beats.unlike[i] === 1 ? UNLIKE_FLAG : 0);
        return [sample, { symbol: symbols[beats.classes[i]], probability, flags }];
      }),
    );
  }

  /** Returns the threshold of the classified set that is reviewed. */
  #threshold(dataset: number, name: string): number {
    const { annotationSets } = this.#workspace;
    const parent = annotationSets.find(dataset, name)?.parent;
    return (
      (parent === null || parent === undefined ? undefined : annotationSets.find(dataset, parent)?.threshold) ??
      DEFAULT_THRESHOLD
    );
  }
}

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new CancelledError("Cancelled; no label was changed.");
}
