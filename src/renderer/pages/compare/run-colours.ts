/** Colour of each compared run, the same in every chart. From the ninth run on, lines are dashed. */

/** Wong's palette (Nature Methods 8, 441, 2011), distinguishable for colour-blind readers; darkened or lightened for each theme. */
const palettes = {
  light: ["#0072b2", "#b35900", "#00795b", "#a3487a", "#2f6f9f", "#7a5c00", "#5b5fc7", "#4d4d4d"],
  dark: ["#56b4e9", "#e69f00", "#35c79a", "#e08fbf", "#8fc7ee", "#d9c84a", "#a9abff", "#c0c0c0"],
} as const;

export function runColour(index: number, dark: boolean): string {
  const palette = palettes[dark ? "dark" : "light"];
  return palette[index % palette.length];
}

export function isDashed(index: number): boolean {
  return index >= palettes.light.length;
}
