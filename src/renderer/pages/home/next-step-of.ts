/** The next step of a dataset: to prepare it, or to train on its latest preparation. */
import type { Preparation } from "../../../contract/domain/preparation.ts";

export interface DatasetStep {
  to: string;
  label: "Prepare" | "Train";
}

/** @param preparations of all datasets, in any order */
export function nextStepOf(
  dataset: number,
  preparations: readonly Pick<Preparation, "id" | "datasetId">[],
): DatasetStep {
  const ids = preparations.filter(({ datasetId }) => datasetId === dataset).map(({ id }) => id);
  if (ids.length === 0) return { to: `/preparation/${dataset}`, label: "Prepare" };
  return { to: `/model?preparation=${Math.max(...ids)}`, label: "Train" };
}
