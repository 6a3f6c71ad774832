/** Names of annotation sets: unique in their dataset, also among imported annotators. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { usedAnnotator } from "../../../contract/domain/dataset-records.ts";
import type { Workspace } from "../../store/workspace.ts";

interface NewName {
  dataset: number;
  name: string;
}

/** @throws EctopyError `invalid-settings`: the dataset was imported with an annotator of this name */
export function refuseImportedName({ datasets }: Workspace, { dataset, name }: NewName): void {
  const isImported = datasets
    .records(dataset)
    .some((record) => usedAnnotator(record) === name || record.annotators.some(({ annotator }) => annotator === name));
  if (!isImported) return;
  throw new EctopyError(
    "invalid-settings",
    `Dataset ${dataset} was imported with an annotator ${name}, which is never changed.`,
    "Choose another name.",
  );
}

/** @throws EctopyError `invalid-settings`: another set of the dataset, or an imported annotator, has the name */
export function refuseTakenName(workspace: Workspace, { dataset, name }: NewName): void {
  refuseImportedName(workspace, { dataset, name });
  if (workspace.annotationSets.find(dataset, name) === undefined) return;
  throw new EctopyError(
    "invalid-settings",
    `Dataset ${dataset} has an annotation set ${name} already.`,
    "Choose another name, or remove that set first.",
  );
}
