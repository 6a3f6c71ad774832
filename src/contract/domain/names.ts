/** Names that users give to datasets, preparations and runs, and how a named item is shown. */
import { z } from "zod";

/** Kinds of items that users name and remove. */
export type ItemKind = "datasets" | "preparations" | "runs" | "annotationSets";

const MAX_NAME_LENGTH = 200;

/** Name of a preparation or a run; empty: none. */
export const nameSchema = z.string().trim().max(MAX_NAME_LENGTH);
export const datasetNameSchema = nameSchema.min(1);

interface Named {
  id: number;
  name: string;
}

/** Returns the title of a preparation: `Preparation 3`, or `Preparation 3: By patient`. */
export function preparationTitle(preparation: Named): string {
  return titled(`Preparation ${preparation.id}`, preparation.name);
}

/** Returns the title of a run: `Run 7`, or `Run 7: Final`. */
export function runTitle(run: Named): string {
  return titled(`Run ${run.id}`, run.name);
}

function titled(numbered: string, name: string): string {
  return name === "" ? numbered : `${numbered}: ${name}`;
}
