/** Points, parameters and tags in as few calls as a server takes: its limits are in mlflow/utils/validation.py. */
import type { MlflowPoint } from "./mlflow-run.ts";

export interface NamedText {
  key: string;
  value: string;
}

/** Numbers that JSON lacks go as text, as protobuf has them. */
export interface SentPoint extends Omit<MlflowPoint, "value"> {
  value: number | string;
}

export interface Batch {
  params: NamedText[];
  tags: NamedText[];
  metrics: SentPoint[];
}

const MOST = { params: 100, tags: 100, metrics: 1000 };
const MOST_IN_ALL = 1000;
/** The limit is 1,000,000; brackets and names come on top. */
const MOST_BYTES = 900_000;

/** In the order of what is given: parameters first, points last. Nothing gives no batch. */
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
    if (batch === undefined || batch[kind].length >= MOST[kind] || count >= MOST_IN_ALL || bytes + size > MOST_BYTES) {
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
