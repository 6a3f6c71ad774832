/** What an entry of a review's log did, as text. Pure. */
import type { Label } from "../../contract/domain/labels.ts";
import { rhythmName } from "../../contract/domain/rhythm.ts";
import type { LogEntry } from "../../contract/domain/reviews.ts";
import { counted } from "../../contract/text/format-number.ts";
import { relabelledBeats } from "./learn-labels.ts";

/** Returns a sentence without its subject, such as `7 beats N → V`. */
export function describeEntry({
  kind,
  label,
  changes,
  families,
}: Pick<LogEntry, "kind" | "label" | "changes" | "families">): string {
  // An undo names its edit, which is described by itself.
  if (kind === "undo") return "Undo";
  if (kind === "redo") return "Redo";
  const before = symbols(changes.map(({ from }) => from));
  const after = symbols(changes.map(({ to }) => to));
  const number = counted(changes.length, "beat");
  switch (kind) {
    case "relabel":
      return `${number} ${before} → ${after}`;
    case "add":
      return `Add ${after}`;
    case "delete":
      return `Delete ${number} ${before}`;
    case "move":
      return `Move ${before}`;
    case "confirm":
      return `Confirm ${number} ${after}`;
    case "learn": {
      const relabelled = counted(relabelledBeats(changes), "beat");
      return label === "" ? `Take back the labels of ${relabelled}` : `Learn: run ${label} relabels ${relabelled}`;
    }
    case "noise":
      return label === "" ? "Remove noise" : "Mark noise";
    case "family": {
      const moved = counted(families.length, "beat");
      if (label === "split") return `Split a family: ${moved}`;
      return label === "merge" ? `Merge families: ${moved}` : `Move ${moved} to another family`;
    }
    case "rhythm":
      return label === "" ? "Remove a rhythm" : `Mark ${rhythmName(label)}`;
  }
}

/** Returns the first sample that changes touch; null: there are none. */
export function firstSample({ changes, families }: Pick<LogEntry, "changes" | "families">): number | null {
  let first: number | null = null;
  for (const { sample } of families) if (first === null || sample < first) first = sample;
  for (const { from, to } of changes) {
    for (const label of [from, to])
      if (label !== null && (first === null || label.sample < first)) first = label.sample;
  }
  return first;
}

/** Symbols in the order of their frequency: `N`, or `N, V`. */
function symbols(labels: readonly (Label | null)[]): string {
  const counts = new Map<string, number>();
  for (const label of labels) if (label) counts.set(label.symbol, (counts.get(label.symbol) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([symbol]) => symbol)
    .join(", ");
}
