/**
 * Labels of an annotation set: each is one annotation with the probability and flags that a program gave it. A set's labels are sorted,
 * and a change replaces one of them: what a review does to them is a list of such changes, which can be reversed.
 */

/** Bit of a label's flags: a reviewer has set or confirmed the label. The lower bits are those of a classification. */
export const REVIEWED_FLAG = 4;

/** One annotation of a set. */
export interface Label {
  /** Sample number, from 0. */
  sample: number;
  /** Mnemonic of WFDB, such as `N`, `V` or `+`. */
  symbol: string;
  /** Sub-type, −128 to 127. */
  subtype: number;
  /** Auxiliary text, such as `(AFIB` for a rhythm change; may be empty. */
  text: string;
  flags: number;
  /** Probability of the symbol's class, 0 to 1; null: none. */
  probability: number | null;
}

/** One label becomes another; null: it did not exist before, or does not exist after. */
export interface LabelChange {
  from: Label | null;
  to: Label | null;
}

/** Returns the order of two labels: by time, then by all other values, so that a set has one order. */
export function compareLabels(a: Label, b: Label): number {
  return (
    a.sample - b.sample ||
    compareTexts(a.symbol, b.symbol) ||
    a.subtype - b.subtype ||
    compareTexts(a.text, b.text) ||
    a.flags - b.flags ||
    (a.probability ?? -1) - (b.probability ?? -1)
  );
}

/**
 * Returns the labels after some changes. Labels before the first and after the last changed one are copied as blocks, so that an
 * edit of one beat of a day takes less than a millisecond.
 * @param labels in the order of {@link compareLabels}
 * @throws RangeError a label to replace is missing: the changes belong to another state
 */
export function applyChanges(labels: readonly Label[], changes: readonly LabelChange[]): Label[] {
  const removed = changes.flatMap(({ from }) => (from === null ? [] : [from])).sort(compareLabels);
  const added = changes.flatMap(({ to }) => (to === null ? [] : [to])).sort(compareLabels);
  const ends = [removed, added].flatMap((each) =>
    each.length === 0 ? [] : [each[0].sample, each[each.length - 1].sample],
  );
  if (ends.length === 0) return [...labels];
  const first = firstLabelFrom(labels, Math.min(...ends));
  const end = firstLabelFrom(labels, Math.max(...ends) + 1);
  return labels.slice(0, first).concat(merged(labels.slice(first, end), removed, added), labels.slice(end));
}

/** Merges sorted labels; a label may be both added and removed. */
function merged(labels: readonly Label[], removed: readonly Label[], added: readonly Label[]): Label[] {
  const after: Label[] = [];
  let nextRemoved = 0;
  let nextAdded = 0;
  const keep = (label: Label): void => {
    if (nextRemoved < removed.length && compareLabels(removed[nextRemoved], label) === 0) nextRemoved++;
    else after.push(label);
  };
  for (const label of labels) {
    while (nextAdded < added.length && compareLabels(added[nextAdded], label) <= 0) keep(added[nextAdded++]);
    keep(label);
  }
  while (nextAdded < added.length) keep(added[nextAdded++]);
  if (nextRemoved < removed.length) {
    const { sample, symbol } = removed[nextRemoved];
    throw new RangeError(`There is no label ${symbol} at sample ${sample} as the change describes it.`);
  }
  return after;
}

/** Returns the changes that undo some changes. */
export function reversed(changes: readonly LabelChange[]): LabelChange[] {
  return changes.map(({ from, to }) => ({ from: to, to: from }));
}

/** Returns the index of the first label at or after a sample; the length where there is none. */
export function firstLabelFrom(labels: readonly Label[], sample: number): number {
  let low = 0;
  let high = labels.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (labels[middle].sample < sample) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Labels as columns, in which they cross a boundary between processes. */
export interface PackedLabels {
  samples: Int32Array;
  /** One character for each label. */
  symbols: string;
  subtypes: Int8Array;
  flags: Uint8Array;
  /** NaN: none. */
  probabilities: Float32Array;
  /** Texts by the index of their label; labels without a text are left out. */
  texts: Readonly<Record<string, string>>;
}

export function packLabels(labels: readonly Label[]): PackedLabels {
  return {
    samples: Int32Array.from(labels, ({ sample }) => sample),
    symbols: labels.map(({ symbol }) => symbol).join(""),
    subtypes: Int8Array.from(labels, ({ subtype }) => subtype),
    flags: Uint8Array.from(labels, ({ flags }) => flags),
    probabilities: Float32Array.from(labels, ({ probability }) => probability ?? Number.NaN),
    texts: Object.fromEntries(labels.flatMap(({ text }, i) => (text === "" ? [] : [[i, text]]))),
  };
}

/** Returns the labels in the order of their columns. */
export function unpackLabels({ samples, symbols, subtypes, flags, probabilities, texts }: PackedLabels): Label[] {
  return Array.from(samples, (sample, i) => ({
    sample,
    symbol: symbols[i],
    subtype: subtypes[i],
    text: texts[i] ?? "",
    flags: flags[i],
    probability: Number.isNaN(probabilities[i]) ? null : probabilities[i],
  }));
}

/** Changes as the labels that disappear and those that appear. */
export interface PackedChanges {
  removed: PackedLabels;
  added: PackedLabels;
}

export function packChanges(changes: readonly LabelChange[]): PackedChanges {
  return {
    removed: packLabels(changes.flatMap(({ from }) => (from === null ? [] : [from]))),
    added: packLabels(changes.flatMap(({ to }) => (to === null ? [] : [to]))),
  };
}

export function unpackChanges({ removed, added }: PackedChanges): LabelChange[] {
  return [
    ...unpackLabels(removed).map((from): LabelChange => ({ from, to: null })),
    ...unpackLabels(added).map((to): LabelChange => ({ from: null, to })),
  ];
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
