/** Groups points, parameters and tags into as few calls as a server accepts (limits: mlflow/utils/validation.py). */
import type { MlflowPoint } from "./mlflow-run.ts";

export interface NamedText {
  key: string;
  value: string;
}

/** Numbers that JSON lacks are sent as text, as in protobuf. */
export interface SentPoint extends Omit<MlflowPoint, "value"> {
  value: number | string;
}

export interface Batch {
  params: NamedText[];
  tags: NamedText[];
  metrics: SentPoint[];
}

const MAX_PER_BATCH = { params: 100, tags: 100, metrics: 1000 };
const MAX_ITEMS_PER_BATCH = 1000;
/** The limit is 1,000,000; brackets and names come on top. */
const MAX_BATCH_BYTES = 900_000;

/** Returns batches in order: parameters first, points last. No items give no batch. */
export function batches(
  params: readonly NamedText[],
  tags: readonly NamedText[],
  points: readonly MlflowPoint[],
): Batch[] {
  const all: Batch[] = [];
  let bytes = 0;
  const put = <Kind extends keyof Batch>(kind: Kind, item: Batch[Kind][number]): void => {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    let batch = all.at(-1);
    const count = batch === undefined ? 0 : batch.params.length + batch.tags.length + batch.metrics.length;
    if (
      batch === undefined ||
      batch[kind].length >= MAX_PER_BATCH[kind] ||
      count >= MAX_ITEMS_PER_BATCH ||
      bytes + size > MAX_BATCH_BYTES
    ) {
      batch = { params: [], tags: [], metrics: [] };
      all.push(batch);
      bytes = 0;
    }
    (batch[kind] as Batch[Kind][number][]).push(item);
    bytes += size;
  };
  for (const param of params) put("params", param);
  for (const tag of tags) put("tags", tag);
  for (const { value, ...point } of points) {
    put("metrics", { ...point, value: Number.isFinite(value) ? value : String(value) });
  }
  return all;
}

export function named(texts: Readonly<Record<string, string>>): NamedText[] {
  return Object.entries(texts).map(([key, value]) => ({ key, value }));
}
