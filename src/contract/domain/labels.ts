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
  const { removed, added } = sidesOf(changes);
  sortIfNeeded(removed);
  sortIfNeeded(added);
  if (removed.length + added.length === 0) return [...labels];
  const first = firstLabelFrom(labels, Math.min(removed[0]?.sample ?? Infinity, added[0]?.sample ?? Infinity));
  const end = firstLabelFrom(labels, Math.max(removed.at(-1)?.sample ?? 0, added.at(-1)?.sample ?? 0) + 1);
  return labels.slice(0, first).concat(merged(labels.slice(first, end), removed, added), labels.slice(end));
}

/** Returns the labels that disappear and those that appear, in the order of the changes. */
function sidesOf(changes: readonly LabelChange[]): { removed: Label[]; added: Label[] } {
  const [removed, added]: [Label[], Label[]] = [[], []];
  for (const { from, to } of changes) {
    if (from !== null) removed.push(from);
    if (to !== null) added.push(to);
  }
  return { removed, added };
}

/** Sorts labels, which are in order in most cases: a family of 100,000 beats is checked within a millisecond. */
function sortIfNeeded(labels: Label[]): void {
  for (let i = 1; i < labels.length; i++) {
    if (compareLabels(labels[i - 1], labels[i]) > 0) {
      labels.sort(compareLabels);
      return;
    }
  }
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
  const count = labels.length;
  const samples = new Int32Array(count);
  const subtypes = new Int8Array(count);
  const flags = new Uint8Array(count);
  const probabilities = new Float32Array(count);
  const texts: Record<string, string> = {};
  const symbols: string[] = [];
  for (let i = 0; i < count; i++) {
    const label = labels[i];
    samples[i] = label.sample;
    subtypes[i] = label.subtype;
    flags[i] = label.flags;
    probabilities[i] = label.probability ?? Number.NaN;
    symbols.push(label.symbol);
    if (label.text !== "") texts[i] = label.text;
  }
  return { samples, symbols: symbols.join(""), subtypes, flags, probabilities, texts };
}

/** Returns the labels in the order of their columns. */
export function unpackLabels({ samples, symbols, subtypes, flags, probabilities, texts }: PackedLabels): Label[] {
  const labels: Label[] = [];
  for (let i = 0; i < samples.length; i++) {
    labels.push({
      sample: samples[i],
      symbol: symbols[i],
      subtype: subtypes[i],
      text: texts[i] ?? "",
      flags: flags[i],
      probability: Number.isNaN(probabilities[i]) ? null : probabilities[i],
    });
  }
  return labels;
}

/** Changes as the labels that disappear and those that appear. */
export interface PackedChanges {
  removed: PackedLabels;
  added: PackedLabels;
}

export function packChanges(changes: readonly LabelChange[]): PackedChanges {
  const { removed, added } = sidesOf(changes);
  return { removed: packLabels(removed), added: packLabels(added) };
}

export function unpackChanges({ removed, added }: PackedChanges): LabelChange[] {
  const changes: LabelChange[] = [];
  for (const from of unpackLabels(removed)) changes.push({ from, to: null });
  for (const to of unpackLabels(added)) changes.push({ from: null, to });
  return changes;
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
