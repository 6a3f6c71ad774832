/** Colour and line of each compared run, the same in every chart of a comparison. */

/** Wong's palette (Nature Methods 8, 441, 2011), distinguishable for colour-blind readers; darkened or lightened for each theme. */
const palettes = {
  light: ["#0072b2", "#b35900", "#00795b", "#a3487a", "#2f6f9f", "#7a5c00", "#5b5fc7", "#4d4d4d"],
  dark: ["#56b4e9", "#e69f00", "#35c79a", "#e08fbf", "#8fc7ee", "#d9c84a", "#a9abff", "#c0c0c0"],
} as const;

/** Lengths of strokes and gaps, in px; empty: a solid line. */
const dashes: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [8, 3, 2, 3]];

export interface RunStyle {
  colour: string;
  dash: readonly number[];
}

/**
 * Returns the style of a run by its position. Two neighbours differ in colour and in line, so that the colour is never the only
 * difference; 32 runs have different styles.
 */
export function runStyle(index: number, dark: boolean): RunStyle {
  const palette = palettes[dark ? "dark" : "light"];
  const round = Math.floor(index / palette.length);
  return { colour: palette[index % palette.length], dash: dashes[(index + round) % dashes.length] };
}
