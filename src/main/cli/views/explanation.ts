/** The explanation of a prediction, as text. */
import type { BeatExplanation } from "../../../contract/domain/explanations.ts";
import { formatTable } from "../format.ts";

/** Features listed at most. */
const MAX_FEATURES = 10;
/** Pieces that the beat is cut into. */
const PIECES = 12;

/** An explanation with the name of its class, and the index of the beat in the test set. */
export interface NamedExplanation extends Omit<BeatExplanation, "label"> {
  label: string;
  number: number;
}

export function describeExplanation({ label, number, logOdds, beat, features, neighbours }: NamedExplanation): string {
  const head = [
    `Why ${label}, for test beat ${number + 1}: contributions to the log odds, ln(p / (1 - p))`,
    `Log odds ${signed(logOdds.beat)}, of the mean training beat ${signed(logOdds.baseline)}`,
  ];
  const parts = [
    beat && pieces(beat),
    features && {
      title: "Feature",
      rows: [...features.contributions.keys()]
        .sort((i, j) => Math.abs(features.contributions[j]) - Math.abs(features.contributions[i]))
        .slice(0, MAX_FEATURES)
        .map((i) => [features.names[i], signed(features.contributions[i])]),
    },
    neighbours && {
      title: "Beat of the sequence",
      rows: Array.from(neighbours.contributions, (value, i) => [
        i === neighbours.before ? "this beat" : signed(i - neighbours.before, 0),
        signed(value),
      ]),
    },
  ].filter((part) => part !== null);
  return [...head, ...parts.map(({ title, rows }) => `\n${formatTable([title, "Contribution>"], rows)}`)].join("\n");
}

/** Returns an explanation as JSON: arrays instead of typed arrays. */
export function explanationDocument({ beat, features, neighbours, ...rest }: NamedExplanation): object {
  return {
    ...rest,
    beat: beat && {
      ...beat,
      values: [...beat.values],
      contributions: [...beat.contributions],
      guided: beat.guided && [...beat.guided],
    },
    features: features && { ...features, contributions: [...features.contributions] },
    neighbours: neighbours && { ...neighbours, contributions: [...neighbours.contributions] },
  };
}

/** Sums the contributions of a beat up over equal pieces of its window. */
function pieces({ contributions, channels }: NonNullable<BeatExplanation["beat"]>): {
  title: string;
  rows: string[][];
} {
  const samples = contributions.length / channels;
  const count = Math.min(PIECES, samples);
  const rows = Array.from({ length: count }, (_, piece) => {
    const [from, to] = [piece, piece + 1].map((end) => Math.round((end * samples) / count));
    const sum = contributions.subarray(from * channels, to * channels).reduce((all, value) => all + value, 0);
    return [`${from + 1} to ${to}`, signed(sum)];
  });
  return { title: "Samples of the beat", rows };
}

function signed(value: number, digits = 2): string {
  return `${value > 0 ? "+" : ""}${value.toFixed(digits)}`;
}
