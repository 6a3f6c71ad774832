/** Turns what a reviewer asks for into changes of labels. Pure; the changes are what is stored and undone. */
import { EctopyError } from "../../contract/domain/errors.ts";
import { isHeartbeat } from "../../contract/domain/class-maps.ts";
import { firstLabelFrom, REVIEWED_FLAG, type Label, type LabelChange } from "../../contract/domain/labels.ts";
import type { FamilyChange } from "../../contract/domain/beat-families.ts";
import { reviewSymbols, type Edit } from "../../contract/domain/reviews.ts";
import { paintStretch, type Stretch, type ValueFrom } from "./paint-stretch.ts";

/** The recording that is edited. */
export interface EditedRecording {
  /** In the order of `compareLabels`. */
  labels: readonly Label[];
  /** Samples of a lead. */
  length: number;
  /** Number of leads. */
  leads: number;
}

const editable: ReadonlySet<string> = new Set(reviewSymbols);

/** Returns whether reviewers edit an annotation of this symbol as a beat. */
export function isEditedAsBeat(symbol: string): boolean {
  return editable.has(symbol);
}

/**
 * Returns the changes of an edit; none where it changes nothing.
 * @throws EctopyError `not-found`: no beat at a sample; `invalid-settings`: a time outside of the recording, a beat
 *   where there is one already, an empty stretch
 */
export function changesOf(edit: Edit, recording: EditedRecording): LabelChange[] {
  switch (edit.kind) {
    case "relabel":
      return replaceBeats(recording, edit.beats, (label) => ({ ...reviewed(label), symbol: edit.symbol }));
    case "confirm":
      return replaceBeats(recording, edit.beats, (label) => ({ ...label, flags: label.flags | REVIEWED_FLAG }));
    case "delete":
      return replaceBeats(recording, edit.beats, () => null);
    case "move":
      refuseTaken(recording, edit.to, edit.beat);
      return replaceBeats(recording, [edit.beat], (label) => ({ ...reviewed(label), sample: edit.to }));
    case "add":
      refuseTaken(recording, edit.sample);
      return [{ from: null, to: newLabel(edit.sample, edit.symbol) }];
    case "noise":
      return markNoise(recording, stretchOf(recording, edit), edit.clean);
    case "family":
      return [];
    case "rhythm":
      return markRhythm(recording, stretchOf(recording, edit), edit.code);
  }
}

/**
 * Returns the changes of families of an edit; none where it changes none.
 * @param families families that reviewers gave to beats
 * @throws EctopyError `not-found`: no beat at a sample
 */
export function familyChangesOf(
  edit: Edit,
  { labels }: Pick<EditedRecording, "labels">,
  families: ReadonlyMap<number, number>,
): FamilyChange[] {
  if (edit.kind !== "family") return [];
  return [...new Set(edit.beats)].flatMap((sample): FamilyChange[] => {
    if (beatAt(labels, sample) === undefined) throw noBeat(sample);
    const from = families.get(sample) ?? null;
    return from === edit.to ? [] : [{ sample, from, to: edit.to }];
  });
}

/** Returns a label as a reviewer sets it: a model's probability and flags no longer belong to it. */
function reviewed(label: Label): Label {
  return { ...label, flags: REVIEWED_FLAG, probability: null };
}

function newLabel(sample: number, symbol: string, rest: Partial<Label> = {}): Label {
  return { sample, symbol, subtype: 0, text: "", flags: REVIEWED_FLAG, probability: null, ...rest };
}

function replaceBeats(
  { labels }: EditedRecording,
  beats: readonly number[],
  replacement: (label: Label) => Label | null,
): LabelChange[] {
  const changes: LabelChange[] = [];
  for (const sample of new Set(beats)) {
    const from = beatAt(labels, sample);
    if (from === undefined) throw noBeat(sample);
    const to = replacement(from);
    if (to === null || !isSame(from, to)) changes.push({ from, to });
  }
  return changes;
}

