/** Annotators of a dataset: reads their annotations, and compares two of them by EC57. */
import type { AnnotationSet, AnnotationSetOverview } from "../../../contract/domain/annotation-sets.ts";
import type { BeatConvention, Ec57Record, SetComparison } from "../../../contract/domain/ec57.ts";
import { contentsOf, usedAnnotator, type DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import { damageOf, EctopyError } from "../../../contract/domain/errors.ts";
import type { Annotation } from "../../../contract/domain/recordings.ts";
import { summarise } from "../../../pipeline/evaluation/ec57/metrics.ts";
import { notFound } from "../../base/not-found.ts";
import { entryPoint } from "../../entry-points.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { ComparisonTasks } from "../../workers/comparison-tasks.ts";
import { readStoredAnnotations } from "../../workers/stored-annotations.ts";
import { WorkerPool } from "../../workers/worker-pool.ts";
import { annotationPlace, comparedAnnotator } from "./compared-annotator.ts";
import { refuseTakenName } from "./set-names.ts";
import { importedSets } from "./imported-sets.ts";
import { detectDataset, type DetectOptions, type PeaksDetected } from "./detect.ts";

export interface ComparisonOptions {
  /** Start of the comparison in s: 300 by EC57. */
  from: number;
  convention: BeatConvention;
  /** Folder of the test annotation files, where the dataset does not have them. */
  testFolder?: string | undefined;
  /** Leaves out recordings with paced beats, as EC57 does. */
  withoutPaced?: boolean | undefined;
}

/** Comparison of two annotators of a dataset. */
export type AnnotatorsCompared = SetComparison;

export class AnnotatorService {
  readonly #workspace: Workspace;
  #pool: WorkerPool<ComparisonTasks> | undefined;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /**
   * Compares two annotators on all recordings that both have annotated.
   * @throws EctopyError `not-found`: no such dataset, or no recording has both; `damaged-file`, `no-access`
   */
  async compare(
    dataset: number,
    reference: string,
    test: string,
    options: ComparisonOptions,
  ): Promise<AnnotatorsCompared> {
    const { from, convention, testFolder, withoutPaced = false } = options;
    const skipped: string[] = [];
    const compared: Ec57Record[] = [];
    for (const record of this.#usableRecords(dataset)) {
      const { name, rate, length } = record;
      const expected = comparedAnnotator(this.#workspace, { dataset, record }, reference);
      const found = comparedAnnotator(this.#workspace, { dataset, record, folder: testFolder }, test);
      const result =
        expected === null || found === null
          ? null
          : await this.#compare({
              record: name,
              rate,
              length,
              reference: expected,
              test: found,
              from,
              convention,
            }).catch((error: unknown) => {
              throw testFolder === undefined ? damageOf({ kind: "datasets", id: dataset }, error) : error;
            });
      if (result === null) skipped.push(name);
      else compared.push(result);
    }
    if (compared.length === 0) throw this.#noRecording(dataset, [reference, test], testFolder);
    return { ...summarise(compared.filter(({ paced }) => !withoutPaced || !paced)), skipped };
  }

  /**
   * Returns the annotations of a recording by one annotator, in order of time; null: it has none.
   * @param folder folder of the annotation file, where it is not the dataset's
   */
  annotations(
    dataset: number,
    { name, length }: Pick<DatasetRecord, "name" | "length">,
    annotator: string,
    folder?: string,
  ): Annotation[] | null {
    const set = folder === undefined ? this.#workspace.annotationSets.find(dataset, annotator) : undefined;
    if (set !== undefined) return this.#workspace.annotationSets.annotations(set.id, name);
    try {
      return readStoredAnnotations(
        annotationPlace(this.#workspace, { dataset, record: { name, length }, folder }, annotator),
      );
    } catch (error) {
      throw folder === undefined ? damageOf({ kind: "datasets", id: dataset }, error) : error;
    }
  }

  /** Compares in a worker thread: other requests are answered meanwhile. */
  #compare(input: ComparisonTasks["annotators"]["input"]): Promise<Ec57Record | null> {
    return (this.#pool ??= new WorkerPool<ComparisonTasks>(entryPoint("comparison-worker"), 1)).run(
      "annotators",
      input,
    );
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }

  /** Returns the annotation sets of a dataset: imported annotators, then stored sets. @throws EctopyError `not-found` */
  list(dataset: number): AnnotationSetOverview[] {
    const records = this.#usableRecords(dataset);
    if (contentsOf(records) === "beats") return [];
    const order = new Map(records.map(({ name }, i) => [name, i]));
    const { annotationSets, datasets } = this.#workspace;
    const stored = annotationSets.list(dataset).map(({ datasetId: _, ...set }): AnnotationSetOverview => {
      const counts = annotationSets.counts(set.id).filter(({ record }) => order.has(record));
      const inOrder = counts.sort((a, b) => order.get(a.record)! - order.get(b.record)!);
      return { ...set, used: false, records: inOrder };
    });
    return [...importedSets(records, datasets.find(dataset)?.createdAt ?? ""), ...stored];
  }

  /** Detects R-peaks, and stores them as an annotation set. @throws EctopyError; CancelledError */
  async detect(dataset: number, options: DetectOptions): Promise<PeaksDetected> {
    return detectDataset(this.#workspace, { dataset, usable: this.#usableRecords(dataset) }, options);
  }

  /** Names a set. @throws EctopyError `not-found`; `invalid-settings`: another set of the dataset has the name */
  rename(id: number, name: string): AnnotationSet {
    const { annotationSets, removed } = this.#workspace;
    const set = removed.has("annotationSets", id) ? undefined : annotationSets.get(id);
    if (set === undefined) throw notFound("annotation set", id);
    if (name !== set.name) refuseTakenName(this.#workspace, { dataset: set.datasetId, name });
    annotationSets.rename(id, name);
    return { ...set, name };
  }

  /** Returns a stored set by its name. @throws EctopyError `not-found` */
  storedSet(dataset: number, name: string): AnnotationSet {
    this.#usableRecords(dataset);
    const set = this.#workspace.annotationSets.find(dataset, name);
    if (set !== undefined) return set;
    throw new EctopyError(
      "not-found",
      `Dataset ${dataset} has no annotation set ${name}.`,
      `\`ectopy sets ${dataset}\` lists its annotation sets.`,
    );
  }

  /** @throws EctopyError `not-found` */
  #usableRecords(dataset: number): DatasetRecord[] {
    if (this.#workspace.datasets.find(dataset) === undefined) throw notFound("dataset", dataset);
    return this.#workspace.datasets.records(dataset).filter(({ usable }) => usable);
  }

  #noRecording(dataset: number, [reference, test]: [string, string], folder?: string): EctopyError {
    const known = [
      ...new Set(
        this.#usableRecords(dataset).flatMap((record) =>
          record.annotators.length > 0 ? record.annotators.map(({ annotator }) => annotator) : [usedAnnotator(record)],
        ),
      ),
    ];
    const where = folder === undefined ? "" : ` with a file NAME.${test} in ${folder}`;
    return new EctopyError(
      "not-found",
      `No recording of dataset ${dataset} has both annotators, ${reference} and ${test}${where}.`,
      `Annotators of the dataset: ${[...known, ...this.#workspace.annotationSets.list(dataset).map(({ name }) => name)].join(", ")}.`,
    );
  }
}
