/** Mean beats of a run's classes and its confusions, as text. */
import type { ClassShapes, ConfusedBeat, MeanBeat } from "../../../contract/domain/class-shapes.ts";
import type { Preparation } from "../../../contract/domain/preparation.ts";
import { formatClock } from "../../../contract/text/format-clock.ts";
import { formatMetric, NO_METRIC } from "../../../contract/text/format-metric.ts";
import { counted, formatInteger } from "../../../contract/text/format-number.ts";
import { beatUnits, distanceNote } from "../../../contract/text/shape-text.ts";
import { formatTable } from "../format.ts";

/** Mean beats and confusions with the names of their classes. */
export type NamedShapes = ClassShapes & Pick<Preparation, "settings"> & { labels: readonly string[] };

export function describeShapes({ labels, settings, classes, confusions, synthetic }: NamedShapes): string {
  const units = beatUnits(settings);
  const lines = [
    `Mean beats, test set (lowest and highest value and mean SD over all leads, in ${units})`,
    formatTable(
      ["Class", "Beats>", "Lowest>", "Highest>", "Mean SD>"],
      classes.map((each, label) => [labels[label], formatInteger(each.beats), ...rangeOf(each)]),
    ),
  ];
  if (synthetic > 0) lines.push(`${counted(synthetic, "synthetic beat")} of the test set left out.`);
  if (confusions.length === 0) return [...lines, "", "No test beat was confused."].join("\n");
  return [
    ...lines,
    "",
    "Nearest confusions, most frequent first (closest beats: row in predictions.csv, recording and time)",
    formatTable(
      ["True", "Predicted", "Beats>", "Of the class>", "From true mean>", "From predicted mean>", "Closest beats"],
      confusions.map(({ truth, predicted, beats, distances, closest }) => [
        labels[truth],
        labels[predicted],
        formatInteger(beats),
        formatMetric(beats / classes[truth].beats),
        formatDistance(distances.truth),
        formatDistance(distances.predicted),
        closest.map((beat) => placeOf(beat, settings.rowSamples !== undefined)).join(", "),
      ]),
    ),
    "",
    distanceNote(units),
  ].join("\n");
}

/** Returns them as JSON: names of classes, and arrays instead of typed arrays. */
export function shapesDocument({
  labels,
  classes,
  confusions,
  settings,
  channels,
  rate,
  synthetic,
}: NamedShapes): object {
  const arrays = <Mean extends MeanBeat>({ mean, sd, ...rest }: Mean) => ({ ...rest, mean: [...mean], sd: [...sd] });
  return {
    units: beatUnits(settings),
    channels,
    rate,
    synthetic,
    classes: classes.map((each, label) => ({ label: labels[label], ...arrays(each) })),
    confusions: confusions.map((each) => ({
      ...arrays(each),
      truth: labels[each.truth],
      predicted: labels[each.predicted],
    })),
  };
}

function rangeOf({ mean, sd }: MeanBeat): string[] {
  if (mean.length === 0) return [NO_METRIC, NO_METRIC, NO_METRIC];
  const [low, high] = [mean.reduce((a, b) => Math.min(a, b)), mean.reduce((a, b) => Math.max(a, b))];
  return [low, high, sd.reduce((a, b) => a + b, 0) / sd.length].map(formatDistance);
}

function formatDistance(value: number | null): string {
  return value === null ? NO_METRIC : value.toFixed(3);
}

function placeOf({ number, record, sample, rate }: ConfusedBeat, isRow: boolean): string {
  const place = isRow ? `row ${formatInteger(sample + 1)} of ${record}` : `${record} ${formatClock(sample / rate, 3)}`;
  return `${number + 1} (${place})`;
}
