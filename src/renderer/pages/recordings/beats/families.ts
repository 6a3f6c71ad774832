/** The families of a review as the page lists them. Pure. */
import type { BeatShapes } from "../../../../contract/domain/beat-families.ts";
import type { Label } from "../../../../contract/domain/labels.ts";

export interface Family {
  /** Sample of its first beat, by which edits name it. */
  name: number;
  /** Samples of its beats, ascending. */
  beats: number[];
  /** Beats of each symbol, the most frequent first. */
  symbols: { symbol: string; beats: number }[];
  /** Points of each lead of the mean beat, one lead after the other; null: not computed yet. */
  mean: Float32Array | null;
}

/** Returns the families, the largest first. @param given families that reviewers gave to beats */
export function listFamilies(
  shapes: Pick<BeatShapes, "samples" | "families" | "means">,
  beats: readonly Label[],
  given: ReadonlyMap<number, number>,
): Family[] {
  const byName = new Map<number, { beats: number[]; symbols: Map<string, number> }>();
  let at = 0;
  for (const { sample, symbol } of beats) {
    while (at < shapes.samples.length && shapes.samples[at] < sample) at++;
    const name = given.get(sample) ?? (shapes.samples[at] === sample ? shapes.families[at] : undefined);
    // An added beat has a family as soon as its shape is known.
    if (name === undefined) continue;
    let family = byName.get(name);
    if (family === undefined) byName.set(name, (family = { beats: [], symbols: new Map() }));
    family.beats.push(sample);
    family.symbols.set(symbol, (family.symbols.get(symbol) ?? 0) + 1);
  }
  const means = new Map(shapes.means.map(({ family, values }) => [family, values]));
  return [...byName]
    .map(([name, { beats: members, symbols }]): Family => ({
      name,
      beats: members,
      symbols: [...symbols].map(([symbol, count]) => ({ symbol, beats: count })).sort((a, b) => b.beats - a.beats),
      mean: means.get(name) ?? null,
    }))
    .sort((a, b) => b.beats.length - a.beats.length || a.name - b.name);
}

/** Returns the beats to move where families are merged into the largest, and that family; null: fewer than two. */
export function mergeOf(families: readonly Family[]): { beats: number[]; to: number } | null {
  const [largest, ...others] = families.toSorted((a, b) => b.beats.length - a.beats.length || a.name - b.name);
  if (largest === undefined || others.length === 0) return null;
  return { beats: others.flatMap(({ beats }) => beats), to: largest.name };
}

/** Returns a mean beat as the path of an SVG, for each lead. @param range value of half the height of a lane */
export function meanPaths(
  mean: Float32Array,
  points: number,
  { width, height, range }: { width: number; height: number; range: number },
): string[] {
  const leads = mean.length / points;
  const lane = height / leads;
  return Array.from({ length: leads }, (_, lead) =>
    Array.from({ length: points }, (__, i) => {
      const x = (i * width) / (points - 1);
      const y = lane * (lead + 0.55) - (mean[lead * points + i] / range) * lane * 0.5;
      return `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    }).join(""),
  );
}

/** Families that decide the scale of all: small ones may be artefacts. */
const SCALING_FAMILIES = 8;

/** Returns the largest deviation of means from 0, so that all families are drawn at one scale. @param families the largest first */
export function meanRange(families: readonly Family[]): number {
  let range = 0;
  for (const { mean } of families.slice(0, SCALING_FAMILIES))
    for (const value of mean ?? []) range = Math.max(range, Math.abs(value));
  return range || 1;
}
