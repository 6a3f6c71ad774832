/** Values that hold from one annotation to the next, such as the rhythm: gives a stretch of them another value. Pure. */

/** From `sample` on, the value holds. */
export interface ValueFrom<Value> {
  sample: number;
  value: Value;
}

/** A stretch of samples, `from` to `to` − 1, in a recording of `length` samples. */
export interface Stretch {
  from: number;
  to: number;
  length: number;
}

/**
 * Returns which changes of value disappear and which are added, so that the stretch has one value and the recording
 * keeps its values before and after it.
 * @param changes in order of time @param initial the value before the first of them
 */
export function paintStretch<Point extends ValueFrom<Value>, Value>(
  changes: readonly Point[],
  { from, to, length }: Stretch,
  value: Value,
  initial: Value,
): { removed: Point[]; added: ValueFrom<Value>[] } {
  const valueBefore = changes.findLast(({ sample }) => sample < from)?.value ?? initial;
  const valueAfter = changes.findLast(({ sample }) => sample <= to)?.value ?? initial;
  const added: ValueFrom<Value>[] = [];
  if (valueBefore !== value) added.push({ sample: from, value });
  if (valueAfter !== value && to < length) added.push({ sample: to, value: valueAfter });
  const within = changes.filter(({ sample }) => sample >= from && sample <= to);
  const stays = ({ sample, value: held }: ValueFrom<Value>, others: readonly ValueFrom<Value>[]): boolean =>
    others.some((other) => other.sample === sample && other.value === held);
  return {
    removed: within.filter((point) => !stays(point, added)),
    added: added.filter((point) => !stays(point, within)),
  };
}