function noBeat(sample: number): EctopyError {
  return new EctopyError(
    "not-found",
    `There is no beat at sample ${sample}: the review has changed meanwhile.`,
    "Reload the page.",
  );
}

function beatAt(labels: readonly Label[], sample: number): Label | undefined {
  // At one time, a heartbeat comes before a flutter wave or an artefact.
  let found: Label | undefined;
  for (let i = firstLabelFrom(labels, sample); i < labels.length && labels[i].sample === sample; i++) {
    if (isHeartbeat(labels[i].symbol)) return labels[i];
    if (isEditedAsBeat(labels[i].symbol)) found ??= labels[i];
  }
  return found;
}

function isSame(a: Label, b: Label): boolean {
  return a.symbol === b.symbol && a.sample === b.sample && a.flags === b.flags && a.probability === b.probability;
}

function refuseTaken({ labels, length }: EditedRecording, sample: number, moved?: number): void {
  if (sample >= length) throw outside(sample, length);
  if (sample !== moved && beatAt(labels, sample) !== undefined) {
    throw new EctopyError(
      "invalid-settings",
      `There is a beat at sample ${sample} already.`,
      "Choose another time, or relabel that beat.",
    );
  }
}

function stretchOf({ length }: EditedRecording, { from, to }: { from: number; to: number }): Stretch {
  if (from >= length) throw outside(from, length);
  if (to <= from) {
    throw new EctopyError("invalid-settings", "The stretch to mark is empty.", "Drag from its start to its end.");
  }
  return { from, to: Math.min(to, length), length };
}

function outside(sample: number, length: number): EctopyError {
  return new EctopyError(
    "invalid-settings",
    `Sample ${sample} is outside of the recording, which has ${length} samples.`,
    "Choose a time in the recording.",
  );
}

/** WFDB's codes of ventricular flutter and fibrillation, which brackets bound too. */
const FLUTTER_CODES: ReadonlySet<string> = new Set(["VFL", "VF", "VFIB"]);

interface LabelValue<Value> extends ValueFrom<Value> {
  label: Label;
}

function markRhythm({ labels }: EditedRecording, stretch: Stretch, code: string): LabelChange[] {
  const rhythms = labels
    .filter(({ symbol, text }) => symbol === "+" && text.startsWith("("))
    .map((label): LabelValue<string> => ({
      sample: label.sample,
      value: label.text.slice(1).replaceAll("\0", "").trim(),
      label,
    }));
  const brackets = labels
    .filter(({ symbol }) => symbol === "[" || symbol === "]")
    .map((label): LabelValue<boolean> => ({ sample: label.sample, value: label.symbol === "[", label }));
  return [
    ...painted(rhythms, stretch, code, "", (sample, value) => newLabel(sample, "+", { text: `(${value}` })),
    ...painted(brackets, stretch, FLUTTER_CODES.has(code), false, (sample, isFlutter) =>
      newLabel(sample, isFlutter ? "[" : "]"),
    ),
  ];
}

/** Leads that a change of signal quality can name (WFDB's `~`): bit i of its subtype is lead i. */
const MAX_NOISE_LEADS = 4;

function markNoise({ labels, leads }: EditedRecording, stretch: Stretch, clean: boolean): LabelChange[] {
  const changes = labels
    .filter(({ symbol }) => symbol === "~")
    .map((label): LabelValue<number> => ({ sample: label.sample, value: label.subtype, label }));
  const value = clean ? 0 : 2 ** Math.min(MAX_NOISE_LEADS, leads) - 1;
  return painted(changes, stretch, value, 0, (sample, subtype) => newLabel(sample, "~", { subtype }));
}

function painted<Value>(
  points: readonly LabelValue<Value>[],
  stretch: Stretch,
  value: Value,
  initial: Value,
  labelOf: (sample: number, value: Value) => Label,
): LabelChange[] {
  const { removed, added } = paintStretch(points, stretch, value, initial);
  return [
    ...removed.map(({ label }): LabelChange => ({ from: label, to: null })),
    ...added.map((point): LabelChange => ({ from: null, to: labelOf(point.sample, point.value) })),
  ];
}
