/** Shapes and texts of an explanation: shades behind a trace, the strip below it, and bars. */

import type { PreparationSettings } from "../../../../contract/domain/preparation.ts";
import { channelNames } from "../../../../contract/domain/recipe.ts";

/** Returns the names of a preparation's channels; one without a name where it has one lead. */
export function channelTitles({ recipe }: Pick<PreparationSettings, "recipe">): string[] {
  return recipe ? channelNames(recipe, ["Lead 1", "Lead 2"]) : [""];
}

/** Returns the values of one channel of samples × channels. */
export function valuesOfChannel(values: Float32Array, channel: number, channels: number): Float32Array {
  return values.filter((_, i) => i % channels === channel);
}

/** A column of a drawing. */
export interface Shade {
  x: number;
  width: number;
  /** Whether the sample speaks for the class. */
  isFor: boolean;
  /** Opacity, 0 to 1. */
  strength: number;
}

/** Weaker shades are invisible. */
const LEAST_STRENGTH = 0.02;
/** The trace stays readable over the strongest shade. */
const STRONGEST = 0.75;

const column = (i: number, count: number, width: number): Pick<Shade, "x" | "width"> => ({
  x: (width * (i - 0.5)) / Math.max(1, count - 1),
  width: width / Math.max(1, count - 1),
});

/** Returns a column for each sample with a visible contribution. @param largest contribution of the strongest shade */
export function shades(contributions: Float32Array, width: number, largest: number): Shade[] {
  return Array.from(contributions, (value, i) => ({
    ...column(i, contributions.length, width),
    isFor: value > 0,
    strength: largest > 0 ? (STRONGEST * Math.abs(value)) / largest : 0,
  })).filter(({ strength }) => strength >= LEAST_STRENGTH);
}

/** Returns a column for each visible sample of a map from 0 to 1. */
export function strip(map: Float32Array, width: number): Omit<Shade, "isFor">[] {
  return Array.from(map, (strength, i) => ({ ...column(i, map.length, width), strength })).filter(
    ({ strength }) => strength >= LEAST_STRENGTH,
  );
}

export interface Bar {
  value: number;
  isFor: boolean;
  /** Share of the longest bar. */
  strength: number;
}

export function bars(contributions: Float32Array): Bar[] {
  const largest = contributions.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Array.from(contributions, (value) => ({
    value,
    isFor: value > 0,
    strength: largest > 0 ? Math.abs(value) / largest : 0,
  }));
}

/** Returns the features with the largest contributions, the largest first. */
export function largestFeatures(
  { names, contributions }: { names: readonly string[]; contributions: Float32Array },
  count: number,
): (Bar & { name: string })[] {
  return bars(contributions)
    .map((bar, i) => ({ ...bar, name: names[i] }))
    .sort((a, b) => b.strength - a.strength)
    .slice(0, count);
}

/** Returns a number with its sign. */
export function signedText(value: number, digits = 2): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value > 0 ? "+" : "−"}${text}`;
}
