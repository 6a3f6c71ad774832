/** Text about the annotation set of a report. */
import type { ReportedModel, ReportedSet } from "./reported-recording.ts";

/** Returns the set with its origin: `by-run-3, classified by Run 3, 1D-CNN`. */
export function setText({ name, origin, parent }: ReportedSet, models: readonly ReportedModel[]): string {
  const from = parent === null ? "" : `, from ${parent}`;
  switch (origin) {
    case "imported":
      return `${name}, imported with the recording`;
    case "detected":
      return `${name}, R-peaks detected by Ectopy: all beats have the label N`;
    case "classified":
      return `${name}, classified by ${models.map(({ title }) => title).join("; ") || "a model"}${from}`;
    case "reviewed":
      return `${name}, reviewed${from}`;
  }
}
