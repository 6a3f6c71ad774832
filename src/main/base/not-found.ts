/** Errors on stored items that do not exist. */
import { EctopyError } from "../../contract/domain/errors.ts";

const lists = {
  dataset: "`ectopy datasets` lists the datasets.",
  preparation: "`ectopy preparations` lists the preparations.",
  "annotation set": "`ectopy sets DATASET` lists the annotation sets of a dataset.",
  run: "`ectopy runs` lists the runs.",
  experiment: "`ectopy experiments` lists the experiments.",
} as const;

/** Returns the error for a number that no stored item has. */
export function notFound(kind: keyof typeof lists, id: number): EctopyError {
  return new EctopyError("not-found", `There is no ${kind} ${id}.`, lists[kind]);
}
