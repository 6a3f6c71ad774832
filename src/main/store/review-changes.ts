/**
 * The changes of an entry of a review's log as the text of its column: pairs of labels for a few changes, columns for many. An edit
 * may change every beat of a day: as columns, it is written in a tenth of the time.
 */
import { z } from "zod";
import type { Label, LabelChange } from "../../contract/domain/labels.ts";
import { parseColumn } from "./json-column.ts";

/** Entries with at least as many changes are stored as columns. */
const MIN_CHANGES_AS_COLUMNS = 64;

/** A label without its names, so that a row stays short. */
const labelSchema = z
  .tuple([z.int(), z.string(), z.int(), z.int(), z.number().nullable(), z.string()])
  .transform(([sample, symbol, subtype, flags, probability, text]): Label => {
    return { sample, symbol, subtype, flags, probability, text };
  })
  .nullable();
const pairsSchema = z
  .array(z.tuple([labelSchema, labelSchema]))
  .transform((pairs): LabelChange[] => pairs.map(([from, to]) => ({ from, to })));

/** Whole numbers of 32 bits in base64, or the one number of all. */
const integersSchema = z.union([z.int(), z.string()]);
const sideSchema = z.strictObject({
  /** Null: those of the labels before. */
  samples: integersSchema.nullable(),
  /** One character for each change, or the one character of all. */
  symbols: z.string(),
  subtypes: integersSchema,
  flags: integersSchema,
  /** Float64 values in base64, NaN for none; null: no label has one. */
  probabilities: z.string().nullable(),
  /** By the index of the change; changes without a text are left out. */
  texts: z.record(z.string(), z.string()),
});
type Side = z.infer<typeof sideSchema>;
const columnsSchema = z
  .strictObject({
    count: z.int().min(1),
    /** Labels before; null: the changes only add. */
    from: sideSchema.nullable(),
    /** Labels after; null: the changes only remove. */
    to: sideSchema.nullable(),
  })
  .transform(({ count, from, to }): LabelChange[] => {
    const before = from && labelsOf(from, count);
    const after = to && labelsOf({ ...to, samples: to.samples ?? from?.samples ?? null }, count);
    return Array.from({ length: count }, (_, i) => ({ from: before?.[i] ?? null, to: after?.[i] ?? null }));
  });
const changesSchema = z.union([pairsSchema, columnsSchema]);

/** Returns the changes as the text of their column. */
export function changesText(changes: readonly LabelChange[]): string {
  const columns = changes.length < MIN_CHANGES_AS_COLUMNS ? null : columnsOf(changes);
  return JSON.stringify(columns ?? changes.map(({ from, to }) => [packed(from), packed(to)]));
}

/** @param value names the changes for an error @throws EctopyError `damaged-file` */
export function parseChanges(text: string, value: string): LabelChange[] {
  return parseColumn(changesSchema, text, value);
}

function packed(label: Label | null): unknown[] | null {
  if (label === null) return null;
  const { sample, symbol, subtype, flags, probability, text } = label;
  return [sample, symbol, subtype, flags, probability, text];
}

/** Returns the changes as columns; null: some of them add or remove and others don't. */
function columnsOf(changes: readonly LabelChange[]): z.input<typeof columnsSchema> | null {
  const [before, after]: [Label[], Label[]] = [[], []];
  for (const { from, to } of changes) {
    if (from !== null) before.push(from);
    if (to !== null) after.push(to);
  }
  const isWhole = (side: readonly Label[]): boolean => side.length === 0 || side.length === changes.length;
  if (!isWhole(before) || !isWhole(after)) return null;
  const from = before.length === 0 ? null : sideOf(before);
  const to = after.length === 0 ? null : sideOf(after);
  const isSame = changes.every((change) => change.from?.sample === change.to?.sample);
  return { count: changes.length, from, to: to && isSame ? { ...to, samples: null } : to };
}

function sideOf(labels: readonly Label[]): Side {
  const symbols = labels.map(({ symbol }) => symbol).join("");
  const texts: Record<string, string> = {};
  for (const [i, { text }] of labels.entries()) if (text !== "") texts[i] = text;
  return {
    samples: integersOf(labels, ({ sample }) => sample),
    symbols: isOne(symbols) ? symbols[0] : symbols,
    subtypes: integersOf(labels, ({ subtype }) => subtype),
    flags: integersOf(labels, ({ flags }) => flags),
    probabilities: probabilitiesOf(labels),
    texts,
  };
}

function isOne(symbols: string): boolean {
  return symbols === symbols[0].repeat(symbols.length);
}

function integersOf(labels: readonly Label[], numberOf: (label: Label) => number): number | string {
  const numbers = new Int32Array(labels.length);
  let isOne = true;
  for (let i = 0; i < labels.length; i++) {
    numbers[i] = numberOf(labels[i]);
    if (numbers[i] !== numbers[0]) isOne = false;
  }
  return isOne ? numbers[0] : base64Of(numbers);
}

function probabilitiesOf(labels: readonly Label[]): string | null {
  if (labels.every(({ probability }) => probability === null)) return null;
  const numbers = new Float64Array(labels.length);
  for (let i = 0; i < labels.length; i++) numbers[i] = labels[i].probability ?? Number.NaN;
  return base64Of(numbers);
}

function base64Of({ buffer }: Int32Array | Float64Array): string {
  return Buffer.from(buffer).toString("base64");
}

function labelsOf({ samples, symbols, subtypes, flags, probabilities, texts }: Side, count: number): Label[] {
  if (samples === null) throw new RangeError("The samples are missing.");
  const [times, types, bits] = [samples, subtypes, flags].map((each) =>
    typeof each === "number" ? new Int32Array(count).fill(each) : new Int32Array(bytesOf(each, 4 * count)),
  );
  const shares = probabilities === null ? null : new Float64Array(bytesOf(probabilities, 8 * count));
  const all = symbols.length === 1 ? symbols.repeat(count) : symbols;
  if (all.length !== count) throw new RangeError(`There are ${all.length} symbols for ${count} changes.`);
  const labels: Label[] = [];
  for (let i = 0; i < count; i++) {
    const share = shares?.[i] ?? Number.NaN;
    labels.push({
      sample: times[i],
      symbol: all[i],
      subtype: types[i],
      flags: bits[i],
      probability: Number.isNaN(share) ? null : share,
      text: texts[i] ?? "",
    });
  }
  return labels;
}

function bytesOf(base64: string, length: number): ArrayBuffer {
  const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
  if (bytes.length !== length) throw new RangeError(`There are ${bytes.length} bytes instead of ${length}.`);
  return bytes.buffer;
}
