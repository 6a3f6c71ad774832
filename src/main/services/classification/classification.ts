/** Classifies recordings by a trained run, and stores the result as an annotation set. */
import { beatsIn, DETECTED, type AnnotationSet, type SetAnnotation } from "../../../contract/domain/annotation-sets.ts";
import {
  classifiedName,
  type ClassificationCheck,
  type ClassificationChoice,
  type ClassificationResult,
  type UnsureCosts,
} from "../../../contract/domain/classification.ts";
import { contentsOf, type DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import { classSymbols } from "../../../pipeline/beats/class-symbols.ts";
import { withTemperature } from "../../../pipeline/evaluation/calibration.ts";
import { THRESHOLDS, unsureCost } from "../../../pipeline/evaluation/unsure.ts";
import { notFound } from "../../base/not-found.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";
import type { AnnotatorService } from "../datasets/annotators.ts";
import type { FindWatch } from "../datasets/find-all.ts";
import type { ResultService } from "../runs/results.ts";
import type { TestBeatService } from "../runs/test-beats.ts";
import { classifiedAnnotations, countSet } from "./annotations.ts";
import { classifyRecordings } from "./classify-recordings.ts";
import { trainedRecords, trainingWarning } from "./known-patients.ts";
import { describeRun, problemOf, refuseUnfit, runModel, type RunModel } from "./models.ts";
import { fitOf, type KnownBeats } from "./recording-fit.ts";

interface Parts {
  results: ResultService;
  testBeats: TestBeatService;
  annotators: AnnotatorService;
  startProcess: StartProcess;
}

export class ClassificationService {
  readonly #workspace: Workspace;
  readonly #parts: Parts;

  constructor(workspace: Workspace, parts: Parts) {
    this.#workspace = workspace;
    this.#parts = parts;
  }

  /** Returns what fits and what does not, before anything runs. @throws EctopyError `not-found`, `nothing-usable` */
  check(choice: ClassificationChoice): ClassificationCheck {
    const model = this.#model(choice.run);
    const { dataset, peaks } = choice;
    const records = this.#chosenRecords(choice);
    const known = this.#knownBeats(dataset);
    const name = choice.name ?? classifiedName(choice.run);
    const trained = trainedRecords(this.#workspace, model);
    const problem =
      contentsOf(records) === "beats"
        ? `Dataset ${dataset} has tables of beats: their rows are no recordings with R-peaks.`
        : (problemOf(model) ?? this.#nameProblem(dataset, name, peaks));
    return {
      run: describeRun(model),
      problem,
      recordings:
        problem !== null
          ? []
          : records.map((record) => {
              const fit = fitOf(record, { reading: model.reading, peaks, known });
              const warning = trainingWarning(choice.run, trained, { dataset, record });
              return { ...fit, warnings: [...(warning === null ? [] : [warning]), ...fit.warnings] };
            }),
      set: { name, replaces: this.#workspace.annotationSets.find(dataset, name) !== undefined },
    };
  }

  /**
   * Returns what thresholds cost on the test set of a run.
   * @throws EctopyError `nothing-usable`: the run has no result
   */
  costs(run: number): UnsureCosts {
    const model = this.#model(run);
    refuseUnfit(model);
    const { truth, probabilities, classes } = this.#parts.testBeats.predictions(model.details);
    const calibrated = withTemperature(probabilities, classes, model.temperature);
    const { labels } = model;
    return {
      beats: truth.length,
      costs: THRESHOLDS.map((threshold) => unsureCost(calibrated, truth, labels, threshold)),
    };
  }

  /**
   * Classifies recordings, and stores the annotation set once all are classified. An interrupted classification with the same
   * choices continues with the recordings that were not classified yet.
   * @throws EctopyError `invalid-settings`, `nothing-usable`: nothing can be classified; CancelledError
   */
  async classify(choice: ClassificationChoice, watch: FindWatch): Promise<ClassificationResult> {
    const { problem, recordings, set } = this.check(choice);
    if (problem !== null)
      throw new EctopyError("invalid-settings", problem, "Choose another run, or other recordings.");
    const skipped = recordings.flatMap(({ record, problem: reason }) => (reason === null ? [] : [{ record, reason }]));
    const fitting = recordings.filter((each) => each.problem === null);
    if (fitting.length === 0) throw nothingFits(skipped);
    const model = this.#model(choice.run);
    const records = new Map(this.#chosenRecords(choice).map((record) => [record.name, record]));
    const classified = await classifyRecordings(this.#workspace, {
      ...{ dataset: choice.dataset, model, watch },
      annotators: this.#parts.annotators,
      startProcess: this.#parts.startProcess,
      recordings: fitting.map(({ record, peaks }) => ({ record: records.get(record)!, peaks })),
    });
    if (classified.recordings.length === 0) throw nothingFits([...skipped, ...classified.skipped]);
    if (watch.signal.aborted) throw new CancelledError("Cancelled; no annotation set was stored.");
    const { labels, details } = model;
    const symbols = classSymbols(details.preparation.settings.classMap, labels);
    const byRecord = new Map<string, SetAnnotation[]>(
      classified.recordings.map(({ record, parent, beats }) => [
        record,
        classifiedAnnotations({ parent, beats, symbols, threshold: choice.threshold }),
      ]),
    );
    const stored: Omit<AnnotationSet, "id"> = {
      datasetId: choice.dataset,
      name: set.name,
      origin: "classified",
      parent: mostCommon(classified.recordings.map(({ peaks }) => peaks)),
      leads: [...new Set(classified.recordings.flatMap(({ beats }) => beats.leads))],
      runs: [choice.run],
      threshold: choice.threshold,
      createdAt: timestamp(),
    };
    const id = this.#workspace.transaction(() => {
      this.#workspace.classifications.removeDrafts(choice.dataset);
      return this.#workspace.annotationSets.replace(stored, byRecord);
    });
    return {
      set: { id, ...stored },
      labels,
      recordings: classified.recordings.map(({ record }) => countSet(record, byRecord.get(record)!, symbols)),
      skipped: [...skipped, ...classified.skipped],
      unlikeProblem: classified.unlikeProblem,
    };
  }

  /** Returns the counts of a stored set that runs classified. @throws EctopyError `not-found` */
  result(dataset: number, name: string): ClassificationResult {
    const set = this.#workspace.annotationSets.find(dataset, name);
    if (set?.origin !== "classified") {
      throw new EctopyError(
        "not-found",
        `Dataset ${dataset} has no classified annotation set ${name}.`,
        "Classify its recordings first.",
      );
    }
    // Sets of earlier versions may have several runs, with the same classes.
    const { labels, details } = this.#model(set.runs[0]);
    const symbols = classSymbols(details.preparation.settings.classMap, labels);
    const { annotationSets } = this.#workspace;
    return {
      set,
      labels,
      recordings: annotationSets
        .counts(set.id)
        .map(({ record }) => countSet(record, annotationSets.annotations(set.id, record) ?? [], symbols)),
      skipped: [],
      unlikeProblem: null,
    };
  }

  #model(run: number): RunModel {
    return runModel(this.#workspace, this.#parts.results, run);
  }

  /** @throws EctopyError `not-found`, `nothing-usable` */
  #chosenRecords({ dataset, records: names }: ClassificationChoice): DatasetRecord[] {
    if (this.#workspace.datasets.find(dataset) === undefined) throw notFound("dataset", dataset);
    const usable = this.#workspace.datasets.records(dataset).filter((record) => record.usable);
    const missing = names.find((name) => !usable.some((record) => record.name === name));
    if (missing !== undefined) {
      throw new EctopyError(
        "not-found",
        `Dataset ${dataset} has no usable recording ${missing}.`,
        `Its recordings: ${usable.map(({ name }) => name).join(", ")}.`,
      );
    }
    return names.length === 0 ? usable : usable.filter(({ name }) => names.includes(name));
  }

  #knownBeats(dataset: number): KnownBeats {
    const sets = this.#parts.annotators.list(dataset);
    const beats = new Map(
      sets.flatMap(({ name, records }) =>
        records.map(({ record, symbols }): [string, number] => [`${name} ${record}`, beatsIn(symbols)]),
      ),
    );
    return (annotator, record) => beats.get(`${annotator} ${record}`) ?? null;
  }

  #nameProblem(dataset: number, name: string, peaks: string | undefined): string | null {
    const taken = this.#parts.annotators.list(dataset).find((set) => set.name === name);
    if (taken?.origin === "imported")
      return `Dataset ${dataset} was imported with an annotator ${name}, which is never changed.`;
    if (taken !== undefined && taken.origin !== "classified")
      return `The annotation set ${name} was not classified: it is not replaced.`;
    if (name === DETECTED) return `The name ${DETECTED} belongs to detected R-peaks.`;
    return name === peaks ? `The annotation set ${name} can't replace the one that its R-peaks come from.` : null;
  }
}

function nothingFits(skipped: readonly { record: string; reason: string }[]): EctopyError {
  const [first, ...others] = skipped;
  const more = others.length === 0 ? "" : ` ${others.length} more can't be classified either.`;
  return new EctopyError(
    "nothing-usable",
    first === undefined
      ? "The dataset has no usable recording."
      : `Recording ${first.record} can't be classified. ${first.reason}${more}`,
    "Choose other recordings, other R-peaks, or a run that was trained on the leads of these.",
  );
}

function mostCommon(names: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).at(0)?.[0] ?? null;
}
