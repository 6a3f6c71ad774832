/** Importance of the settings of a search: how much of a metric's variance between runs each one explains alone. */

/** Values of a setting, divided into groups: one for each value, or ranges of numbers. */
export interface ValueGroups {
  labels: string[];
  /** Group of each run. */
  group: number[];
}

/** More different numbers than this are divided into ranges. */
const MAX_VALUES = 8;
const RANGES = 4;

/**
 * Divides the values of a setting into groups: each value is one, in the order of the numbers. More than
 * {@link MAX_VALUES} different numbers make {@link RANGES} ranges with equal numbers of runs.
 */
export function groupValues(values: readonly string[]): ValueGroups {
  const distinct = [...new Set(values)];
  const areNumbers = distinct.every((value) => value.trim() !== "" && Number.isFinite(Number(value)));
  if (areNumbers) distinct.sort((a, b) => Number(a) - Number(b));
  if (!areNumbers || distinct.length <= MAX_VALUES) {
    return { labels: distinct, group: values.map((value) => distinct.indexOf(value)) };
  }
  const sorted = values.map(Number).sort((a, b) => a - b);
  // The first value of each range; equal values belong to one range.
  const starts = [
    ...new Set(Array.from({ length: RANGES }, (_, i) => sorted[Math.floor((i * sorted.length) / RANGES)])),
  ];
  const group = values.map((value) => starts.findLastIndex((start) => start <= Number(value)));
  const labels = starts.map((start, i) => {
    const end = sorted.findLast((value) => i === starts.length - 1 || value < starts[i + 1])!;
    return start === end ? String(start) : `${start} to ${end}`;
  });
  return { labels, group };
}

/** Returns the mean of each group; null where a group has no run. */
export function groupMeans(metric: readonly number[], { labels, group }: ValueGroups): (number | null)[] {
  return labels.map((_, number) => {
    const ofGroup = metric.filter((_value, run) => group[run] === number);
    return ofGroup.length === 0 ? null : sum(ofGroup) / ofGroup.length;
  });
}

/**
 * Returns the share of the metric's variance that the groups explain, from 0 to 1: ε² of a one-way analysis of variance,
 * (SSB − (k − 1) MSW) / SST. Unlike η², it does not grow with the number of groups by chance alone (Kelley, An unbiased
 * correlation ratio measure, PNAS 21 (1935); Okada, Is omega squared less biased?, Behaviormetrika 40 (2013)). Effects of
 * combinations of settings, seeds and noise are in no share.
 * @returns null with fewer than two groups, fewer than two runs more than groups, or without any variance
 */
export function explainedShare(metric: readonly number[], groups: ValueGroups): number | null {
  const occurring = new Set(groups.group).size;
  const runs = metric.length;
  if (occurring < 2 || runs < occurring + 2) return null;
  const mean = sum(metric) / runs;
  const total = sum(metric.map((value) => (value - mean) ** 2));
  if (total === 0) return null;
  const means = groupMeans(metric, groups);
  const within = sum(metric.map((value, run) => (value - means[groups.group[run]]!) ** 2));
  const share = (total - within - ((occurring - 1) * within) / (runs - occurring)) / total;
  return Math.max(0, share);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
