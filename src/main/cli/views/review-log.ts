/** An entry of a review's log as scripts read it. */
import type { Label } from "../../../contract/domain/labels.ts";
import type { LogKind } from "../../../contract/domain/reviews.ts";
import type { LoggedEdit } from "../../services/reviews/reviews.ts";

/** A label that an edit has changed. */
interface LoggedChange {
  /** Time of the label before the edit, or of the added one, in s. */
  seconds: number;
  sample: number;
  /** Symbol, with the text of a rhythm change; null: none before, or none after. */
  from: string | null;
  to: string | null;
  /** Sample that the label was moved to; absent: it stayed. */
  movedTo?: number;
}

export interface LoggedDocument {
  id: number;
  at: string;
  reviewer: string;
  kind: LogKind;
  /** The entry that is undone or redone. */
  target: number | null;
  recording: string;
  /** New symbol or rhythm; empty: none. */
  label: string;
  stretch: { from: number; to: number; fromSeconds: number; toSeconds: number } | null;
  changes: LoggedChange[];
}

export function loggedChanges(edit: LoggedEdit): LoggedDocument {
  const { id, at, reviewer, kind, target, record, label, stretch, rate } = edit;
  return {
    id,
    at,
    reviewer,
    kind,
    target,
    recording: record,
    label,
    stretch: stretch && { ...stretch, fromSeconds: stretch.from / rate, toSeconds: stretch.to / rate },
    changes: edit.changes.map(({ from, to }) => {
      const sample = (from ?? to)?.sample ?? 0;
      return {
        seconds: sample / rate,
        sample,
        from: textOf(from),
        to: textOf(to),
        ...(from !== null && to !== null && to.sample !== sample ? { movedTo: to.sample } : {}),
      };
    }),
  };
}

function textOf(label: Label | null): string | null {
  return label === null ? null : [label.symbol, label.text].filter((part) => part !== "").join(" ");
}
