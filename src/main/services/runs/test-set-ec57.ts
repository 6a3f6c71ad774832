/** Plans the comparison of a run's predictions with the annotations of its test recordings by EC57. */
import { usedAnnotator } from "../../../contract/domain/dataset-records.ts";
import { LEARNING_PERIOD_S, type TestSetEc57 } from "../../../contract/domain/ec57.ts";
import { testDatasetOf, type PreparationSettings } from "../../../contract/domain/preparation.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import { conventionOf, noEc57ByDesign } from "../../../contract/domain/test-set-ec57.ts";
import { classSymbols } from "../../../pipeline/beats/class-symbols.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { RecordComparison } from "../../workers/compare-record.ts";
import { comparedAnnotator } from "../datasets/compared-annotator.ts";
import type { TestBeatService } from "./test-beats.ts";

interface PlannedComparison extends Pick<TestSetEc57, "from" | "convention"> {
  /** In the order of the dataset. */
  comparisons: RecordComparison[];
}

/** @returns null: `noEc57Text` says why not @throws EctopyError `nothing-usable`, `damaged-file` */
export function planTestSetEc57(
  workspace: Workspace,
  beats: TestBeatService,
  details: RunDetails,
  from?: number,
): PlannedComparison | null {
  const { preparation } = details;
  const { settings, summary } = preparation;
  const convention = conventionOf(settings.classMap);
  if (noEc57ByDesign(settings) !== null || convention === null) return null;
  const predicted = beats.predictedSets(details, classSymbols(settings.classMap, summary.labels));
  const dataset = testDatasetOf(preparation);
  const records = workspace.datasets.records(dataset).filter(({ name }) => predicted.has(name));
  const isShort = records.every(({ length, rate }) => length <= LEARNING_PERIOD_S * rate);
  const start = from ?? (isShort ? 0 : LEARNING_PERIOD_S);
  const sets = labelSets(settings);
  const comparisons = records.flatMap((record): RecordComparison[] => {
    const { name, rate, length } = record;
    const reference = comparedAnnotator(workspace, { dataset, record }, sets.get(name) ?? usedAnnotator(record));
    const test = { columns: predicted.get(name)! };
    return reference === null ? [] : [{ record: name, rate, length, reference, test, from: start, convention }];
  });
  return { from: start, convention, comparisons };
}

/** Returns the annotation set that gave the labels of each recording. They belong to the training dataset. */
function labelSets({ annotations, testDataset }: PreparationSettings): ReadonlyMap<string, string> {
  const sources = testDataset === undefined ? (annotations?.sources ?? []) : [];
  return new Map(sources.map(({ record, set }) => [record, set]));
}
